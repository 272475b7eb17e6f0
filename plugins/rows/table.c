/* table.c - finds the columns of a table, gives its batches to the sink and counts its rows. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rows/cell.h"
#include "rows/number.h"
#include "rows/table-private.h"

/* How many rows rows_table_take() keeps before it gives them to the sink. */
#define FULL_BATCH 16384

/* The parameter that names each column. */
static const char *const params[COLUMNS] = {
    [COLUMN_ITEM] = "items.item",
    [COLUMN_TITLE] = "items.title",
    [COLUMN_ALT_TITLES] = "items.alt_titles",
    [COLUMN_SYNOPSIS] = "items.synopsis",
    [COLUMN_GENRES] = "items.genres",
    [COLUMN_TYPE] = "items.type",
    [COLUMN_YEAR] = "items.year",
    [COLUMN_EPISODES] = "items.episodes",
    [COLUMN_MEMBERS] = "items.members",
    [COLUMN_LINK] = "items.link",
    [COLUMN_PICTURE] = "items.picture",
    [COLUMN_USER] = "ratings.user",
    [COLUMN_RATED_ITEM] = "ratings.item",
    [COLUMN_SCORE] = "ratings.score",
    [COLUMN_FAN] = "favourites.user",
    [COLUMN_FAVOURITES] = "favourites.items",
};

/* The columns of each kind, of which the first `mandatory` must be there. */
static const struct {
	const char *group;
	enum rows_column first, end;
	int mandatory;
} kinds[] = {
    [ROWS_ITEMS] = {"items", COLUMN_ITEM, COLUMN_USER, 2},
    [ROWS_RATINGS] = {"ratings", COLUMN_USER, COLUMN_FAN, 3},
    [ROWS_FAVOURITES] = {"favourites", COLUMN_FAN, COLUMNS, 2},
    [ROWS_DETAILS] = {"items", COLUMNS, COLUMNS, 0}, /* found by rows_title_columns() */
};

/* The number of a parameter in the table of the source; -1 where it has none of that name. */
static int param_number(const struct rows_load *load, const char *name)
{
	for (int i = 0; load->params[i].name; i++) {
		if (strcmp(load->params[i].name, name) == 0)
			return i;
	}
	return -1;
}

const struct animed_value *rows_value(const struct rows_load *load, const char *name)
{
	const int i = param_number(load, name);

	return i >= 0 && load->values[i].set ? &load->values[i] : NULL;
}

const char *rows_column_name(const struct rows_table *table, enum rows_column column)
{
	const struct animed_value *value = rows_value(table->load, params[column]);

	return value ? value->string : NULL;
}

/* Read the scores of ratings.unrated. */
static int read_unrated(const struct rows_load *load, struct rows_table *table, struct animed_error *err)
{
	const struct animed_value *value = rows_value(load, "ratings.unrated");
	const size_t n = value ? value->list.n : 0;
	int of;

	table->unrated = calloc(n + 1, sizeof *table->unrated);
	if (!table->unrated)
		return animed_fail(err, "out of memory");
	for (size_t i = 0; i < n; i++) {
		const char *text = value->list.at[i];
		if (cell_to_score(text, strlen(text), &table->unrated[table->n_unrated], &of) && of == 0)
			table->n_unrated++;
		else if (!cell_is_none(text, strlen(text)))
			return animed_fail(err,
					   "ratings.unrated: \"%s\" is not a number; what stands for no score, such as "
					   "NaN, needs not be named",
					   text);
	}
	return 0;
}

struct rows_table *rows_table_new(const struct rows_load *load, enum rows_kind kind, const char *name,
				  enum rows_places places, struct animed_error *err)
{
	struct rows_table *table = calloc(1, sizeof *table);
	char encoding[32];

	if (!table || !(table->batch = batch_new()) || read_unrated(load, table, err) < 0) {
		if (!table || !table->batch)
			(void)animed_fail(err, "out of memory");
		rows_table_free(table);
		return NULL;
	}
	table->load = load;
	table->kind = kind;
	table->name = name;
	table->places = places;
	(void)snprintf(encoding, sizeof encoding, "%s.encoding", kinds[kind].group);
	table->not_utf8 = param_number(load, encoding) >= 0
			      ? "text that is not UTF-8 (if it is in cp1252 or the like, set encoding), from"
			      : "text that is not UTF-8, from";
	table->range = rows_value(load, "ratings.range");
	for (int c = 0; c < COLUMNS; c++)
		table->columns[c] = NO_COLUMN;
	return table;
}

void rows_table_free(struct rows_table *table)
{
	if (!table)
		return;
	if (table->batch)
		batch_free(table->batch);
	free(table->unrated);
	free(table);
}

/* ---- columns ---- */

int rows_find_column(const struct row *header, const char *name)
{
	for (size_t i = 0; i < header->n; i++) {
		if (strcmp(header->cells[i], name) == 0)
			return (int)i;
	}
	for (size_t i = 0; i < header->n; i++) {
		if (strcasecmp(header->cells[i], name) == 0)
			return (int)i;
	}
	return NO_COLUMN;
}

static int no_column(const struct rows_table *table, const struct row *header, enum rows_column column,
		     struct animed_error *err)
{
	char list[512] = "", name[64], what[800];
	size_t used = 0;

	for (size_t i = 0; i < header->n && used + strlen(", ") + sizeof name <= sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
					 cell_show(header->cells[i], name, sizeof name));
	(void)snprintf(what, sizeof what, "no column \"%s\"; set %s to one of: %s", rows_column_name(table, column),
		       params[column], list);
	if (table->places == ROWS_LINES)
		return rows_fail_at(table, header->place, what, err);
	return animed_fail(err, "%s: %s", table->name, what);
}

/* Say which columns are used, for a look at the data: "FILE: user = profile, score = rating; without range". */
static void say_columns(const struct rows_table *table)
{
	const struct animed_host *host = table->load->host;
	char used[512] = "", without[256] = "";
	size_t n_used = 0, n_without = 0;

	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		const char *name = rows_column_name(table, c), *key = strchr(params[c], '.') + 1;
		if (table->columns[c] != NO_COLUMN && n_used < sizeof used)
			n_used += (size_t)snprintf(used + n_used, sizeof used - n_used, "%s%s = %s", n_used ? ", " : "",
						   key, name);
		else if (table->columns[c] == NO_COLUMN && n_without < sizeof without)
			n_without += (size_t)snprintf(without + n_without, sizeof without - n_without, "%s%s",
						      n_without ? ", " : "", key);
	}
	host->log(host->ctx, ANIMED_DEBUG, "%s: %s%s%s", table->name, used, n_without ? "; without " : "", without);
}

/* Warn of a column that is not there though the configuration names it. */
static void warn_of(const struct rows_table *table, enum rows_column column)
{
	const struct rows_load *load = table->load;
	const char *def = load->params[param_number(load, params[column])].def;

	if (!def || strcmp(rows_column_name(table, column), def) != 0)
		load->host->log(load->host->ctx, ANIMED_WARN, "%s: no column \"%s\" (%s); going on without",
				table->name, rows_column_name(table, column), params[column]);
}

int rows_table_columns(struct rows_table *table, const struct row *header, struct animed_error *err)
{
	const enum rows_column first = kinds[table->kind].first;

	table->width = header->n;
	if (table->kind == ROWS_DETAILS)
		return rows_title_columns(table, header, err);
	for (enum rows_column c = first; c < kinds[table->kind].end; c++) {
		const char *name = rows_column_name(table, c);
		if (name)
			table->columns[c] = rows_find_column(header, name);
		if (!name || table->columns[c] != NO_COLUMN)
			continue;
		if ((int)c < (int)first + kinds[table->kind].mandatory)
			return no_column(table, header, c, err);
		warn_of(table, c);
	}
	say_columns(table);
	return 0;
}

/* ---- keys ---- */

size_t rows_table_wanted(const struct rows_table *table, struct rows_key keys[ROWS_MAX_WANTED])
{
	size_t n = 0;

	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		const bool list = c == COLUMN_ALT_TITLES || c == COLUMN_GENRES || c == COLUMN_FAVOURITES;
		if (rows_column_name(table, c))
			keys[n++] = (struct rows_key){rows_column_name(table, c), params[c], list};
	}
	return n;
}

int rows_table_keys(struct rows_table *table, const struct row *first, struct animed_error *err)
{
	const enum rows_column begin = kinds[table->kind].first;
	int n = 0;

	for (enum rows_column c = begin; c < kinds[table->kind].end; c++) {
		const char *name = rows_column_name(table, c);
		bool there = false;
		for (size_t i = 0; name && !there && i < first->n; i++)
			there = strcmp(first->cells[i], name) == 0;
		if (name && !there && (int)c < (int)begin + kinds[table->kind].mandatory)
			return no_column(table, first, c, err);
		if (there)
			table->columns[c] = n;
		n += name != NULL;
	}
	say_columns(table);
	n = 0;
	for (enum rows_column c = begin; c < kinds[table->kind].end; c++)
		table->columns[c] = rows_column_name(table, c) ? n++ : NO_COLUMN;
	table->width = (size_t)n;
	return 0;
}

void rows_table_unseen(const struct rows_table *table, const bool seen[ROWS_MAX_WANTED])
{
	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		if (table->columns[c] != NO_COLUMN && !seen[table->columns[c]])
			warn_of(table, c);
	}
}

/* ---- rows ---- */

bool rows_is_header(const struct rows_table *table, const struct row *row)
{
	size_t length;

	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		if (table->columns[c] != NO_COLUMN &&
		    strcasecmp(rows_cell(table, row, c, &length), rows_column_name(table, c)) != 0)
			return false;
	}
	return true;
}

void rows_table_first(struct rows_table *table, const struct row *row)
{
	table->spare = row->n == table->width + 1 && row->lengths[row->n - 1] == 0;
}

/* Whether the row has as many cells as the header.  Where it has not, no cell can be told to belong to a column. */
static bool has_width(const struct rows_table *table, const struct row *row)
{
	const size_t width = table->width + table->spare;

	return row->n == width && (!table->spare || row->lengths[width - 1] == 0);
}

static void reject_width(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	char why[BATCH_REASON];

	(void)snprintf(why, sizeof why, "%zu fields where there should be %zu, from", row->n,
		       table->width + table->spare);
	batch_reject(batch, row->place, why, row->cells[0] ? row->cells[0] : "");
}

int rows_table_add(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	batch->rows++;
	if (!has_width(table, row)) {
		reject_width(table, batch, row);
		return 0;
	}
	switch (table->kind) {
	case ROWS_ITEMS:
		return rows_add_item(table, batch, row);
	case ROWS_RATINGS:
		return rows_add_rating(table, batch, row);
	case ROWS_FAVOURITES:
		return rows_add_favourites(table, batch, row);
	case ROWS_DETAILS:
		return rows_add_titles(table, batch, row);
	}
	return 0;
}

static int give_items(const struct rows_table *table, const struct batch *b, struct animed_error *err)
{
	const struct animed_sink *sink = table->load->sink;
	const struct animed_item_batch items = {
	    .n = b->n,
	    .ids = b->ids,
	    .titles = batch_text_view(&b->titles),
	    .alt_titles = batch_text_view(&b->alt_titles),
	    .synopses = batch_text_view(&b->synopses),
	    .genres = batch_text_view(&b->genres),
	    .types = batch_text_view(&b->types),
	    .tags = batch_text_view(&b->tags),
	    .links = batch_text_view(&b->links),
	    .pictures = batch_text_view(&b->pictures),
	    .years = b->years,
	    .episodes = b->episodes,
	    .members = b->members,
	};

	return table->kind == ROWS_ITEMS ? sink->items(sink->ctx, &items, err) : sink->details(sink->ctx, &items, err);
}

static int give_ratings(const struct rows_table *table, const struct batch *b, struct animed_error *err)
{
	const struct animed_sink *sink = table->load->sink;
	const struct animed_rating_batch ratings = {b->n, batch_text_view(&b->users), b->ids, b->scores};

	return sink->ratings(sink->ctx, &ratings, err);
}

static int give_favourites(const struct rows_table *table, const struct batch *b, struct animed_error *err)
{
	const struct animed_sink *sink = table->load->sink;
	const struct animed_favourite_batch favourites = {b->n, batch_text_view(&b->users), b->ids};

	return sink->favourites(sink->ctx, &favourites, err);
}

static int give_batch(const struct rows_table *table, const struct batch *batch, struct animed_error *err)
{
	switch (table->kind) {
	case ROWS_RATINGS:
		return give_ratings(table, batch, err);
	case ROWS_FAVOURITES:
		return give_favourites(table, batch, err);
	default:
		return give_items(table, batch, err);
	}
}

int rows_table_give(struct rows_table *table, struct batch *batch, uint64_t base, struct animed_error *err)
{
	const struct animed_host *host = table->load->host;
	int status = 0;

	if (rows_count(table, batch, base, err) < 0)
		return -1;
	if (host->cancelled(host->ctx))
		return animed_fail(err, "cancelled");
	if (batch->n > 0)
		status = give_batch(table, batch, err);
	batch_clear(batch);
	return status;
}

bool rows_table_uses(const struct rows_table *table, size_t column)
{
	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		if (table->columns[c] >= 0 && (size_t)table->columns[c] == column)
			return true;
	}
	return false;
}

const char *rows_table_name(const struct rows_table *table)
{
	return table->name;
}

const char *rows_table_group(const struct rows_table *table)
{
	return kinds[table->kind].group;
}

bool rows_table_enough(const struct rows_table *table)
{
	if (table->rows + table->batch->rows < table->load->sink->limit)
		return false;
	table->load->stats->limited = true;
	return true;
}

/* Give the rows of rows_table_take() to the sink where there are many. */
static int give_many(struct rows_table *table, struct animed_error *err)
{
	return table->batch->rows < FULL_BATCH ? 0 : rows_table_give(table, table->batch, 0, err);
}

int rows_table_take(struct rows_table *table, const struct row *row, struct animed_error *err)
{
	if (rows_table_enough(table))
		return 1;
	if (rows_table_add(table, table->batch, row) < 0)
		return animed_fail(err, "%s: out of memory", table->name);
	return give_many(table, err);
}

int rows_table_details(struct rows_table *table, const struct rows_details *details, struct animed_error *err)
{
	if (rows_table_enough(table))
		return 1;
	table->batch->rows++;
	if (rows_add_details(table->batch, details) < 0)
		return animed_fail(err, "%s: out of memory", table->name);
	return give_many(table, err);
}

int rows_table_reject(struct rows_table *table, uint64_t place, const char *why, const char *what,
		      struct animed_error *err)
{
	if (rows_table_enough(table))
		return 1;
	table->batch->rows++;
	batch_reject(table->batch, place, why, what);
	return give_many(table, err);
}

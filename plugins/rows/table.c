/* table.c - finds the columns of a table, gives its batches to the sink and counts its rows. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "rows/cell.h"
#include "rows/number.h"
#include "rows/table-private.h"

/* How many rows rows_table_take() keeps before it gives them to the sink. */
#define FULL_BATCH 16384

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

const struct animed_value *rows_table_value(const struct rows_table *table, const char *name)
{
	const struct animed_value *given = rows_value(table->load, name);

	for (const struct rows_default *d = table->defaults; !given && d && d->name; d++) {
		if (strcmp(d->name, name) == 0)
			given = &d->value;
	}
	return given;
}

/* The value of a parameter in the group of the table. */
static const struct animed_value *group_value(const struct rows_table *table, const char *name)
{
	char full[32];

	(void)snprintf(full, sizeof full, "%s.%s", rows_table_group(table), name);
	return rows_table_value(table, full);
}

/* Read the scores of ratings.unrated. */
static int read_unrated(struct rows_table *table, struct animed_error *err)
{
	const struct animed_value *value = rows_table_value(table, "ratings.unrated");
	const size_t n = value ? value->list.n : 0;
	int of;

	free(table->unrated);
	table->n_unrated = 0;
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

int rows_table_defaults(struct rows_table *table, const struct rows_default *defaults, struct animed_error *err)
{
	const struct animed_value *flag;

	table->defaults = defaults;
	table->range = rows_table_value(table, "ratings.range");
	flag = rows_table_value(table, "ratings.grouped");
	table->grouped = table->kind == ROWS_RATINGS && flag && flag->boolean;
	if (read_unrated(table, err) < 0)
		return -1;
	return where_read(table->kind == ROWS_DETAILS ? NULL : group_value(table, "where"), &table->where, err);
}

static int check_alt_titles(const struct rows_load *load, struct animed_error *err)
{
	const struct animed_value *names = rows_value(load, "items.alt_titles");
	const size_t most = COLUMN_ALT_TITLES_LAST - COLUMN_ALT_TITLES + 1;

	if (!names || names->list.n <= most)
		return 0;
	return animed_fail(err, "items.alt_titles: %zu columns; up to %zu are read", names->list.n, most);
}

struct rows_table *rows_table_new(const struct rows_load *load, enum rows_kind kind, const char *name,
				  enum rows_places places, struct animed_error *err)
{
	struct rows_table *table = calloc(1, sizeof *table);
	char encoding[32];

	if (!table || !(table->batch = batch_new())) {
		free(table);
		(void)animed_fail(err, "out of memory");
		return NULL;
	}
	table->load = load;
	table->kind = kind;
	table->name = name;
	table->places = places;
	(void)snprintf(encoding, sizeof encoding, "%s.encoding", rows_table_group(table));
	const bool choice = param_number(load, encoding) >= 0;
	(void)snprintf(table->not_utf8, sizeof table->not_utf8, "text that is not UTF-8%s%s%s, from",
		       choice ? " (if it is in cp1252 or the like, set " : "", choice ? encoding : "",
		       choice ? ")" : "");
	for (int c = 0; c < COLUMNS; c++)
		table->columns[c] = NO_COLUMN;
	if (check_alt_titles(load, err) == 0 && rows_table_defaults(table, NULL, err) == 0)
		return table;
	rows_table_free(table);
	return NULL;
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

/* ---- rows ---- */

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

	(void)snprintf(why, sizeof why, "%zu field%s where there should be %zu, from", row->n, row->n == 1 ? "" : "s",
		       table->width + table->spare);
	batch_reject(batch, row->place, why, row->cells[0] ? row->cells[0] : "");
}

/* Read the id of a row "12:". */
static bool read_group(const struct row *row, int64_t *id)
{
	const size_t length = row->lengths[0];
	char text[32];

	if (length < 2 || length > sizeof text || row->cells[0][length - 1] != ':')
		return false;
	memcpy(text, row->cells[0], length - 1);
	text[length - 1] = '\0';
	return cell_to_id(text, length - 1, id);
}

/* Take a row of one cell, which names the item of those after it.  Where it does not, the item of these is not known. */
static void take_group(struct batch *batch, const struct row *row)
{
	if (!batch->has_group)
		batch->pending = batch->n;
	batch->has_group = true;
	batch->lost = !read_group(row, &batch->group);
	if (!batch->lost)
		return;
	batch->rows++;
	batch_reject(
	    batch, row->place,
	    "no line \"12:\", which names the item of the ratings after it; these are left out too:", row->cells[0]);
}

int rows_table_add(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	if (table->grouped && row->n == 1) {
		take_group(batch, row);
		return 0;
	}
	batch->rows++;
	if (batch->lost) {
		batch->dropped++;
		return 0;
	}
	if (!has_width(table, row)) {
		reject_width(table, batch, row);
		return 0;
	}
	if (table->where.n > 0 && !where_holds(&table->where, row, &batch->seen)) {
		batch->rows--;
		batch->others++;
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

/* Give the ratings that come before the first item of the batch the last item of the batch before it. */
static int end_groups(struct rows_table *table, struct batch *batch, struct animed_error *err)
{
	const size_t pending = batch->has_group ? batch->pending : batch->n;

	if (pending > 0 && !table->has_group && !table->lost)
		return animed_fail(err, "%s: ratings stand before the first line \"12:\", which names their item",
				   table->name);
	for (size_t i = 0; i < pending; i++)
		batch->ids[i] = table->group;
	if (table->lost) {
		batch_drop_ratings(batch, pending);
		batch->dropped += pending;
	}
	if (batch->has_group) {
		table->has_group = !batch->lost;
		table->lost = batch->lost;
		table->group = batch->group;
	}
	return 0;
}

int rows_table_give(struct rows_table *table, struct batch *batch, uint64_t base, struct animed_error *err)
{
	const struct animed_host *host = table->load->host;
	int status = 0;

	if ((table->grouped && end_groups(table, batch, err) < 0) || rows_count(table, batch, base, err) < 0)
		return -1;
	if (host->cancelled(host->ctx))
		return animed_fail(err, "cancelled");
	if (batch->n > 0)
		status = give_batch(table, batch, err);
	batch_clear(batch);
	return status;
}

const char *rows_table_name(const struct rows_table *table)
{
	return table->name;
}

void rows_table_say(const struct rows_table *table, const char *what, const char *text)
{
	const struct animed_host *host = table->load->host;

	host->log(host->ctx, ANIMED_INFO, "%s: %s %s", table->name, what, text);
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

/* table-columns.c - finds the columns of a table by the names that parameters give them. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "rows/cell.h"
#include "rows/table-private.h"

/* The parameter that names each column.  One that names several of them has the elements of a list in turn. */
static const char *const params[COLUMNS] = {
    [COLUMN_ITEM] = "items.item",
    [COLUMN_TITLE] = "items.title",
    [COLUMN_ALT_TITLES... COLUMN_ALT_TITLES_LAST] = "items.alt_titles",
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

const char *rows_table_group(const struct rows_table *table)
{
	return kinds[table->kind].group;
}

/* The name that the configuration, or a default, gives a column; NULL: none. */
static const char *column_name(const struct rows_table *table, enum rows_column column)
{
	const struct animed_value *value = rows_table_value(table, params[column]);

	if (!value || column < COLUMN_ALT_TITLES || column > COLUMN_ALT_TITLES_LAST)
		return value ? value->string : NULL;
	const size_t i = column - COLUMN_ALT_TITLES;
	return i < value->list.n ? value->list.at[i] : NULL;
}

/* Whether the table cannot do without the column: its names lead to an item, a user or a score. */
static bool is_mandatory(const struct rows_table *table, enum rows_column column)
{
	/* where the item comes on a line of its own there is no column of it */
	if (table->grouped && column == COLUMN_RATED_ITEM)
		return false;
	return (int)column < (int)kinds[table->kind].first + kinds[table->kind].mandatory;
}

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

/* What to say of the separator where it has found one column; "" where it is not to blame. */
static void blame_separator(const struct rows_table *table, const struct row *header, char *out, size_t size)
{
	char param[32];

	out[0] = '\0';
	if (header->n > 1 || table->places != ROWS_LINES)
		return;
	(void)snprintf(param, sizeof param, "%s.separator", rows_table_group(table));
	const struct animed_value *given = rows_table_value(table, param);
	if (given)
		(void)snprintf(out, size, " (%s is \"%s\", which the line does not have)", param,
			       strcmp(given->string, "\t") == 0 ? "tab" : given->string);
	else
		(void)snprintf(out, size,
			       " (if these are several, the separator is another one than , ; | :: and tab)");
}

/* Columns that must be there and are not. */
struct missing {
	char names[256], params[160]; /* "profile", "score"; ratings.user and ratings.score */
	size_t n;
};

static void add_missing(struct missing *missing, const char *name, const char *param)
{
	const size_t names = strlen(missing->names), keys = strlen(missing->params);
	char shown[64];

	(void)snprintf(missing->names + names, sizeof missing->names - names, "%s\"%s\"", names ? ", " : "",
		       cell_show(name, shown, sizeof shown));
	(void)snprintf(missing->params + keys, sizeof missing->params - keys, "%s%s", keys ? ", " : "", param);
	missing->n++;
}

static int no_column(const struct rows_table *table, const struct row *header, const struct missing *missing,
		     struct animed_error *err)
{
	char list[384] = "", shown[64], blame[128], what[960];
	size_t used = 0;

	for (size_t i = 0; i < header->n && used + strlen(", ") + sizeof shown <= sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
					 cell_show(header->cells[i], shown, sizeof shown));
	blame_separator(table, header, blame, sizeof blame);
	(void)snprintf(what, sizeof what, "no column %s; set %s to %s of: %s%s", missing->names, missing->params,
		       missing->n == 1 ? "one" : "some", list, blame);
	if (table->places == ROWS_LINES)
		return rows_fail_at(table, header->place, what, err);
	return animed_fail(err, "%s: %s", table->name, what);
}

static int no_where_column(const struct rows_table *table, const struct row *header, const char *name,
			   struct animed_error *err)
{
	struct missing missing = {.n = 0};
	char param[32];

	(void)snprintf(param, sizeof param, "%s.where", rows_table_group(table));
	add_missing(&missing, name, param);
	return no_column(table, header, &missing, err);
}

/* What a column is read from: the name of it, or what stands in its place; NULL: nothing. */
static const char *named_by(const struct rows_table *table, enum rows_column column)
{
	if (table->columns[column] != NO_COLUMN)
		return column_name(table, column);
	if (table->grouped && column == COLUMN_RATED_ITEM)
		return "the lines \"12:\"";
	return table->flags && column == COLUMN_GENRES ? "the columns of 0 and 1" : NULL;
}

/* Say which columns are used, for a look at the data: "FILE: user = profile, score = rating; without range". */
static void say_columns(const struct rows_table *table)
{
	const struct animed_host *host = table->load->host;
	char used[512] = "", without[256] = "";
	size_t n_used = 0, n_without = 0;

	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		const char *name = named_by(table, c), *key = strchr(params[c], '.') + 1;
		if (name && n_used < sizeof used)
			n_used += (size_t)snprintf(used + n_used, sizeof used - n_used, "%s%s = %s", n_used ? ", " : "",
						   key, name);
		else if (!name && n_without < sizeof without && (c <= COLUMN_ALT_TITLES || c > COLUMN_ALT_TITLES_LAST))
			n_without += (size_t)snprintf(without + n_without, sizeof without - n_without, "%s%s",
						      n_without ? ", " : "", key);
	}
	host->log(host->ctx, ANIMED_DEBUG, "%s: %s%s%s", table->name, used, n_without ? "; without " : "", without);
}

/* Whether the configuration itself names the column, and not as by default. */
static bool is_named(const struct rows_table *table, enum rows_column column)
{
	const struct rows_load *load = table->load;
	size_t i = 0;

	while (load->params[i].name && strcmp(load->params[i].name, params[column]) != 0)
		i++;
	return load->params[i].name && load->values[i].set &&
	       (!load->params[i].def || strcmp(column_name(table, column), load->params[i].def) != 0);
}

/* Warn of a column that is not there though the configuration names it. */
static void warn_of(const struct rows_table *table, enum rows_column column)
{
	const struct animed_host *host = table->load->host;

	if (is_named(table, column))
		host->log(host->ctx, ANIMED_WARN, "%s: no column \"%s\" (%s); going on without", table->name,
			  column_name(table, column), params[column]);
}

/* Find the columns that genres have flags in, of which the first is named. */
static void find_flags(struct rows_table *table, const struct row *header)
{
	const struct animed_value *first = rows_table_value(table, "items.first_flag");

	table->flags = NULL;
	if (table->kind != ROWS_ITEMS || !first)
		return;
	table->first_flag = rows_find_column(header, first->string);
	if (table->first_flag != NO_COLUMN)
		table->flags = &rows_table_value(table, "items.flags")->list;
}

/* Warn of a column whose name another one has as well. */
static void warn_of_double(const struct rows_table *table, const struct row *header, int at)
{
	const struct animed_host *host = table->load->host;
	char name[64];

	for (size_t i = (size_t)at + 1; i < header->n; i++) {
		if (strcmp(header->cells[i], header->cells[at]) != 0)
			continue;
		host->log(host->ctx, ANIMED_WARN, "%s: two columns \"%s\"; the first one is read", table->name,
			  cell_show(header->cells[at], name, sizeof name));
		return;
	}
}

bool rows_table_fits(const struct rows_table *table, enum rows_kind kind, const struct rows_default *defaults,
		     const struct row *header)
{
	const struct rows_table other = {.load = table->load, .kind = kind, .defaults = defaults};

	for (enum rows_column c = kinds[kind].first; c < kinds[kind].end && is_mandatory(&other, c); c++) {
		const char *name = column_name(&other, c);
		if (!name || rows_find_column(header, name) == NO_COLUMN)
			return false;
	}
	return true;
}

int rows_table_columns(struct rows_table *table, const struct row *header, struct animed_error *err)
{
	struct missing missing = {.n = 0};

	table->width = header->n;
	if (table->kind == ROWS_DETAILS)
		return rows_title_columns(table, header, err);
	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		const char *name = column_name(table, c);
		table->columns[c] = name ? rows_find_column(header, name) : NO_COLUMN;
		if (table->columns[c] != NO_COLUMN)
			warn_of_double(table, header, table->columns[c]);
		else if (name && is_mandatory(table, c))
			add_missing(&missing, name, params[c]);
	}
	if (missing.n > 0)
		return no_column(table, header, &missing, err);
	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		if (table->columns[c] == NO_COLUMN && column_name(table, c) && !is_mandatory(table, c))
			warn_of(table, c);
	}
	for (size_t w = 0; w < table->where.n; w++) {
		table->where.at[w] = rows_find_column(header, table->where.columns[w]);
		if (table->where.at[w] == NO_COLUMN)
			return no_where_column(table, header, table->where.columns[w], err);
	}
	find_flags(table, header);
	say_columns(table);
	return 0;
}

bool rows_table_uses(const struct rows_table *table, size_t column)
{
	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		if (table->columns[c] >= 0 && (size_t)table->columns[c] == column)
			return true;
	}
	for (size_t w = 0; w < table->where.n; w++) {
		if ((size_t)table->where.at[w] == column)
			return true;
	}
	return false;
}

/* Whether a cell is the name of its column.  The first one may have the mark of byte order before it, with which its file
 * began; quotes that stand after that are text for a parser. */
static bool is_name(const char *cell, size_t length, const char *name)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (strncmp(cell, mark, strlen(mark)) == 0) {
		cell += strlen(mark);
		length -= strlen(mark);
		const bool quoted = length >= 2 && cell[0] == '"' && cell[length - 1] == '"';
		cell += quoted;
		length -= quoted ? 2 : 0;
	}
	return length == strlen(name) && strncasecmp(cell, name, length) == 0;
}

bool rows_is_header(const struct rows_table *table, const struct row *row)
{
	size_t length;

	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		const char *cell = rows_cell(table, row, c, &length);
		if (table->columns[c] != NO_COLUMN && !is_name(cell, length, column_name(table, c)))
			return false;
	}
	return true;
}

/* ---- keys ---- */

size_t rows_table_wanted(const struct rows_table *table, struct rows_key keys[ROWS_MAX_WANTED])
{
	size_t n = 0;

	for (enum rows_column c = kinds[table->kind].first; c < kinds[table->kind].end; c++) {
		const bool list = (c >= COLUMN_ALT_TITLES && c <= COLUMN_ALT_TITLES_LAST) || c == COLUMN_GENRES ||
				  c == COLUMN_FAVOURITES;
		if (column_name(table, c))
			keys[n++] = (struct rows_key){column_name(table, c), params[c], list};
	}
	for (size_t w = 0; w < table->where.n; w++)
		keys[n++] = (struct rows_key){table->where.columns[w], "where", false};
	return n;
}

static bool has_key(const struct row *first, const char *name)
{
	for (size_t i = 0; i < first->n; i++) {
		if (strcmp(first->cells[i], name) == 0)
			return true;
	}
	return false;
}

int rows_table_keys(struct rows_table *table, const struct row *first, struct animed_error *err)
{
	const enum rows_column begin = kinds[table->kind].first;
	struct missing missing = {.n = 0};
	int n = 0;

	for (enum rows_column c = begin; c < kinds[table->kind].end; c++) {
		const char *name = column_name(table, c);
		const bool there = name && has_key(first, name);
		if (name && !there && is_mandatory(table, c))
			add_missing(&missing, name, params[c]);
		if (there)
			table->columns[c] = n;
		n += name != NULL;
	}
	if (missing.n > 0)
		return no_column(table, first, &missing, err);
	say_columns(table);
	n = 0;
	for (enum rows_column c = begin; c < kinds[table->kind].end; c++)
		table->columns[c] = column_name(table, c) ? n++ : NO_COLUMN;
	for (size_t w = 0; w < table->where.n; w++) {
		if (!has_key(first, table->where.columns[w]))
			return no_where_column(table, first, table->where.columns[w], err);
		table->where.at[w] = n++;
	}
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

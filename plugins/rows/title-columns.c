/* title-columns.c - reads rows that have an id and titles: several rows of one id, several columns, lists in a cell. */
#include "config.h"

#include <string.h>

#include "rows/cell.h"
#include "rows/names.h"
#include "rows/number.h"
#include "rows/table-private.h"

/* Whether the name of a column has one of the words in it, in either case. */
static bool has_word(const char *name, const char *const *words)
{
	for (; *words; words++) {
		if (strcasestr(name, *words))
			return true;
	}
	return false;
}

static bool has_titles(const char *name)
{
	static const char *const words[] = {"title",  "name",   "synonym", "english", "japanese",
					    "romaji", "native", "alias",   NULL};
	static const char *const others[] = {"lang", "type", NULL};

	return has_word(name, words) && !has_word(name, others);
}

/* The column of the ids: the one that the ids of the items are in, or one of the usual names. */
static int id_column(const struct rows_table *table, const struct row *header)
{
	const char *names[] = {NULL, "uid", "id", "mal_id", "anime_id", "anime_uid", "myanimelist_id"};
	const struct animed_value *item = rows_table_value(table, "items.item");
	int at = NO_COLUMN;

	names[0] = item ? item->string : "uid";
	for (size_t i = 0; at == NO_COLUMN && i < sizeof names / sizeof *names; i++)
		at = rows_find_column(header, names[i]);
	return at;
}

int rows_title_columns(struct rows_table *table, const struct row *header, struct animed_error *err)
{
	const unsigned long long line = header->place;
	bool any = false;

	table->columns[COLUMN_ITEM] = id_column(table, header);
	if (table->columns[COLUMN_ITEM] == NO_COLUMN)
		return animed_fail(err, "%s:%llu: no column of ids; name it as items.item says, or id", table->name,
				   line);
	for (size_t i = 0; i < header->n && i < ROWS_MAX_COLUMNS; i++) {
		table->has_titles[i] = (int)i != table->columns[COLUMN_ITEM] && has_titles(header->cells[i]);
		any = any || table->has_titles[i];
	}
	if (!any)
		return animed_fail(
		    err,
		    "%s:%llu: no column of titles; its name should have \"title\", \"name\" or \"synonym\" in "
		    "it",
		    table->name, line);
	return 0;
}

static int append_titles(struct batch *batch, int64_t id, const char *cell, size_t length)
{
	const size_t n = batch->n;

	if (batch_reserve(batch) < 0 || batch_text_add(&batch->alt_titles, n, cell, length, names_of_titles) < 0)
		return -1;
	batch->ids[n] = id;
	batch->years[n] = batch->episodes[n] = 0;
	batch->members[n] = 0;
	batch->n++;
	return 0;
}

int rows_add_titles(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	size_t length;
	int64_t id;
	const char *text = rows_cell(table, row, COLUMN_ITEM, &length);

	if (!cell_to_id(text, length, &id)) {
		batch_reject(batch, row->place, "the id is not a whole number:", text);
		return 0;
	}
	for (size_t i = 0; i < row->n && i < ROWS_MAX_COLUMNS; i++) {
		if (!table->has_titles[i] || !row->cells[i] || row->lengths[i] == 0)
			continue;
		if (!cell_is_utf8(row->cells[i], row->lengths[i])) {
			batch_reject(batch, row->place, table->not_utf8, text);
			return 0;
		}
		if (append_titles(batch, id, row->cells[i], row->lengths[i]) < 0)
			return -1;
	}
	return 0;
}

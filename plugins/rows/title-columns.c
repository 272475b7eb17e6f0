/* title-columns.c - reads rows that have an id and titles: several rows of one id, several columns, lists in a cell. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "rows/cell.h"
#include "rows/names.h"
#include "rows/number.h"
#include "rows/table-private.h"

/* Whether one of the words of a column's name is in the list.  Words are runs of letters, in either case. */
static bool has_word(const char *name, const char *const *words)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (const char *at = name; *at;) {
		const size_t n = strspn(at, letters);
		for (const char *const *word = words; n > 0 && *word; word++) {
			if (strlen(*word) == n && strncasecmp(at, *word, n) == 0)
				return true;
		}
		at += n > 0 ? n : 1;
	}
	return false;
}

static bool has_titles(const char *name)
{
	static const char *const words[] = {"title",   "titles",  "name",     "names",  "synonym", "synonyms", "alias",
					    "aliases", "english", "japanese", "romaji", "native",  NULL};
	static const char *const others[] = {"lang", "language", "type", "count", "number", "id",   "url",
					     "user", "author",   "dub",  "sub",   "file",   "date", NULL};

	return has_word(name, words) && !has_word(name, others);
}

/* The column of the ids: the one that the ids of the items are in, or one of the usual names.  Those of MyAnimeList come
 * first, since a list may have ids of its own beside them. */
static int id_column(const struct rows_table *table, const struct row *header)
{
	const char *names[] = {NULL, "mal_id", "myanimelist_id", "anime_id", "anime_uid", "uid", "id"};
	const struct animed_value *item = rows_table_value(table, "items.item");
	int at = NO_COLUMN;

	names[0] = item ? item->string : "mal_id";
	for (size_t i = 0; at == NO_COLUMN && i < sizeof names / sizeof *names; i++)
		at = rows_find_column(header, names[i]);
	return at;
}

/* Say which columns are used, for a look at the data. */
static void say_columns(const struct rows_table *table, const struct row *header)
{
	const struct animed_host *host = table->load->host;
	char id[64], name[64], titles[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < header->n && i < ROWS_MAX_COLUMNS && used < sizeof titles; i++) {
		if (table->has_titles[i])
			used += (size_t)snprintf(titles + used, sizeof titles - used, "%s%s", used ? ", " : "",
						 cell_show(header->cells[i], name, sizeof name));
	}
	host->log(host->ctx, ANIMED_DEBUG, "%s: item = %s, titles = %s", table->name,
		  cell_show(header->cells[table->columns[COLUMN_ITEM]], id, sizeof id), titles);
}

int rows_title_columns(struct rows_table *table, const struct row *header, struct animed_error *err)
{
	const unsigned long long line = header->place;
	bool any = false;

	table->columns[COLUMN_ITEM] = id_column(table, header);
	if (table->columns[COLUMN_ITEM] == NO_COLUMN)
		return animed_fail(err, "%s:%llu: no column of ids; name it mal_id, or as items.item says", table->name,
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
	say_columns(table, header);
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

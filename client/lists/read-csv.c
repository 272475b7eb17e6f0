/* read-csv.c - any CSV whose header says what the columns are, and that of Yamtrack. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "lists/csv-rows.h"
#include "lists/formats.h"
#include "lists/row.h"
#include "lists/words.h"

struct reading {
	const struct list_input *in;
	struct list *list;
	struct list_error *err;
	size_t n;                   /* columns of the header; 0: it is still to come */
	size_t places[ROW_COLUMNS]; /* where each column is; n where it is missing */
	size_t source;              /* Yamtrack: where the site of the id is, and the id itself */
	size_t id;
};

static bool has(const struct reading *reading, enum row_column column)
{
	return reading->places[column] < reading->n;
}

static int read_header(struct reading *reading, char *const *cells, size_t n)
{
	int ranks[ROW_COLUMNS] = {0};

	reading->n = reading->source = reading->id = n;
	for (size_t i = 0; i < ROW_COLUMNS; i++)
		reading->places[i] = n;
	for (size_t i = 0; i < n; i++) {
		const struct row_name name = row_name_of(cells[i]);
		char letters[16];
		list_letters(cells[i], letters, sizeof letters);
		reading->source = strcmp(letters, "source") == 0 ? i : reading->source;
		reading->id = strcmp(letters, "mediaid") == 0 ? i : reading->id;
		if (name.column == ROW_UNKNOWN || (has(reading, name.column) && ranks[name.column] <= name.rank))
			continue;
		reading->places[name.column] = i;
		ranks[name.column] = name.rank;
	}
	if (has(reading, ROW_TITLE) || has(reading, ROW_TITLE_2) || has(reading, ROW_TITLE_3))
		return 0;
	for (size_t i = ROW_MAL; i <= ROW_SIMKL; i++) {
		if (has(reading, (enum row_column)i))
			return 0;
	}
	return list_fail(reading->err,
			 "%s: the first line has to name the columns, with \"title\" or \"mal_id\" among them, and "
			 "\"score\" and \"status\" if there are any",
			 reading->in->path);
}

/* Yamtrack says of each id whose it is, and has all kinds of media; a show has a row of its own only as "anime". */
static bool take_source(const struct reading *reading, char *const *cells, const char *row[static ROW_COLUMNS])
{
	char *const source = cells[reading->source];

	if (!row[ROW_KIND] || strcmp(row[ROW_KIND], "anime") != 0) {
		reading->list->others++;
		return false;
	}
	if (strcmp(source, "mal") == 0)
		row[ROW_MAL] = cells[reading->id];
	return true;
}

static int take(void *ctx, char *const *cells, size_t n)
{
	struct reading *reading = ctx;
	const char *row[ROW_COLUMNS] = {NULL};

	if (reading->n == 0)
		return read_header(reading, cells, n);
	if (n != reading->n) {
		list_tell(reading->list, "has %zu cells where the header has %zu; left out", n, reading->n);
		return 0;
	}
	for (size_t i = 0; i < ROW_COLUMNS; i++)
		row[i] = reading->places[i] < n ? cells[reading->places[i]] : NULL;
	if (reading->source < n && reading->id < n && !take_source(reading, cells, row))
		return 0;
	return row_add(reading->list, row);
}

static int read_rows(const struct list_input *in, struct list *list, struct list_error *err)
{
	struct reading reading = {.in = in, .list = list, .err = err};

	list->guess = LIST_SCALE_ROWS;
	return csv_rows_read(in, list, take, &reading, err);
}

static int read_yamtrack(const struct list_input *in, struct list *list, struct list_error *err)
{
	struct reading reading = {.in = in, .list = list, .err = err};

	return csv_rows_read(in, list, take, &reading, err);
}

static bool has_column(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at && at < text + strcspn(text, "\n");
}

static bool is_yamtrack(const struct list_input *in)
{
	return has_column(in->text, "media_id") && has_column(in->text, "source") && has_column(in->text, "media_type");
}

static bool is_csv(const struct list_input *in)
{
	(void)in;
	return true;
}

const struct list_format format_yamtrack = {
    .name = "yamtrack",
    .what = "an export of Yamtrack",
    .syntax = LIST_CSV,
    .is = is_yamtrack,
    .read = read_yamtrack,
};

const struct list_format format_csv = {
    .name = "csv",
    .what = "a CSV file",
    .syntax = LIST_CSV,
    .is = is_csv,
    .read = read_rows,
};

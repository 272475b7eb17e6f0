/* csv-rows.c - reads CSV with libcsv. */
#include "config.h"

#include "lists/csv-rows.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"

struct reading {
	struct list *list;
	csv_rows_take take;
	void *ctx;
	char *bytes; /* the cells of the row, each with its NUL */
	size_t length, room;
	size_t *begins; /* where each cell begins in `bytes` */
	char **cells;
	size_t n, n_room;
	bool stopped;
};

/* Have room for a cell. */
static void grow(struct reading *reading, size_t length)
{
	if (reading->length + length + 1 > reading->room) {
		reading->room = 2 * (reading->length + length + 1);
		reading->bytes = realloc(reading->bytes, reading->room);
	}
	if (reading->n == reading->n_room) {
		reading->n_room = reading->n_room ? 2 * reading->n_room : 32;
		reading->begins = realloc(reading->begins, reading->n_room * sizeof *reading->begins);
		reading->cells = realloc(reading->cells, reading->n_room * sizeof *reading->cells);
	}
	if (!reading->bytes || !reading->begins || !reading->cells)
		memory_is_short();
}

static void take_cell(void *cell, size_t length, void *ctx)
{
	struct reading *reading = ctx;

	grow(reading, length);
	reading->begins[reading->n++] = reading->length;
	if (length > 0)
		memcpy(reading->bytes + reading->length, cell, length);
	reading->length += length;
	reading->bytes[reading->length++] = '\0';
}

static void take_row(int c, void *ctx)
{
	struct reading *reading = ctx;
	bool empty = true;

	(void)c;
	reading->list->at++;
	for (size_t i = 0; i < reading->n; i++) {
		reading->cells[i] = reading->bytes + reading->begins[i];
		empty = empty && !*reading->cells[i];
	}
	if (!empty && !reading->stopped)
		reading->stopped = reading->take(reading->ctx, reading->cells, reading->n) < 0;
	reading->n = reading->length = 0;
}

static char separator_of(const char *text)
{
	static const char candidates[] = ",;\t";
	size_t counts[3] = {0}, best = 0;
	bool quoted = false;

	for (; *text && (quoted || *text != '\n'); text++) {
		const char *at = strchr(candidates, *text);
		quoted = quoted != (*text == '"');
		if (at && !quoted)
			counts[at - candidates]++;
	}
	for (size_t i = 1; i < 3; i++)
		best = counts[i] > counts[best] ? i : best;
	return candidates[best];
}

int csv_rows_read(const struct list_input *in, struct list *list, csv_rows_take take, void *ctx, struct list_error *err)
{
	struct reading reading = {.list = list, .take = take, .ctx = ctx};
	struct csv_parser parser;

	const size_t bad = list_input_mend(in, list);
	if (bad > 0)
		return list_fail(err,
				 "%s:%zu: is not UTF-8; convert it, if it is Latin-1: iconv -f latin1 -t utf8 FILE",
				 in->path, bad);
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		memory_is_short();
	list->unit = "row";
	csv_set_delim(&parser, (unsigned char)separator_of(in->text));
	const bool whole = csv_parse(&parser, in->text, in->size, take_cell, take_row, &reading) == in->size &&
			   csv_fini(&parser, take_cell, take_row, &reading) == 0;
	const int why = csv_error(&parser);
	csv_free(&parser);
	free(reading.bytes);
	free(reading.begins);
	free(reading.cells);
	if (!whole && why == CSV_ENOMEM)
		memory_is_short();
	if (!whole && !reading.stopped)
		return list_fail(err, "%s: row %zu: a quote is out of place, or a quoted text does not end", in->path,
				 list->at + 1);
	return reading.stopped ? -1 : 0;
}

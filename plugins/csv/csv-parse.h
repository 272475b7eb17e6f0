/* csv-parse.h - a piece of CSV text through libcsv. */
#ifndef PLUGINS_CSV_PARSE_H
#define PLUGINS_CSV_PARSE_H

#include "csv/csv-row.h"

struct csv_parse;

/* What is wrong with a piece, if anything. */
struct csv_fault {
	const char *what; /* NULL: nothing */
	uint64_t line;    /* of the piece, from 0, on which the row begins */
};

struct csv_parse *csv_parse_new(char separator); /* NULL: out of memory */
void csv_parse_free(struct csv_parse *parse);

/* Call `row` for the rows of `text`, which begins where a row does and ends where one does; only at the end of the
 * file, *last*, the line break may be missing.  The lines that the text has go to *lines. */
struct csv_fault csv_parse_text(struct csv_parse *parse, const char *text, size_t size, bool last,
				int (*row)(void *ctx, const struct csv_row *row), void *ctx, uint64_t *lines);

#endif

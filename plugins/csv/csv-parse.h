/* csv-parse.h - parses a piece of CSV text with libcsv. */
#ifndef PLUGINS_CSV_PARSE_H
#define PLUGINS_CSV_PARSE_H

#include "csv/csv-handler.h"

struct csv_parse;

/* What is wrong with a piece. */
struct csv_fault {
	const char *what; /* NULL where nothing is wrong */
	uint64_t line;    /* the line of the piece, from 0, on which the row begins */
};

struct csv_parse *csv_parse_new(char separator); /* NULL where memory is short */
void csv_parse_free(struct csv_parse *parse);

/* Call `row` for each row of `text`, which has whole rows.  `last` tells that the file ends with it, so that the last
 * line break may be missing.  *lines receives how many lines the text has. */
struct csv_fault csv_parse_text(struct csv_parse *parse, const char *text, size_t size, bool last,
				int (*row)(void *ctx, const struct row *row), void *ctx, uint64_t *lines);

#endif

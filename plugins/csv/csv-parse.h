/* csv-parse.h - parses a piece of CSV text. */
#ifndef PLUGINS_CSV_PARSE_H
#define PLUGINS_CSV_PARSE_H

#include "csv/csv-format.h"
#include "csv/csv-taker.h"

struct csv_parse;

/* What is wrong with a piece. */
struct csv_fault {
	const char *what; /* NULL where nothing is wrong */
	uint64_t line;    /* the line of the piece, from 0, on which the row begins */
};

struct csv_parse *csv_parse_new(const struct csv_format *format); /* NULL where memory is short */
void csv_parse_free(struct csv_parse *parse);

/* Hand the rows of `text` over, which has whole rows and is written to on the way.  Rows without any cell, and blank
 * lines, are no rows.  `last` tells that the file ends with the text, so that the last line break may be missing.
 * *lines receives how many lines the text has. */
struct csv_fault csv_parse_text(struct csv_parse *parse, char *text, size_t size, bool last,
				const struct csv_taker *taker, uint64_t *lines);

#endif

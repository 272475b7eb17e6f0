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

/* A piece of text, which has whole rows. */
struct csv_piece {
	char *text;
	size_t size;
	bool last;  /* the file ends with it, so that the last line break may be missing */
	bool plain; /* nothing in it is at fault, see csv_last_row_end() */
};

/* Hand the rows of a piece over; its text is written to on the way.  Rows without any cell, and blank lines, are no
 * rows.  *lines receives how many lines the text has. */
struct csv_fault csv_parse_piece(struct csv_parse *parse, const struct csv_piece *piece, const struct csv_taker *taker,
				 uint64_t *lines);

#endif

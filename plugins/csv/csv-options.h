/* csv-options.h - how to read a file. */
#ifndef PLUGINS_CSV_OPTIONS_H
#define PLUGINS_CSV_OPTIONS_H

#include <stddef.h>

#include "csv/csv-format.h"

/* How to read; the rows do not depend on the first two. */
struct csv_options {
	unsigned threads;      /* at least 1, with the caller's; no more are started than are of use */
	size_t block;          /* bytes of a block, which a longer row makes longer */
	const char *encoding;  /* one of INPUT_ENCODINGS */
	const char *separator; /* NULL: it is found out */
	bool header;           /* a row names the columns; else the first row is one of data, like all others */
	bool quotes;           /* fields may be quoted; a separator of several characters rules it out */
	enum csv_escape escape;
	size_t fields; /* as in struct csv_format */
};

#define CSV_BLOCK ((size_t)1 << 20)

#endif

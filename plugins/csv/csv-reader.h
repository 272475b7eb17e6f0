/* csv-reader.h - reads the rows of a CSV file, plain or gzipped, with a header line, in several threads. */
#ifndef PLUGINS_CSV_READER_H
#define PLUGINS_CSV_READER_H

#include "csv/csv-handler.h"

/* How to read; the rows do not depend on it. */
struct csv_options {
	unsigned threads; /* at least 1, with the caller's; no more are started than are of use */
	size_t block;     /* bytes of a block, which a longer row makes longer */
};

#define CSV_BLOCK ((size_t)1 << 20)

/* Read the file and hand its rows to the handler.  A byte order mark and lines that begin with '#' before the header
 * are skipped; the separator is the comma, tab or semicolon that the header line has most of.  Returns 0,
 * or 1 where the handler has stopped.  On failure returns -1 and fills err. */
int csv_read(const char *path, const struct csv_handler *handler, const struct csv_options *options,
	     struct animed_error *err);

#endif

/* csv-reader.h - rows of a CSV file, plain or gzipped, with a header line; parsed by several threads. */
#ifndef PLUGINS_CSV_READER_H
#define PLUGINS_CSV_READER_H

#include "csv/csv-row.h"

/* How to read; what comes out does not depend on it. */
struct csv_options {
	unsigned threads; /* at least 1, the caller's included; more than are of use are not started */
	size_t block;     /* bytes of a block; a longer row makes it longer */
};

#define CSV_BLOCK ((size_t)1 << 20)

/* Read the file through the handler.  A byte order mark and lines that begin with '#' before the header are skipped;
 * fields are separated by the comma, tab or semicolon that the header line has most of. */
int csv_read(const char *path, const struct csv_handler *handler, const struct csv_options *options,
	     struct animed_error *err);

#endif

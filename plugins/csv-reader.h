/* csv-reader.h - rows of a CSV file, plain or gzipped, with a header line. */
#ifndef PLUGINS_CSV_READER_H
#define PLUGINS_CSV_READER_H

#include "animed-plugin.h"

/* A row: field i is NUL-terminated text.  Valid during the call that it is passed to. */
struct csv_row {
	const char *const *fields;
	const size_t *lengths;
	size_t n;
	uint64_t line; /* of the file, from 1, on which the row begins */
};

struct csv_handler {
	void *ctx;
	/* The header line.  -1 with `err` filled stops. */
	int (*header)(void *ctx, const struct csv_row *row, struct animed_error *err);
	/* Every other line that is not blank.  -1 with `err` filled stops. */
	int (*row)(void *ctx, const struct csv_row *row, struct animed_error *err);
};

/* Read the file through the handler.  A byte order mark and lines that begin with '#' before the header are skipped;
 * fields are separated by the comma, tab or semicolon that the header line has most of. */
int csv_read(const char *path, const struct csv_handler *handler, struct animed_error *err);

#endif

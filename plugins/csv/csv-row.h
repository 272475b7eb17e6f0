/* csv-row.h - a row of a CSV file, and what takes rows. */
#ifndef PLUGINS_CSV_ROW_H
#define PLUGINS_CSV_ROW_H

#include "animed-plugin.h"

/* A row: field i is NUL-terminated text.  Valid during the call that it is passed to. */
struct csv_row {
	const char *const *fields;
	const size_t *lengths;
	size_t n;
	uint64_t line; /* on which the row begins: of the file, from 1, in header(); of its block, from 0, in row() */
};

/* What takes the rows.  The file is cut into blocks of whole rows; the rows of a block go into one object of the
 * handler's, whichever thread parses it, and the objects come back in the order of the file. */
struct csv_handler {
	void *ctx;
	/* The header line.  -1 with `err` filled stops. */
	int (*header)(void *ctx, const struct csv_row *row, struct animed_error *err);
	/* A new object for the rows of a block, used again for one block after the other; NULL: out of memory. */
	void *(*open)(void *ctx);
	void (*close)(void *rows);
	/* Another line that is not blank.  Any thread.  -1: out of memory. */
	int (*row)(const void *ctx, void *rows, const struct csv_row *row);
	/* The rows of a block, of which the first began on `line` of the file; to be emptied.  Called by the thread
	 * that called csv_read(), block by block.  -1 with `err` filled stops. */
	int (*block)(void *ctx, void *rows, uint64_t line, struct animed_error *err);
};

#endif

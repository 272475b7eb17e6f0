/* csv-row.h - a row of a CSV file, and the handler that takes rows. */
#ifndef PLUGINS_CSV_ROW_H
#define PLUGINS_CSV_ROW_H

#include "animed-plugin.h"

/* A row; field i is NUL-terminated text.  It is valid during the call that it is passed to. */
struct csv_row {
	const char *const *fields;
	const size_t *lengths;
	size_t n;
	uint64_t line; /* where the row begins: in header() a line of the file, from 1; in row() of the block, from 0 */
};

/* What takes the rows.  The file is cut into blocks of whole rows.  The rows of a block go into an object of the
 * handler's, in whichever thread parses them, and the objects come back in the order of the file. */
struct csv_handler {
	void *ctx;
	/* Take the header line.  To stop, it returns -1 and fills err. */
	int (*header)(void *ctx, const struct csv_row *row, struct animed_error *err);
	/* Make an object for the rows of a block, used for one block after the other.  NULL where memory is short. */
	void *(*open)(void *ctx);
	void (*close)(void *rows);
	/* Take a further row.  Any thread.  Returns -1 where memory is short. */
	int (*row)(const void *ctx, void *rows, const struct csv_row *row);
	/* Take the rows of a block, which begins on `line` of the file, and empty the object.  Called in the thread
	 * that called csv_read(), block by block.  To stop, it returns -1 and fills err. */
	int (*block)(void *ctx, void *rows, uint64_t line, struct animed_error *err);
};

#endif

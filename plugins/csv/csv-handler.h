/* csv-handler.h - what takes the rows of a CSV file. */
#ifndef PLUGINS_CSV_HANDLER_H
#define PLUGINS_CSV_HANDLER_H

#include <stdbool.h>

#include "animed-plugin.h"
#include "rows/row.h"

/* What takes the rows.  The file is cut into blocks of whole rows.  The rows of a block go into an object of the
 * handler's, in whichever thread parses them, and the objects come back in the order of the file. */
struct csv_handler {
	void *ctx;
	/* Take the header, whose place is its line in the file, from 1; for a file without one, the first row.  To
	 * refuse it, it returns -1 and fills err; the rows after it are then tried, since it may be a title. */
	int (*header)(void *ctx, const struct row *row, struct animed_error *err);
	/* Look at the first row after the header, which row() gets as well. */
	void (*first)(void *ctx, const struct row *row);
	/* Make an object for the rows of a block, used for one block after the other.  NULL where memory is short. */
	void *(*open)(void *ctx);
	void (*close)(void *rows);
	/* Take a further row, whose place is its line in the block, from 0, or one that is at fault and begins there.
	 * Any thread.  Both return -1 where memory is short. */
	int (*row)(const void *ctx, void *rows, const struct row *row);
	int (*bad)(const void *ctx, void *rows, uint64_t line, const char *why);
	/* Take the rows of a block, which begins on `line` of the file, and empty the object.  Called in the thread
	 * that called csv_read(), block by block.  Returns 0, or 1 where no more rows are wanted.  To stop with an
	 * error, it returns -1 and fills err. */
	int (*block)(void *ctx, void *rows, uint64_t line, struct animed_error *err);
};

#endif

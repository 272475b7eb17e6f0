/* row.h - a row of cells, as every source of rows hands it over. */
#ifndef PLUGINS_ROW_H
#define PLUGINS_ROW_H

#include <stddef.h>
#include <stdint.h>

/* A row, or the names of the columns.  Cell i is text of lengths[i] bytes and a NUL after them.  NULL: the row has no
 * such cell.  The row is valid during the call that it is passed to. */
struct row {
	const char *const *cells;
	const size_t *lengths;
	size_t n;
	uint64_t place; /* the number of the line or of the row in what it is read from */
};

#endif

/* csv-taker.h - what takes the rows of a piece of text. */
#ifndef PLUGINS_CSV_TAKER_H
#define PLUGINS_CSV_TAKER_H

#include "rows/row.h"

enum { CSV_MAX_FIELDS = 256 };

/* What takes the rows.  Both return 0, or -1 where memory is short. */
struct csv_taker {
	void *ctx;
	int (*row)(void *ctx, const struct row *row);
	/* Take a row that is at fault and begins on `line` of the piece, from 0. */
	int (*bad)(void *ctx, uint64_t line, const char *why);
};

/* Pass a row on, or, where it has more than CSV_MAX_FIELDS fields, as one at fault.  A row without any cell is passed
 * over. */
static inline int csv_pass_row(const struct csv_taker *taker, const struct row *row)
{
	if (row->n > CSV_MAX_FIELDS)
		return taker->bad(taker->ctx, row->place, "more than 256 fields");
	for (size_t i = 0; i < row->n; i++) {
		if (row->lengths[i] > 0)
			return taker->row(taker->ctx, row);
	}
	return 0;
}

#endif

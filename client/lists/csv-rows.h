/* csv-rows.h - reads the rows of a CSV text. */
#ifndef CLIENT_LIST_CSV_ROWS_H
#define CLIENT_LIST_CSV_ROWS_H

#include "lists/input.h"

/* Takes a row of n cells, which are NUL-terminated and valid until it returns.  Returns 0, or -1 to stop. */
typedef int (*csv_rows_take)(void *ctx, char *const *cells, size_t n);

/* Hand over all rows that are not empty, the header first.  The separator, one of , ; and tab, is the one that the first
 * line has most of; of rows the number goes to list->at.  On failure, also that of `take`, returns -1; where the text is
 * at fault, err says why. */
int csv_rows_read(const struct list_input *in, struct list *list, csv_rows_take take, void *ctx,
		  struct list_error *err);

#endif

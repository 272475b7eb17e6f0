/* item-rows.h - the catalogue while a source delivers it: rows in any order, of which the last of an id counts, and
 * details, which are what other lists know of the same items. */
#ifndef ANIMED_ITEM_ROWS_H
#define ANIMED_ITEM_ROWS_H

#include "base/intern.h"
#include "data/dataset-private.h"

/* Rows in the order of the source. */
struct item_table {
	size_t n;
	struct text_column texts[ITEM_TEXTS];
	int32_t *years, *episodes;
	int64_t *members;
	size_t years_room, episodes_room, members_room;
};

/* An item has the number of its id, of which the 8 bytes are interned.  A zeroed struct is empty. */
struct item_rows {
	struct intern ids;
	struct item_table rows, details;
	uint32_t *row_of;  /* [numbers]: the row that counts */
	uint32_t *item_of; /* [details.n]: the number of the item that each row of details is of */
	size_t row_of_room, item_of_room;
};

/* Append row i of `batch`, which from now on is the one that counts for its id.  *repeat: its id was there before.
 * Returns 0, or -1: out of memory. */
int item_rows_add(struct item_rows *rows, const struct animed_item_batch *batch, size_t i, bool *repeat);

/* Append row i of `batch` as details of the item with its id.  *known is false, and nothing is kept, where there is no
 * such item.  Returns 0, or -1: out of memory. */
int item_rows_add_details(struct item_rows *rows, const struct animed_item_batch *batch, size_t i, bool *known);

/* Copy the rows that count into the columns of a dataset, in the order of the numbers in `order`, each completed with
 * its details: other titles and tags are added to those of the row, and what else is empty there is filled from the
 * first details that have it.  Returns 0, or -1: out of memory. */
int item_rows_place(const struct item_rows *rows, const uint32_t *order, struct dataset_memory *to);

void item_rows_free(struct item_rows *rows);

#endif

/* favourite-rows.h - the favourites while a source delivers them. */
#ifndef ANIMED_FAVOURITE_ROWS_H
#define ANIMED_FAVOURITE_ROWS_H

#include "base/intern.h"
#include "data/dataset-private.h"

/* Row r says that items[r] is a favourite of fans[r], by their numbers.  A zeroed struct is empty. */
struct favourite_rows {
	struct intern names; /* of the fans */
	size_t n;
	uint32_t *fans, *items;
	size_t fans_room, items_room;
};

/* Append a row.  Returns 0, or -1: out of memory. */
int favourite_rows_add(struct favourite_rows *rows, struct text name, uint32_t item);

/* Make the favourites of a dataset, which has its ratings, from the rows.  `users` has the names of those who rated, of
 * which number u is user user_place[u] of the dataset; item number i is item item_place[i].  Who has favourites alone
 * comes after them, by name.  A pair that has a rating is left out, and one that comes again counts once.  Returns 0, or
 * -1: out of memory. */
int favourite_rows_place(const struct favourite_rows *rows, const struct intern *users, const uint32_t *user_place,
			 const uint32_t *item_place, struct dataset *dataset);

void favourite_rows_free(struct favourite_rows *rows);

#endif

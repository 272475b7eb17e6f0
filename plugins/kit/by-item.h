/* by-item.h - the ratings of chosen items, grouped by user and by item.  Favourites are ratings here, with the top
 * score.
 *
 * A matrix over pairs of items costs memory by the square of their number and time by its cube.  Items with hardly any
 * ratings say nothing in it, so that it is made over chosen items.  Each has a position, the item with the most ratings
 * position 0, so that the cells of a row that are visited most lie side by side. */
#ifndef PLUGINS_BY_ITEM_H
#define PLUGINS_BY_ITEM_H

#include "animed-plugin.h"

#define BY_ITEM_NOT_CHOSEN UINT32_MAX

/* A rating in the list of its user. */
struct by_item_rating {
	uint32_t position; /* of the item */
	float weight;      /* at first the score; the caller may change it to what counts */
};

/* A rating in the list of its item: it is ratings[user_starts[user] + place]. */
struct by_item_rater {
	uint32_t user, place;
};

/* 16 bytes for each rating. */
struct by_item {
	uint32_t n_users, n_items, n;   /* n: how many items are chosen */
	uint32_t *user_counts;          /* [n_users] how many ratings each user has, of all items */
	uint32_t *item_counts;          /* [n_items] how many ratings each item has, chosen or not */
	uint32_t *items;                /* [n] the item at each position */
	uint32_t *positions;            /* [n_items] the position of each item, or BY_ITEM_NOT_CHOSEN */
	uint64_t *user_starts;          /* [n_users + 1] */
	struct by_item_rating *ratings; /* user after user, positions ascending */
	uint64_t *item_starts;          /* [n + 1] */
	struct by_item_rater *raters;   /* position after position, in the order in which the ratings came */
};

/* Choose the items that have at least `least` ratings in data->train and data->favourites, and of these the `most` with the most ratings (of
 * equal ones those with the smaller number), and group their ratings, which may come in any order.  Returns 0; the
 * caller frees it with by_item_free().  On failure, which is short memory, returns -1, fills err, and leaves nothing to
 * free. */
int by_item_make(struct by_item *by, const struct animed_dataset *data, uint32_t least, uint32_t most,
		 struct animed_error *err);
void by_item_free(struct by_item *by);

#endif

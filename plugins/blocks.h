/* blocks.h - ratings sorted into a grid of blocks, so that several threads can train at once and get the same bits as
 * one.
 */
#ifndef PLUGINS_BLOCKS_H
#define PLUGINS_BLOCKS_H

#include "animed-plugin.h"
#include "kernels.h"
#include "rng.h"

#define BLOCKS_MAX_GRID 64u

/* Users and items are cut into `grid` groups each, of about as many ratings; block (g, h) has the ratings of the users
 * of group g for items of group h, user after user.  12 bytes a rating. */
struct blocks {
	uint32_t grid;
	struct sgd_cell *cells; /* [n], block after block */
	size_t *starts;         /* [grid * grid + 1]: of block g * grid + h in cells */
	uint32_t *user_rank;    /* [n_users]: the random order of users inside their group */
	uint32_t *group_users;  /* [grid]: how many users a group has */
};

/* Sort `train` into blocks but for the order inside each, which blocks_order() makes.  The counts are those of each
 * user's and item's ratings.  -1: not enough memory; blocks_free() in either case. */
int blocks_make(struct blocks *blocks, const struct animed_dataset *data, const uint32_t *user_counts,
		const uint32_t *item_counts, uint32_t grid, struct rng *rng);

/* Order the ratings inside one block: user after user.  Any thread, each block once.  -1: not enough memory. */
int blocks_order(struct blocks *blocks, size_t block);

void blocks_free(struct blocks *blocks);

#endif

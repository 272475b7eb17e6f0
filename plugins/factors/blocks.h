/* blocks.h - ratings sorted into a grid of blocks, so that several threads train at once and get the same bits as
 * one. */
#ifndef PLUGINS_BLOCKS_H
#define PLUGINS_BLOCKS_H

#include "animed-plugin.h"
#include "factors/kernels.h"
#include "kit/rng.h"

#define BLOCKS_MAX_GRID   64u
#define BLOCKS_MAX_ROUNDS 8u

/* Items are cut into `grid` groups, users into rounds * grid; the groups of a side have about as many ratings each.
 * Block (g, h) has the ratings of the users of group g for items of group h, user after user.  12 bytes a rating. */
struct blocks {
	uint32_t grid, rounds;
	struct sgd_cell *cells; /* [n], block after block */
	size_t *starts;         /* [rounds * grid * grid + 1], where block g * grid + h begins in `cells` */
	uint32_t *users;        /* [n_users], all users, in random order, group after group */
	uint32_t *user_rank;    /* [n_users], the place of each user in `users` */
	uint32_t *user_starts;  /* [rounds * grid + 1], where each group begins in `users` */
};

/* Sort `train` into blocks; blocks_order() then makes the order inside each.  The counts are how many ratings each user
 * and each item has.  The caller frees it with blocks_free(), on failure too.  Returns -1 where memory is short. */
int blocks_make(struct blocks *blocks, const struct animed_dataset *data, const uint32_t *user_counts,
		const uint32_t *item_counts, uint32_t grid, uint32_t rounds, struct rng *rng);

/* Order the ratings inside one block, user after user.  Any thread, each block once.  Returns -1 where memory is
 * short. */
int blocks_order(struct blocks *blocks, size_t block);

void blocks_free(struct blocks *blocks);

#endif

/* blocks.c - sorts ratings into a grid of blocks. */
#include "config.h"

#include "blocks.h"

#include <stdlib.h>
#include <string.h>

/* Which group each row is in, and its place there. */
struct groups {
	uint8_t *group; /* [n] */
	uint32_t *rank; /* [n] */
	uint32_t sizes[BLOCKS_MAX_GRID];
};

static void groups_free(struct groups *groups)
{
	free(groups->group);
	free(groups->rank);
}

/* Cut n rows into `grid` groups of about as many ratings.  In random order, since neighbours in number, such as the
 * seasons of a show, tend to have the same raters. */
static int groups_make(struct groups *groups, const uint32_t *counts, uint32_t n, size_t total, uint32_t grid,
		       struct rng *rng)
{
	uint32_t *order = malloc((n + 1) * sizeof *order);
	size_t sum = 0;

	*groups = (struct groups){.group = malloc(n + 1), .rank = malloc((n + 1) * sizeof *groups->rank)};
	if (!order || !groups->group || !groups->rank) {
		free(order);
		return -1;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = rng_below(rng, i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t row = order[i];
		const size_t at = (sum + counts[row] / 2) * grid / total, g = at < grid ? at : grid - 1;
		groups->group[row] = (uint8_t)g;
		groups->rank[row] = groups->sizes[g]++;
		sum += counts[row];
	}
	free(order);
	return 0;
}

static void scatter(struct blocks *blocks, const struct animed_ratings *train, const uint8_t *user_group,
		    const uint8_t *item_group)
{
	const uint32_t grid = blocks->grid;
	size_t *starts = blocks->starts;

	/* count two places on, so that after the sums starts[b + 1] is where the next rating of block b goes */
	for (size_t r = 0; r < train->n; r++)
		starts[user_group[train->users[r]] * grid + item_group[train->items[r]] + 2]++;
	for (size_t b = 2; b <= (size_t)grid * grid; b++)
		starts[b] += starts[b - 1];
	for (size_t r = 0; r < train->n; r++) {
		size_t to = starts[user_group[train->users[r]] * grid + item_group[train->items[r]] + 1]++;
		blocks->cells[to] = (struct sgd_cell){train->users[r], train->items[r], train->scores[r]};
	}
}

int blocks_make(struct blocks *blocks, const struct animed_dataset *data, const uint32_t *user_counts,
		const uint32_t *item_counts, uint32_t grid, struct rng *rng)
{
	const size_t n = data->train.n;
	struct groups users = {0}, items = {0};
	int status = -1;

	*blocks = (struct blocks){
	    .grid = grid,
	    .cells = malloc(n * sizeof *blocks->cells),
	    .starts = calloc((size_t)grid * grid + 2, sizeof *blocks->starts),
	    .group_users = malloc(grid * sizeof *blocks->group_users),
	};
	if (blocks->cells && blocks->starts && blocks->group_users &&
	    groups_make(&users, user_counts, data->n_users, n, grid, rng) == 0 &&
	    groups_make(&items, item_counts, data->n_items, n, grid, rng) == 0) {
		scatter(blocks, &data->train, users.group, items.group);
		memcpy(blocks->group_users, users.sizes, grid * sizeof *blocks->group_users);
		blocks->user_rank = users.rank;
		users.rank = NULL;
		status = 0;
	}
	groups_free(&users);
	groups_free(&items);
	return status;
}

/* Where each user's ratings start in a block, given at[u] = how many there are: the users with the most first, so that
 * runs of the same length follow each other and their branches are foreseen.  `tally` has n + 1 zeros. */
static void place_users(uint32_t *at, uint32_t users, uint32_t *tally, uint32_t n)
{
	uint32_t sum = 0;

	for (uint32_t u = 0; u < users; u++)
		tally[at[u]] += at[u];
	for (uint32_t c = n + 1; c-- > 0;) {
		const uint32_t ratings = tally[c];
		tally[c] = sum;
		sum += ratings;
	}
	for (uint32_t u = 0; u < users; u++) {
		const uint32_t count = at[u];
		at[u] = tally[count];
		tally[count] += count;
	}
}

int blocks_order(struct blocks *blocks, size_t block)
{
	const uint32_t users = blocks->group_users[block / blocks->grid];
	struct sgd_cell *cells = blocks->cells + blocks->starts[block];
	const size_t n = blocks->starts[block + 1] - blocks->starts[block];
	struct sgd_cell *copy = malloc((n + 1) * sizeof *copy);
	uint32_t *at = calloc((size_t)users + 1, sizeof *at), *tally = calloc(n + 1, sizeof *tally);

	if (copy && at && tally) {
		memcpy(copy, cells, n * sizeof *copy);
		for (size_t r = 0; r < n; r++)
			at[blocks->user_rank[copy[r].user]]++;
		place_users(at, users, tally, (uint32_t)n);
		for (size_t r = 0; r < n; r++)
			cells[at[blocks->user_rank[copy[r].user]]++] = copy[r];
	}
	const int status = copy && at && tally ? 0 : -1;
	free(copy);
	free(at);
	free(tally);
	return status;
}

void blocks_free(struct blocks *blocks)
{
	free(blocks->cells);
	free(blocks->starts);
	free(blocks->user_rank);
	free(blocks->group_users);
	memset(blocks, 0, sizeof *blocks);
}

/* blocks.c - sorts ratings into a grid of blocks. */
#include "config.h"

#include "factors/blocks.h"

#include <stdlib.h>
#include <string.h>

/* The rows of one side, cut into groups. */
struct groups {
	uint16_t *group;  /* [n] */
	uint32_t *order;  /* [n], the rows, group after group */
	uint32_t *rank;   /* [n], the place of each row in `order` */
	uint32_t *starts; /* [groups + 1] */
};

static void groups_free(struct groups *groups)
{
	free(groups->group);
	free(groups->order);
	free(groups->rank);
	free(groups->starts);
}

/* Cut n rows into `cuts` groups of about as many ratings each.  The rows are taken in random order, since neighbours in
 * number, such as the seasons of a show, tend to have the same raters.  Returns -1 where memory is short. */
static int groups_make(struct groups *groups, const uint32_t *counts, uint32_t n, size_t total, uint32_t cuts,
		       struct rng *rng)
{
	uint32_t *order = malloc((n + 1) * sizeof *order);
	size_t sum = 0;

	*groups = (struct groups){
	    .group = malloc((n + 1) * sizeof *groups->group),
	    .order = order,
	    .rank = malloc((n + 1) * sizeof *groups->rank),
	    .starts = calloc(cuts + 1, sizeof *groups->starts),
	};
	if (!order || !groups->group || !groups->rank || !groups->starts)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = rng_below(rng, i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t row = order[i];
		const size_t at = (sum + counts[row] / 2) * cuts / total, g = at < cuts ? at : cuts - 1;
		groups->group[row] = (uint16_t)g;
		groups->rank[row] = i;
		groups->starts[g + 1] = i + 1;
		sum += counts[row];
	}
	for (uint32_t g = 0; g < cuts; g++) { /* some groups may have no rows */
		if (groups->starts[g + 1] < groups->starts[g])
			groups->starts[g + 1] = groups->starts[g];
	}
	return 0;
}

static void scatter(struct blocks *blocks, const struct animed_ratings *train, const uint16_t *user_group,
		    const uint16_t *item_group)
{
	const uint32_t grid = blocks->grid;
	size_t *starts = blocks->starts;

	/* counted two places further on: after summing up, the next rating of block b goes to starts[b + 1] */
	for (size_t r = 0; r < train->n; r++)
		starts[user_group[train->users[r]] * grid + item_group[train->items[r]] + 2]++;
	for (size_t b = 2; b <= (size_t)blocks->rounds * grid * grid; b++)
		starts[b] += starts[b - 1];
	for (size_t r = 0; r < train->n; r++) {
		size_t to = starts[user_group[train->users[r]] * grid + item_group[train->items[r]] + 1]++;
		blocks->cells[to] = (struct sgd_cell){train->users[r], train->items[r], train->scores[r]};
	}
}

int blocks_make(struct blocks *blocks, const struct animed_dataset *data, const uint32_t *user_counts,
		const uint32_t *item_counts, uint32_t grid, uint32_t rounds, struct rng *rng)
{
	const size_t n = data->train.n;
	struct groups users = {0}, items = {0};
	int status = -1;

	*blocks = (struct blocks){
	    .grid = grid,
	    .rounds = rounds,
	    .cells = malloc(n * sizeof *blocks->cells),
	    .starts = calloc((size_t)rounds * grid * grid + 2, sizeof *blocks->starts),
	};
	if (blocks->cells && blocks->starts &&
	    groups_make(&users, user_counts, data->n_users, n, rounds * grid, rng) == 0 &&
	    groups_make(&items, item_counts, data->n_items, n, grid, rng) == 0) {
		scatter(blocks, &data->train, users.group, items.group);
		blocks->users = users.order;
		blocks->user_rank = users.rank;
		blocks->user_starts = users.starts;
		users.order = users.rank = users.starts = NULL;
		status = 0;
	}
	groups_free(&users);
	groups_free(&items);
	return status;
}

/* Turn at[u], how many ratings a user has in a block, into where they start.  The users with the most come first, so
 * that runs of the same length follow each other and the processor foresees their branches.  `tally` has n + 1
 * zeros. */
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
	const uint32_t *bounds = blocks->user_starts + block / blocks->grid, first = bounds[0];
	const uint32_t users = bounds[1] - first;
	struct sgd_cell *cells = blocks->cells + blocks->starts[block];
	const size_t n = blocks->starts[block + 1] - blocks->starts[block];
	struct sgd_cell *copy = malloc((n + 1) * sizeof *copy);
	uint32_t *at = calloc((size_t)users + 1, sizeof *at), *tally = calloc(n + 1, sizeof *tally);

	if (copy && at && tally) {
		memcpy(copy, cells, n * sizeof *copy);
		for (size_t r = 0; r < n; r++)
			at[blocks->user_rank[copy[r].user] - first]++;
		place_users(at, users, tally, (uint32_t)n);
		for (size_t r = 0; r < n; r++)
			cells[at[blocks->user_rank[copy[r].user] - first]++] = copy[r];
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
	free(blocks->users);
	free(blocks->user_rank);
	free(blocks->user_starts);
	memset(blocks, 0, sizeof *blocks);
}

/* power_law_set.c - makes ratings like those of tests/bench/power_law.c, but simpler and in memory, since reading 50
 * million of them would take longer than training on them. */
#include "config.h"

#include "power_law_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kit/rng.h"

enum { RANK = 4 };

struct power_law_set {
	uint32_t *users, *items;
	float *scores;
	size_t train, valid; /* [0, train) trains, [valid, n) is held out */
};

/* Hidden trait j of the user or item i.  It is computed from the arguments alone, so that it need not be stored. */
static float trait(uint64_t seed, uint32_t i, uint32_t j)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15u + (uint64_t)i * RANK + j;

	return (float)((double)(rng_splitmix(&state) >> 11) * 0x1p-53 - 0.5);
}

static float score(uint32_t user, uint32_t item, struct rng *rng)
{
	float z = 7.5f + 2 * trait(3, user, 0) + 2 * trait(4, item, 0);

	for (uint32_t j = 0; j < RANK; j++)
		z += 4 * trait(1, user, j) * trait(2, item, j);
	z = roundf(z + (float)rng_normal(rng));
	return fminf(fmaxf(z, 1), 10);
}

/* Draw a rank r in [0, n) with a probability proportional to (r + 10)^-0.7, by inverting the integral. */
static uint32_t draw(struct rng *rng, uint32_t n)
{
	const double low = pow(10, 0.3), high = pow(10.0 + n, 0.3);
	const double rank = pow(low + rng_unit(rng) * (high - low), 1 / 0.3) - 10;

	return rank < 0 ? 0 : rank >= n ? n - 1 : (uint32_t)rank;
}

/* How many ratings each user gets, at most half of the items. */
static uint32_t *quotas(size_t ratings, uint32_t users, uint32_t items, struct rng *rng)
{
	uint32_t *quota = calloc(users, sizeof *quota);
	size_t left = ratings;

	while (quota && left > 0) {
		uint32_t u = draw(rng, users);
		u = (uint32_t)(((uint64_t)u * 2654435761u) %
			       users); /* the number of a user tells nothing of the activity */
		if (quota[u] < items / 2) {
			quota[u]++;
			left--;
		}
	}
	return quota;
}

/* Training ratings are added at the front of the arrays, held-out ones at the back. */
static void add_rating(struct power_law_set *set, uint32_t user, uint32_t item, bool valid, struct rng *rng)
{
	const size_t to = valid ? --set->valid : set->train++;

	set->users[to] = user;
	set->items[to] = item;
	set->scores[to] = score(user, item, rng);
}

static void fill_user(struct power_law_set *set, uint32_t user, uint32_t quota, uint32_t items, double valid_pct,
		      uint64_t *taken, struct rng *rng)
{
	memset(taken, 0, (items / 64 + 1) * sizeof *taken);
	while (quota > 0) {
		const uint32_t i = rng_below(rng, 4) ? draw(rng, items) : rng_below(rng, items);
		if (taken[i / 64] >> (i % 64) & 1)
			continue;
		taken[i / 64] |= (uint64_t)1 << (i % 64);
		add_rating(set, user, i, rng_unit(rng) <= valid_pct, rng);
		quota--;
	}
}

struct power_law_set *power_law_make(size_t ratings, uint32_t users, uint32_t items, double valid_pct, uint64_t seed,
				     struct animed_dataset *data)
{
	struct power_law_set *set = calloc(1, sizeof *set);
	uint64_t *taken = calloc(items / 64 + 1, sizeof *taken);
	struct rng rng;

	rng_seed(&rng, seed);
	uint32_t *quota = ratings <= (size_t)users * (items / 2) ? quotas(ratings, users, items, &rng) : NULL;
	if (set) {
		set->users = malloc(ratings * sizeof *set->users);
		set->items = malloc(ratings * sizeof *set->items);
		set->scores = malloc(ratings * sizeof *set->scores);
	}
	if (!set || !taken || !quota || !set->users || !set->items || !set->scores) {
		free(taken);
		free(quota);
		power_law_free(set);
		return NULL;
	}
	set->valid = ratings;
	for (uint32_t u = 0; u < users; u++)
		fill_user(set, u, quota[u], items, valid_pct, taken, &rng);
	free(taken);
	free(quota);
	const size_t v = set->valid;
	*data = (struct animed_dataset){
	    .n_users = users,
	    .n_items = items,
	    .train = {set->train, set->users, set->items, set->scores},
	    .valid = {ratings - v, set->users + v, set->items + v, set->scores + v},
	    .score_min = 1,
	    .score_max = 10,
	};
	return set;
}

void power_law_free(struct power_law_set *set)
{
	if (!set)
		return;
	free(set->users);
	free(set->items);
	free(set->scores);
	free(set);
}

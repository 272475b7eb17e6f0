/* holdout-users.c - leaves whole users out of training and shows a part of their ratings, to fold the users in from. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate/holdout.h"
#include "kit/rng.h"

static size_t hidden_of(size_t n, double share)
{
	return (size_t)floor(share * (double)n);
}

static bool qualifies(size_t n, size_t least, double share)
{
	return n >= least && hidden_of(n, share) >= 1 && hidden_of(n, share) < n;
}

static uint32_t count_qualified(const struct animed_ratings *all, size_t least, double share, uint32_t *raters)
{
	uint32_t qualified = 0;

	*raters = 0;
	for (size_t r = 0, end; r < all->n; r = end) {
		end = holdout_user_end(all, r);
		qualified += qualifies(end - r, least, share);
		++*raters;
	}
	return qualified;
}

/* Choose `wanted` of the qualified users, and hide a part of the ratings of each. */
static void select_users(uint8_t *sides, const struct animed_ratings *all, size_t qualified, size_t wanted,
			 size_t least, double share, struct rng *rng)
{
	for (size_t r = 0, end; r < all->n; r = end) {
		end = holdout_user_end(all, r);
		if (!qualifies(end - r, least, share))
			continue;
		if (!rng_select(1 - rng_unit(rng), qualified--, &wanted))
			continue;
		memset(sides + r, SIDE_SHOWN, end - r);
		holdout_select(sides + r, end - r, hidden_of(end - r, share), SIDE_HIDDEN, rng);
	}
}

int holdout_users(const struct dataset *dataset, uint32_t n_users, size_t least, double share, uint64_t seed,
		  struct holdout *out, struct animed_error *err)
{
	const struct animed_ratings all = dataset_ratings(dataset);
	uint32_t raters, qualified = count_qualified(&all, least, share, &raters);
	const uint32_t wanted = n_users ? n_users : qualified / 10 ? qualified / 10 : 1;
	struct rng rng;

	*out = (struct holdout){.n_users = 0};
	if (wanted > qualified)
		return animed_fail(err,
				   "%" PRIu32 " users cannot be held out: %" PRIu32 " of %" PRIu32
				   " have at least %zu ratings, enough to hide a share of %g and show the rest; "
				   "hold out fewer (--users), take users with fewer ratings (--at-least), or hide "
				   "another share (--valid-pct)",
				   wanted, qualified, raters, least, share);
	if (wanted == raters)
		return animed_fail(err,
				   "holding out all %" PRIu32 " users leaves nobody to train on; "
				   "hold out fewer (--users)",
				   raters);
	uint8_t *sides = calloc(all.n + 1, sizeof *sides);
	if (!sides)
		return animed_fail(err, "not enough memory to split %zu ratings", all.n);
	rng_seed(&rng, seed);
	select_users(sides, &all, qualified, wanted, least, share, &rng);
	int status = holdout_build(dataset, sides, true, out, err);
	free(sides);
	return status;
}

/* holdout-leave-out.c - hides k ratings of each user who has enough. */
#include "config.h"

#include <stdlib.h>

#include "evaluate/holdout.h"
#include "kit/rng.h"

int holdout_leave_out(const struct dataset *dataset, size_t k, uint64_t seed, struct holdout *out,
		      struct animed_error *err)
{
	const struct animed_ratings all = dataset_ratings(dataset);
	uint8_t *sides = calloc(all.n + 1, sizeof *sides);
	bool any = false;
	struct rng rng;
	int status;

	*out = (struct holdout){.n_users = 0};
	if (!sides)
		return animed_fail(err, "not enough memory to split %zu ratings", all.n);
	rng_seed(&rng, seed);
	for (size_t r = 0, end; r < all.n; r = end) {
		end = holdout_user_end(&all, r);
		if ((end - r) / 2 < k)
			continue;
		holdout_select(sides + r, end - r, k, SIDE_HIDDEN, &rng);
		any = true;
	}
	if (any)
		status = holdout_build(dataset, sides, false, out, err);
	else
		status = animed_fail(
		    err, "no user has the %zu ratings of which %zu could be left out; leave fewer out (-k)", 2 * k, k);
	free(sides);
	return status;
}

/* holdout.h - a dataset cut for evaluation: the ratings that a model is trained on, and the users on whom it is
 * measured, with what is shown of them and what is hidden. */
#ifndef ANIMED_HOLDOUT_H
#define ANIMED_HOLDOUT_H

#include "data/dataset.h"

/* A user on whom contenders are measured.  Shown and hidden ratings are each in the order of items; at least one is
 * hidden. */
struct test_user {
	uint32_t user;           /* the number in the dataset */
	size_t shown, n_shown;   /* the rows of holdout.shown that are this user's */
	size_t hidden, n_hidden; /* the rows of holdout.hidden */
};

struct holdout {
	struct animed_dataset data;   /* to train on; `valid` is empty, since training may look at it */
	struct animed_ratings shown;  /* what contenders may know of the test users; may have others too */
	struct animed_ratings hidden; /* what they have to predict */
	struct test_user *users;      /* [n_users], ascending */
	uint32_t n_users;
	/* True: test users are not in `data`, whose users are numbered anew, and have to be folded in.  False: they are
	 * in it, under the numbers of the dataset, and `shown` is data.train. */
	bool fold_in;
	/* owned; the above points into it */
	struct split *split;
	uint32_t *rating_users, *rating_items;
	float *scores;
};

/* The makers below return 0.  On failure they return -1 and fill err, and *out is zeroed.  The caller frees *out with
 * holdout_free(). */

/* Hide floor(share * n) of all n ratings at random, the split of `animed train`.  0 < share < 1. */
int holdout_random(const struct dataset *dataset, double share, uint64_t seed, struct holdout *out,
		   struct animed_error *err);

/* Hide `k` ratings of each user who has at least 2 k, so that nobody loses more than half. */
int holdout_leave_out(const struct dataset *dataset, size_t k, uint64_t seed, struct holdout *out,
		      struct animed_error *err);

/* Leave `n_users` whole users out (0: a tenth of those who qualify, at least one), and hide floor(share * n) of the n
 * ratings of each.  To qualify, a user needs `least` ratings, of which one can be hidden and one shown. */
int holdout_users(const struct dataset *dataset, uint32_t n_users, size_t least, double share, uint64_t seed,
		  struct holdout *out, struct animed_error *err);

/* Free what it owns and zero it.  A zeroed one may be freed. */
void holdout_free(struct holdout *holdout);

/* ---- for the splits ---- */

/* On which side of the cut a rating lies. */
enum side { SIDE_TRAIN, SIDE_SHOWN, SIDE_HIDDEN };

/* Make the holdout in which rating r lies on the side sides[r].  With `fold_in` all ratings of a user are TRAIN, or
 * none is; without it nothing is SHOWN. */
int holdout_build(const struct dataset *dataset, const uint8_t *sides, bool fold_in, struct holdout *out,
		  struct animed_error *err);

struct rng;

/* Put `wanted` of the `n` entries of `sides` on this side, each set of them as likely as another. */
void holdout_select(uint8_t *sides, size_t n, size_t wanted, enum side side, struct rng *rng);

/* Where the ratings of the user of rating `begin` end. */
size_t holdout_user_end(const struct animed_ratings *ratings, size_t begin);

#endif

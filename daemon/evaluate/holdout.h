/* holdout.h - a dataset cut for evaluation: what a model is trained on, the users on whom it is measured, what is known
 * of each of them and what is hidden. */
#ifndef ANIMED_HOLDOUT_H
#define ANIMED_HOLDOUT_H

#include "data/dataset.h"

/* A user on whom is measured; both parts are in the order of items, `hidden` has at least one. */
struct test_user {
	uint32_t user;           /* the number in the dataset */
	size_t shown, n_shown;   /* the rows of holdout.shown that are this user's */
	size_t hidden, n_hidden; /* the rows of holdout.hidden */
};

struct holdout {
	struct animed_dataset data;          /* to train on; nothing in `valid`: what is hidden is not for training */
	struct animed_ratings shown, hidden; /* what is known of the test users (and maybe others), and what is not */
	struct test_user *users;             /* [n_users], ascending */
	uint32_t n_users;
	/* Test users are not in `data`, whose users are numbered anew, and have to be folded in; else they are, under
	 * the dataset's numbers, and `shown` is data.train. */
	bool fold_in;
	/* what the above points to */
	struct split *split;
	uint32_t *rating_users, *rating_items;
	float *scores;
};

/* The split of `animed train`: floor(share * n) of all ratings, at random.  0 < share < 1. */
int holdout_random(const struct dataset *dataset, double share, uint64_t seed, struct holdout *out,
		   struct animed_error *err);

/* `k` ratings of every user who has at least 2 k, so that nobody loses more than half. */
int holdout_leave_out(const struct dataset *dataset, size_t k, uint64_t seed, struct holdout *out,
		      struct animed_error *err);

/* `n_users` whole users (0: a tenth of those who qualify, at least one), floor(share * n) of each one's n ratings
 * hidden.  To qualify, a user needs a rating to hide and one to show. */
int holdout_users(const struct dataset *dataset, uint32_t n_users, double share, uint64_t seed, struct holdout *out,
		  struct animed_error *err);

/* Everything, and *holdout zeroed; a zeroed one may be freed. */
void holdout_free(struct holdout *holdout);

/* ---- for the splits ---- */

/* On which side of the cut a rating lies. */
enum side { SIDE_TRAIN, SIDE_SHOWN, SIDE_HIDDEN };

/* Make the holdout in which rating r lies on the side sides[r].  With `fold_in` all ratings of a user are TRAIN, or none
 * is; without it nothing is SHOWN. */
int holdout_build(const struct dataset *dataset, const uint8_t *sides, bool fold_in, struct holdout *out,
		  struct animed_error *err);

struct rng;

/* Put `wanted` of the `n` entries of `sides` on this side, each set of them as likely as another. */
void holdout_select(uint8_t *sides, size_t n, size_t wanted, enum side side, struct rng *rng);

/* The end of the ratings of the user of rating `begin`. */
size_t holdout_user_end(const struct animed_ratings *ratings, size_t begin);

#endif

/* implicit.h - the implicit term, what the choice of items says about a user whatever the scores: the second term of
 * SVD++ (Koren, "Factorization Meets the Neighborhood", 2008, equation 15).
 *
 * A user's row in fit->P is p + s with s = n^-1/2 sum of y_j over the n items j that the user rated.  Training goes in
 * rounds, each with some of the users.  Before a round their s is gathered from Y; during it the kernels train p + s as
 * if it were p alone; after it the gradients that the users collected are handed on to Y, and the decay of s is taken
 * back.  With 8 rounds an epoch this was measured to be as good as handing gradients on after every user. */
#ifndef PLUGINS_IMPLICIT_H
#define PLUGINS_IMPLICIT_H

#include "factors/blocks.h"
#include "factors/optim.h"

struct implicit {
	float *Y; /* [n_items, width] */
	float *S; /* [n_users, width], the s in the row of each user */
	float
	    *passing; /* [n_users, width], a user's row before the round, then what goes to the Y of the user's items */
};

/* The caller frees it with implicit_free(), on failure too.  Returns -1 where memory is short. */
int implicit_make(struct implicit *implicit, const struct fit *fit);
void implicit_free(struct implicit *implicit);

/* To be called before and after a round, for the users of one group.  `rate` is the step in the middle of the round. */
void implicit_gather(struct implicit *implicit, struct fit *fit, const struct blocks *blocks,
		     const uint32_t *user_counts, uint32_t group);
void implicit_settle(struct implicit *implicit, struct fit *fit, const struct blocks *blocks,
		     const struct sgd_row *users, const uint32_t *user_counts, float rate, uint32_t group);

/* To be called once all users of a round have settled, for the items of one group. */
void implicit_learn(struct implicit *implicit, const struct fit *fit, const struct blocks *blocks, float rate,
		    uint32_t round, uint32_t group);

#endif

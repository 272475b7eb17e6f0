/* heldout.h - how well the ranking of a pipeline finds what was held out from a training. */
#ifndef ANIMED_HELDOUT_H
#define ANIMED_HELDOUT_H

#include "data/dataset.h"

/* The length of the lists, and the bounds of what is measured on: so many users to make lists for, so many of the
 * most-rated items, and about so many ratings to learn from.  They bound the time of a measurement, which learns the
 * ranking once more, whatever the size of the data: a matrix over HELDOUT_ITEMS takes a tenth of a second to invert.
 * The standard error of a mean over HELDOUT_USERS is about .01. */
enum { HELDOUT_TOP = 10, HELDOUT_USERS = 1000, HELDOUT_ITEMS = 2000, HELDOUT_RATINGS = 2000000 };

struct heldout {
	uint32_t users;    /* on whom it was measured; 0: nobody has a relevant rating that was held out */
	uint32_t items;    /* that lists were made of */
	double ndcg;       /* NDCG@10 of the ranking, the mean over the users; NaN where there are none */
	double error;      /* standard error of this mean: the sample deviation of the users' / sqrt(users) */
	double popularity; /* the same of a list of the items with the most relevant ratings */
};

/* Let the ranking of `conf` learn from the ratings that `view` trains on, and measure it on those that `view` holds out,
 * with the model trained on the same part.  A held-out rating is relevant by relevant_from() of ndcg.h.  Lists are made
 * for users with such a rating and one that was trained on.  A list has the best items without those that the user is
 * known to have rated.
 *
 * The ranking is measured alone: the similarity, which helps it with users of few ratings, would have to learn once more,
 * too, and scores nothing here.  evaluate.h measures both together, on everything.
 *
 * `conf` has the seed that chooses users; the figures do not depend on host->threads.  Returns 0.  On failure returns -1
 * and fills err. */
int heldout_measure(const struct conf *conf, const struct dataset *dataset, const struct animed_dataset *view,
		    const struct animed_factors *factors, const struct animed_host *host, struct heldout *out,
		    struct animed_error *err);

#endif

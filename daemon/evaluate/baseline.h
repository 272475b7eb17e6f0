/* baseline.h - what a model has to beat. */
#ifndef ANIMED_BASELINE_H
#define ANIMED_BASELINE_H

#include "evaluate/contender.h"

/* Predicts the mean of all training ratings for everything; ranks nothing. */
extern const struct contender baseline_mean;

/* Predicts mean + item bias + user bias (see struct biases); ranks by item bias. */
extern const struct contender baseline_bias;

/* Ranks for everybody by the number of training ratings from the threshold up; predicts nothing. */
extern const struct contender baseline_popularity;

/* Item-based neighbours; see baseline-knn.c. */
extern const struct contender baseline_knn;

/* How many ratings of an item, or of a user, weigh as much as the mean that their bias is pulled towards.  The formula
 * is from Koren, "Factor in the Neighbors", 2010, section 2.1, which has 25 and 10 for Netflix; on MyAnimeList ratings
 * these are better (held-out RMSE 1.238, not 1.246). */
#define BIAS_ITEM_SHRINK 10.0
#define BIAS_USER_SHRINK 8.0

/* Shrunk means of what the mean leaves over, of items first, then of users:
 *   item[i] = sum over training ratings of i of (score - mean) / (their number + BIAS_ITEM_SHRINK),
 *   user[t] = sum over shown ratings of t of (score - mean - item[i]) / (their number + BIAS_USER_SHRINK). */
struct biases {
	float mean;
	float *item; /* [n_items] */
	float *user; /* [test users] */
};

/* Learn the biases.  The caller frees them with biases_free().  On failure returns -1 and fills err. */
int biases_fit(const struct holdout *holdout, struct biases *out, struct animed_error *err);
void biases_free(struct biases *biases);

/* The score, moved into the range of the ratings. */
float biases_clamp(const struct holdout *holdout, float score);

#endif

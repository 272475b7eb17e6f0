/* baseline.h - what a model has to beat. */
#ifndef ANIMED_BASELINE_H
#define ANIMED_BASELINE_H

#include "evaluate/contender.h"

/* The mean of all training ratings for everything; it ranks nothing. */
extern const struct contender baseline_mean;

/* mean + item bias + user bias, see struct biases; the ranking is that of the item biases. */
extern const struct contender baseline_bias;

/* Everybody is told the items with the most training ratings from the threshold up; it predicts nothing. */
extern const struct contender baseline_popularity;

/* Item-based neighbours, see baseline-knn.c. */
extern const struct contender baseline_knn;

/* Ratings that a mean is worth before an item's, or a user's, own ones outweigh it.  Koren, "Factor in the Neighbors",
 * 2010, section 2.1, has the formula, and 25 and 10 for Netflix; on MyAnimeList ratings these are better (held-out RMSE
 * 1.238, not 1.246). */
#define BIAS_ITEM_SHRINK 10.0
#define BIAS_USER_SHRINK 8.0

/* Shrunk means of what is left over, items first:
 *   item[i] = sum over training ratings of i of (score - mean) / (their number + BIAS_ITEM_SHRINK),
 *   user[t] = sum over shown ratings of t of (score - mean - item[i]) / (their number + BIAS_USER_SHRINK). */
struct biases {
	float mean;
	float *item; /* [n_items] */
	float *user; /* [test users] */
};

int biases_fit(const struct holdout *holdout, struct biases *out, struct animed_error *err);
void biases_free(struct biases *biases);

/* A score within the range of the ratings. */
float biases_clamp(const struct holdout *holdout, float score);

#endif

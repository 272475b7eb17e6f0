/* metrics.h - measures of predictions and of rankings. */
#ifndef ANIMED_METRICS_H
#define ANIMED_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum metric {
	METRIC_RMSE,       /* root of the mean squared error over all hidden ratings, in score units */
	METRIC_MAE,        /* mean absolute error over the same */
	METRIC_NDCG,       /* mean over ranked users */
	METRIC_RECALL,     /* mean over ranked users */
	METRIC_RECALL_20,  /* the same for lists of RECALL_LONG */
	METRIC_HIT_RATE,   /* the share of ranked users with a relevant item in their list */
	METRIC_COVERAGE,   /* the share of the candidates that are in at least one list */
	METRIC_POPULARITY, /* how many training ratings a listed item has, on average over all places of all lists */
	METRIC_LONG_TAIL,  /* the share of a list that is of the long tail, mean over lists; see metrics_lists.tail */
	METRIC_NEW_NDCG,   /* as METRIC_NDCG, of items of franchises that the user has shown nothing of */
	METRIC_NEW_RECALL_20,
	METRIC_SECONDS,
	METRICS,
};

/* The second recall is that of lists of this length, whatever length the others have: with it figures are published. */
enum { RECALL_LONG = 20 };

/* What is measured on one list.  Zeroed, it says that there is none. */
struct list_metrics {
	bool ranked, hit;
	double ndcg, recall, recall_20;
};

/* What is measured on one user.  Zeroed, it says that nothing was predicted and nothing ranked. */
struct user_metrics {
	size_t predicted; /* ratings */
	double squared, absolute;
	struct list_metrics list;
	struct list_metrics fresh; /* of items of franchises that the user has shown nothing of */
};

/* Add the errors of n predictions. */
void metrics_predicted(struct user_metrics *user, const float *predictions, const float *scores, size_t n);

/* Judge a list, the best first, against the user's `n_relevant` >= 1 relevant items, which ascend.  All but the second
 * recall look at its first `top` items.  A list may be shorter; the empty places count as misses.
 *   NDCG as in ndcg.h;
 *   recall = relevant items in the list / min(top, n_relevant), so that 1 can be reached however many there are
 *   (Liang et al., "Variational Autoencoders for Collaborative Filtering", 2018, section 4.2). */
void metrics_ranked(struct list_metrics *out, const uint32_t *list, size_t n, const uint32_t *relevant,
		    size_t n_relevant, size_t top);

/* Lists of candidates for coverage, popularity and long tail. */
struct metrics_lists {
	const uint32_t *places;  /* [n_lists, top], candidates */
	const uint32_t *lengths; /* [n_lists] */
	size_t n_lists, top;
	const uint32_t *counts; /* [n_candidates], training ratings of each */
	/* [n_candidates], whether it is of the long tail: outside of the most popular candidates that have 80 % of the
	 * training ratings.  METRIC_LONG_TAIL is APLT, "average percentage of long tail items" (Abdollahpouri, Burke and
	 * Mobasher, "Managing Popularity Bias in Recommender Systems with Personalized Re-ranking", 2019). */
	const bool *tail;
	size_t n_candidates;
};

/* Sum up over users, in their order; `lists` is NULL where nothing was ranked.  Fills all metrics but METRIC_SECONDS,
 * with NaN where nothing was measured.  Returns -1 where memory is short. */
int metrics_total(const struct user_metrics *users, size_t n, const struct metrics_lists *lists, double out[METRICS]);

/* The mean and the sample standard deviation (NaN for one) of n values. */
void metrics_mean(const double *values, size_t n, double *mean, double *deviation);

#endif

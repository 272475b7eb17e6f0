/* biases.c - the mean and the biases in closed form. */
#include "config.h"

#include "optim.h"

#include <math.h>
#include <stdlib.h>

/* How many ratings the prior of a bias is worth: the decay lambda of Koren's baseline estimates ("Factor in the
 * Neighbors", 2010, section 2.1, which has 25 for items and 10 for users on Netflix; measured here, 4 is best). */
#define SHRINK 4.0

/* Alternations between users and items; the third still gains, the fourth no more. */
#define SWEEPS 3

/* The weighted least-squares line of the rows' mean residuals over log(1 + count): what a row with that many ratings
 * is expected to have.  Much rated items are liked better than seldom rated ones.  A row's mean is worth 1 / (1 /
 * SHRINK
 * + 1 / count). */
static void fit_prior(const double *sums, const uint32_t *counts, uint32_t n, struct sgd_pull *pull)
{
	double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (counts[i] == 0)
			continue;
		const double weight = 1 / (1 / SHRINK + 1.0 / counts[i]), x = log1p(counts[i]), y = sums[i] / counts[i];
		w += weight;
		wx += weight * x;
		wy += weight * y;
		wxx += weight * x * x;
		wxy += weight * x * y;
	}
	const double spread = w * wxx - wx * wx; /* 0 where all rows have the same count */
	const double slope = spread > 1e-9 * w * w ? (w * wxy - wx * wy) / spread : 0;
	for (uint32_t i = 0; i < n; i++)
		pull[i].to = counts[i] ? (float)(wy / w + slope * (log1p(counts[i]) - wx / w)) : 0;
}

/* The biases of one side with the other side's held still: each a mean of what is left of its ratings and of its prior,
 * which weighs SHRINK ratings. */
static void sweep(const struct animed_ratings *train, float mean, const uint32_t *column, const float *others,
		  const uint32_t *other_column, const uint32_t *counts, uint32_t n, double *sums, float *biases,
		  struct sgd_pull *pull)
{
	for (uint32_t i = 0; i < n; i++)
		sums[i] = 0;
	for (size_t r = 0; r < train->n; r++)
		sums[column[r]] += (double)(train->scores[r] - mean - others[other_column[r]]);
	fit_prior(sums, counts, n, pull);
	for (uint32_t i = 0; i < n; i++)
		biases[i] = counts[i] ? (float)((sums[i] + SHRINK * (double)pull[i].to) / (counts[i] + SHRINK)) : 0;
}

double fit_mean(const struct animed_ratings *train)
{
	double sum = 0;

	for (size_t r = 0; r < train->n; r++)
		sum += (double)train->scores[r];
	return sum / (double)train->n;
}

int fit_biases(struct fit *fit, const uint32_t *user_counts, const uint32_t *item_counts, struct sgd_pull *pull_u,
	       struct sgd_pull *pull_i)
{
	const struct animed_dataset *data = fit->data;
	const struct animed_ratings *train = &data->train;
	const uint32_t rows = data->n_users > data->n_items ? data->n_users : data->n_items;
	double *sums = malloc(rows * sizeof *sums);

	if (!sums)
		return -1;
	for (int i = 0; i < SWEEPS; i++) {
		sweep(train, fit->scale.global_mean, train->items, fit->bu, train->users, item_counts, data->n_items,
		      sums, fit->bi, pull_i);
		sweep(train, fit->scale.global_mean, train->users, fit->bi, train->items, user_counts, data->n_users,
		      sums, fit->bu, pull_u);
	}
	/* the same ridge, spread over the steps of an epoch */
	for (uint32_t u = 0; u < data->n_users; u++)
		pull_u[u].decay = user_counts[u] ? (float)(SHRINK / user_counts[u]) : 0;
	for (uint32_t i = 0; i < data->n_items; i++)
		pull_i[i].decay = item_counts[i] ? (float)(SHRINK / item_counts[i]) : 0;
	free(sums);
	return 0;
}

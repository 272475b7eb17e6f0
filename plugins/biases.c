/* biases.c - what SGD starts from: the mean and the biases in closed form, and how hard each row is held back. */
#include "config.h"

#include "optim.h"

#include <math.h>
#include <stdlib.h>

/* How many ratings the prior of a bias is worth: the decay lambda of Koren's baseline estimates ("Factor in the
 * Neighbors", 2010, section 2.1, which has 25 for items and 10 for users on Netflix; measured here, 4 is best). */
#define SHRINK 4.0

/* How many ratings the overall variance is worth when a row's own is estimated. */
#define VARIANCE_SHRINK 10.0

/* Alternations between users and items; the third still gains, the fourth no more. */
#define SWEEPS 3

/* The weighted least-squares line of the rows' mean residuals over log(1 + count): what a row with that many ratings,
 * or with none, is expected to have.  Much rated items are liked better than seldom rated ones.  A row's mean is worth
 * 1 / (1 / SHRINK
 * + 1 / count). */
static void fit_prior(const double *sums, const uint32_t *counts, uint32_t n, struct sgd_row *rows)
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
		rows[i].bias_prior = (float)(wy / w + slope * (log1p(counts[i]) - wx / w));
}

/* The biases of one side with the other side's held still: each a mean of what is left of its ratings and of its prior,
 * which weighs SHRINK ratings. */
static void sweep(const struct animed_ratings *train, float mean, const uint32_t *column, const float *others,
		  const uint32_t *other_column, const uint32_t *counts, uint32_t n, double *sums, float *biases,
		  struct sgd_row *rows)
{
	for (uint32_t i = 0; i < n; i++)
		sums[i] = 0;
	/* ratings come user after user: a sum in a register is faster than one in memory */
	for (size_t r = 0; r < train->n;) {
		const uint32_t row = column[r];
		double sum = 0;
		for (; r < train->n && column[r] == row; r++)
			sum += (double)(train->scores[r] - mean - others[other_column[r]]);
		sums[row] += sum;
	}
	fit_prior(sums, counts, n, rows);
	for (uint32_t i = 0; i < n; i++)
		biases[i] = (float)((sums[i] + SHRINK * (double)rows[i].bias_prior) / (counts[i] + SHRINK));
}

static void set_mean(struct fit *fit)
{
	const struct animed_ratings *train = &fit->data->train;
	double sum = 0;

	for (size_t r = 0; r < train->n; r++)
		sum += (double)train->scores[r];
	fit->scale.global_mean = (float)(sum / (double)train->n);
}

/* The decay of a row's factors: weight_decay times the variance of what its biases leave, as a share of the overall
 * one. In the Gaussian model of the ratings the ridge is the noise over the spread of the factors (Salakhutdinov and
 * Mnih, "Probabilistic Matrix Factorization", 2008, eq. 4); here each row has its own noise.  Measured in
 * animed-bias(7). */
static void set_decays(const struct fit *fit, const uint32_t *column, const uint32_t *counts, uint32_t n, double *sums,
		       struct sgd_row *rows)
{
	const struct animed_ratings *train = &fit->data->train;
	double total = 0;

	for (uint32_t i = 0; i < n; i++)
		sums[i] = 0;
	for (size_t r = 0; r < train->n; r++) {
		const float left =
		    train->scores[r] - fit->scale.global_mean - fit->bu[train->users[r]] - fit->bi[train->items[r]];
		sums[column[r]] += (double)(left * left);
	}
	for (uint32_t i = 0; i < n; i++)
		total += sums[i];
	const double overall = total / (double)train->n;
	for (uint32_t i = 0; i < n; i++) {
		const double own = (sums[i] + VARIANCE_SHRINK * overall) / (counts[i] + VARIANCE_SHRINK);
		/* no variance at all: nothing to learn, and any decay does */
		rows[i].decay = (float)(fit->weight_decay * (overall > 0 ? own / overall : 1));
		rows[i].bias_decay = counts[i] ? (float)(SHRINK / counts[i]) : 0; /* the ridge, spread over an epoch */
	}
}

int fit_rows(struct fit *fit, const uint32_t *user_counts, const uint32_t *item_counts, struct sgd_row *users,
	     struct sgd_row *items)
{
	const struct animed_dataset *data = fit->data;
	const struct animed_ratings *train = &data->train;
	const uint32_t rows = data->n_users > data->n_items ? data->n_users : data->n_items;
	double *sums = malloc(rows * sizeof *sums);

	if (!sums)
		return -1;
	set_mean(fit);
	for (int i = 0; fit->biased && i < SWEEPS; i++) {
		sweep(train, fit->scale.global_mean, train->items, fit->bu, train->users, item_counts, data->n_items,
		      sums, fit->bi, items);
		sweep(train, fit->scale.global_mean, train->users, fit->bi, train->items, user_counts, data->n_users,
		      sums, fit->bu, users);
	}
	set_decays(fit, train->users, user_counts, data->n_users, sums, users);
	set_decays(fit, train->items, item_counts, data->n_items, sums, items);
	free(sums);
	return 0;
}

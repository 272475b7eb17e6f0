/* biases.c - works out what SGD starts from: the mean, the biases in closed form, and the decay of each row. */
#include "config.h"

#include "factors/optim.h"

#include <math.h>
#include <stdlib.h>

/* How many ratings the prior of a bias weighs as much as: the decay lambda of Koren's baseline estimates ("Factor in
 * the Neighbors", 2010, section 2.1, which has 25 for items and 10 for users on Netflix; measured here, 4 is best). */
#define SHRINK 4.0

/* How many ratings the overall variance weighs as much as when that of a row is estimated. */
#define VARIANCE_SHRINK 10.0

/* How often users and items alternate: the third time still gains, a fourth does not. */
#define SWEEPS 3

/* The users, or the items. */
struct side {
	uint32_t n;
	const uint32_t *column; /* that of the training ratings which names the rows */
	const uint32_t *counts; /* [n] ratings of each row */
	double *logs, *sums;    /* [n] log(1 + count), and sums over the row's ratings; owned */
	float *biases;          /* [n] */
	struct sgd_row *rows;   /* [n] */
};

static int side_open(struct side *side)
{
	side->sums = malloc(((size_t)side->n + 1) * sizeof *side->sums);
	side->logs = malloc(((size_t)side->n + 1) * sizeof *side->logs);
	for (uint32_t i = 0; side->logs && i < side->n; i++)
		side->logs[i] = log1p(side->counts[i]);
	return side->sums && side->logs ? 0 : -1;
}

static void side_close(struct side *side)
{
	free(side->sums);
	free(side->logs);
}

/* Fit the prior of each row: what a row with that many ratings, or with none, is expected to have.  Much rated items
 * are liked better than seldom rated ones, so it is the weighted least-squares line of the rows' mean residuals over
 * log(1 + count), on which the mean of a row weighs 1 / (1 / SHRINK + 1 / count). */
static void fit_prior(const struct side *side)
{
	const double *sums = side->sums;
	double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;

	for (uint32_t i = 0; i < side->n; i++) {
		if (side->counts[i] == 0)
			continue;
		const double weight = 1 / (1 / SHRINK + 1.0 / side->counts[i]);
		const double x = side->logs[i], y = sums[i] / side->counts[i];
		w += weight;
		wx += weight * x;
		wy += weight * y;
		wxx += weight * x * x;
		wxy += weight * x * y;
	}
	const double spread = w * wxx - wx * wx; /* 0 where all rows have the same count */
	const double slope = spread > 1e-9 * w * w ? (w * wxy - wx * wy) / spread : 0;
	for (uint32_t i = 0; i < side->n; i++)
		side->rows[i].bias_prior = (float)(wy / w + slope * (side->logs[i] - wx / w));
}

/* Fit the biases of one side while those of the other are held still: each is the mean of what is left of its ratings
 * and of its prior, which weighs as much as SHRINK ratings. */
static void sweep(const struct fit *fit, const struct side *side, const struct side *other)
{
	const struct animed_ratings *train = &fit->data->train;
	const float mean = fit->scale.global_mean;
	double *sums = side->sums;

	for (uint32_t i = 0; i < side->n; i++)
		sums[i] = 0;
	/* ratings come user after user: runs of one row are summed up in a register, which is faster than in memory */
	for (size_t r = 0; r < train->n;) {
		const uint32_t row = side->column[r];
		double sum = 0;
		for (; r < train->n && side->column[r] == row; r++)
			sum += (double)(train->scores[r] - mean - other->biases[other->column[r]]);
		sums[row] += sum;
	}
	fit_prior(side);
	for (uint32_t i = 0; i < side->n; i++)
		side->biases[i] =
		    (float)((sums[i] + SHRINK * (double)side->rows[i].bias_prior) / (side->counts[i] + SHRINK));
}

static void set_mean(struct fit *fit)
{
	const struct animed_ratings *train = &fit->data->train;
	double sum = 0;

	for (size_t r = 0; r < train->n; r++)
		sum += (double)train->scores[r];
	fit->scale.global_mean = (float)(sum / (double)train->n);
}

/* Set the decay of the factors of each row: weight_decay times the variance of what its biases leave, as a share of the
 * overall variance.  In the Gaussian model of the ratings the ridge is the noise over the spread of the factors
 * (Salakhutdinov and Mnih, "Probabilistic Matrix Factorization", 2008, eq. 4); here each row has its own noise.
 * animed-bias(7) has the measurements. */
static void set_decays(const struct fit *fit, const struct side *side, double overall)
{
	struct sgd_row *rows = side->rows;

	for (uint32_t i = 0; i < side->n; i++) {
		const double count = side->counts[i];
		const double own = (side->sums[i] + VARIANCE_SHRINK * overall) / (count + VARIANCE_SHRINK);
		/* without any variance there is nothing to learn, and any decay will do */
		rows[i].decay = (float)(fit->weight_decay * (overall > 0 ? own / overall : 1));
		/* the ridge of the bias, spread over the ratings of an epoch */
		rows[i].bias_decay = count > 0 ? (float)(SHRINK / count) : 0;
	}
}

/* Sum up for each row the squares of what the biases leave of its ratings.  Returns their mean over all ratings. */
static double sum_squares(const struct fit *fit, const struct side *users, const struct side *items)
{
	const struct animed_ratings *train = &fit->data->train;
	double total = 0;

	for (uint32_t u = 0; u < users->n; u++)
		users->sums[u] = 0;
	for (uint32_t i = 0; i < items->n; i++)
		items->sums[i] = 0;
	for (size_t r = 0; r < train->n; r++) {
		const uint32_t u = train->users[r], i = train->items[r];
		const float left = train->scores[r] - fit->scale.global_mean - fit->bu[u] - fit->bi[i];
		users->sums[u] += (double)(left * left);
		items->sums[i] += (double)(left * left);
	}
	for (uint32_t u = 0; u < users->n; u++)
		total += users->sums[u];
	return total / (double)train->n;
}

int fit_rows(struct fit *fit, const uint32_t *user_counts, const uint32_t *item_counts, struct sgd_row *user_rows,
	     struct sgd_row *item_rows)
{
	const struct animed_dataset *data = fit->data;
	struct side users = {.n = data->n_users,
			     .column = data->train.users,
			     .counts = user_counts,
			     .biases = fit->bu,
			     .rows = user_rows};
	struct side items = {.n = data->n_items,
			     .column = data->train.items,
			     .counts = item_counts,
			     .biases = fit->bi,
			     .rows = item_rows};
	int status = -1;

	if (side_open(&users) < 0 || side_open(&items) < 0)
		goto out;
	set_mean(fit);
	for (int i = 0; fit->biased && i < SWEEPS; i++) {
		sweep(fit, &items, &users);
		sweep(fit, &users, &items);
	}
	const double overall = sum_squares(fit, &users, &items);
	set_decays(fit, &users, overall);
	set_decays(fit, &items, overall);
	status = 0;
out:
	side_close(&users);
	side_close(&items);
	return status;
}

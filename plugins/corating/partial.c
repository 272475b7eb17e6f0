/* partial.c - partial correlations of ratings, from the inverse of their Gram matrix. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "corating/corating.h"
#include "corating/learn.h"
#include "kit/gram.h"
#include "kit/inverse.h"
#include "kit/score-weight.h"

/* The inverse of a Gram matrix, as a source of rows. */
struct inverse_rows {
	const float *cells; /* [n, n] */
	const float *roots; /* [n] 1 / sqrt of the diagonal */
	uint32_t n;
};

static void partial_row(void *ctx, uint32_t i, float *values)
{
	const struct inverse_rows *inverse = ctx;
	const float *row = inverse->cells + (size_t)i * inverse->n;

	for (uint32_t j = 0; j < inverse->n; j++) {
		const float correlation = -row[j] * inverse->roots[i] * inverse->roots[j];
		values[j] = correlation > 0 ? correlation : 0;
	}
	values[i] = 0;
}

/* Give the ratings their weights.  Returns the unit of the ridge: the mean of the squared weights, or 1 where that is 0,
 * since a matrix without a ridge has no inverse. */
static double weigh_ratings(struct by_item *by, const struct animed_dataset *data)
{
	const struct score_scale scale = {data->score_min, data->score_max};
	const uint64_t n = by->user_starts[by->n_users];
	double sum = 0;

	for (uint64_t r = 0; r < n; r++) {
		by->ratings[r].weight = score_weight(scale, by->ratings[r].weight);
		sum += (double)by->ratings[r].weight * (double)by->ratings[r].weight;
	}
	return sum > 0 ? sum / (double)n : 1;
}

/* Turn the Gram matrix into the inverse of what it is with a ridge. */
static int invert(float *cells, float *roots, uint32_t n, double ridge, const struct animed_host *host,
		  struct animed_error *err)
{
	for (size_t i = 0; i < n; i++)
		cells[i * n + i] += (float)ridge;
	if (inverse_in_place(cells, n, host, err) < 0 || inverse_mirror(cells, n, host, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		roots[i] = 1 / sqrtf(cells[i * n + i]);
	return 0;
}

static int correlate(struct learning *learning, float *cells, float *roots, struct sparse_rows *partial,
		     struct animed_error *err)
{
	struct by_item *by = &learning->by;
	const struct animed_host *host = learning->host;
	const uint32_t kept = (uint32_t)learning->values[CORATING_KEPT].integer;
	const double ridge = learning->values[CORATING_RIDGE].real * weigh_ratings(by, learning->data);
	struct inverse_rows inverse = {cells, roots, by->n};
	const struct sparse_source source = {by->n, by->items, NULL, partial_row, &inverse};

	if (gram_make(by, cells, host, err) < 0 || invert(cells, roots, by->n, ridge, host, err) < 0)
		return -1;
	return sparse_rows_make(partial, &source, by->n_items, kept, host, err);
}

int learn_partial(struct learning *learning, struct learnt *learnt, struct animed_error *err)
{
	const size_t n = learning->by.n;
	float *cells = calloc(n + 1, (n + 1) * sizeof *cells);
	float *roots = malloc((n + 1) * sizeof *roots);
	int status;

	if (cells && roots)
		status = correlate(learning, cells, roots, &learnt->partial, err);
	else
		status = animed_fail(err,
				     "not enough memory for a matrix of %zu x %zu items, %zu MiB: lower the parameter "
				     "\"items\" of the similarity",
				     n, n, n * n * sizeof *cells >> 20);
	free(cells);
	free(roots);
	return status;
}

/* gram.c - the Gram matrix, row by row.
 *
 * The row of an item collects the ratings of all its users up to the item itself.  It stays in the cache meanwhile, so
 * that a pair takes about a nanosecond; to go over the users instead and add each pair to the whole matrix takes five
 * times as long, since every pair then misses the cache. */
#include "config.h"

#include "kit/gram.h"

#include <string.h>

#include "kit/parallel.h"

struct gram {
	const struct by_item *by;
	float *cells;
	const struct animed_host *host;
};

static int make_row(void *ctx, size_t turn, unsigned worker, struct animed_error *err)
{
	const struct gram *gram = ctx;
	const struct by_item *by = gram->by;
	const size_t i = by->n - 1 - turn; /* the longest rows first, so that no thread is left with one in the end */
	float *row = gram->cells + i * by->n;

	(void)worker;
	if (gram->host->cancelled(gram->host->ctx))
		return animed_fail(err, "cancelled");
	memset(row, 0, (i + 1) * sizeof *row);
	for (uint64_t r = by->item_starts[i]; r < by->item_starts[i + 1]; r++) {
		const struct by_item_rater rater = by->raters[r];
		const struct by_item_rating *ratings = by->ratings + by->user_starts[rater.user];
		const float weight = ratings[rater.place].weight;
		for (uint32_t k = 0; k <= rater.place; k++)
			row[ratings[k].position] += weight * ratings[k].weight;
	}
	return 0;
}

int gram_make(const struct by_item *by, float *gram, const struct animed_host *host, struct animed_error *err)
{
	struct gram job = {by, gram, host};

	return parallel_for(by->n, host->threads, make_row, &job, err);
}

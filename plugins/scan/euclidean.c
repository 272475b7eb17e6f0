/* euclidean.c - similarity: 1 / (1 + d) for the Euclidean distance d of item vectors, which is 1 for equal vectors and
 * goes towards 0 with the distance. */
#include "config.h"

#include <float.h>
#include <math.h>

#include "scan/scan.h"

static void closeness(float *sums, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sums[i] = 1 / (1 + sqrtf(-sums[i]));
}

/* The inverse of closeness(), rounded down: rounding changes a score by less than 4 * FLT_EPSILON of it. */
static float farthest(float least)
{
	const double distance = (1 + 4 * (double)FLT_EPSILON) / (double)least - 1;

	return least > 0 ? (float)(-distance * distance * (1 + 1e-6)) : -INFINITY;
}

static const struct scan_metric euclidean = {
    .prepare = scan_plain, .sum = SCAN_DISTANCES, .score = closeness, .bound = farthest};

SCAN_PLUGIN("euclidean", "1 / (1 + the Euclidean distance) of item vectors", false, euclidean);

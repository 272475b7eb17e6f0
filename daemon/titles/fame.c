/* fame.c - weighs ratings and members, each as a share of all there are, and believes the larger: a show that everybody
 * lists may have few ratings in the data, or none. */
#include "config.h"

#include "titles/fame.h"

#include <math.h>
#include <stdlib.h>

/* What a show has that nobody rated or lists: about what one member is in a large catalogue. */
#define LEAST 1e-8

static double sum(const int64_t *counts, uint32_t n)
{
	double all = 0;

	for (uint32_t i = 0; counts && i < n; i++)
		all += counts[i] > 0 ? (double)counts[i] : 0;
	return all;
}

static double share(const int64_t *counts, uint32_t i, double all)
{
	return all > 0 && counts[i] > 0 ? (double)counts[i] / all : 0;
}

float *fame_of_all(const struct catalogue *catalogue)
{
	const double ratings = sum(catalogue->counts, catalogue->n), members = sum(catalogue->members, catalogue->n);
	float *fame = malloc((catalogue->n + 1U) * sizeof *fame);

	for (uint32_t i = 0; fame && i < catalogue->n; i++)
		fame[i] =
		    (float)(LEAST + fmax(share(catalogue->counts, i, ratings), share(catalogue->members, i, members)));
	return fame;
}

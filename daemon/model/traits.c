/* traits.c - labels, popularity and cult of the items of a model. */
#include "config.h"

#include "model/traits.h"

#include <math.h>
#include <stdlib.h>

#include "base/mask.h"
#include "base/sorted.h"
#include "titles/franchise.h"

/* ---- popularity ---- */

static int by_number(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Set the popularity of the rated items that have none and whose number is above 0: the place of the number among those
 * of all rated items that have one.  Returns 0, or -1 where memory is short. */
static int place(const int64_t *numbers, const uint64_t *rated, uint32_t items, float *popularity)
{
	int64_t *sorted = malloc(((size_t)items + 1) * sizeof *sorted);
	size_t n = 0;

	if (!sorted)
		return -1;
	for (uint32_t i = 0; i < items; i++) {
		if (mask_has(rated, i) && numbers[i] > 0)
			sorted[n++] = numbers[i];
	}
	qsort(sorted, n, sizeof *sorted, by_number);
	for (uint32_t i = 0; i < items; i++) {
		if (!mask_has(rated, i) || numbers[i] <= 0 || !isnan(popularity[i]))
			continue;
		const size_t less = SORTED_BEFORE(at, n, sorted[at] < numbers[i]);
		const size_t equal = SORTED_BEFORE(at, n, sorted[at] <= numbers[i]) - less;
		popularity[i] = (float)(((double)less + 0.5 * (double)(equal - 1)) / (double)(n > 1 ? n - 1 : 1));
	}
	free(sorted);
	return 0;
}

int popularity_find(const struct catalogue *catalogue, const uint64_t *rated, float **popularity)
{
	float *out;

	*popularity = NULL;
	if (!catalogue->members && !catalogue->counts)
		return 0;
	out = malloc(((size_t)catalogue->n + 1) * sizeof *out);
	if (!out)
		return -1;
	for (uint32_t i = 0; i < catalogue->n; i++)
		out[i] = NAN;
	if ((catalogue->members && place(catalogue->members, rated, catalogue->n, out) < 0) ||
	    (catalogue->counts && place(catalogue->counts, rated, catalogue->n, out) < 0)) {
		free(out);
		return -1;
	}
	*popularity = out;
	return 0;
}

/* ---- opening and closing ---- */

/* Returns the mean of all ratings, or 0 if it is not known. */
static double mean_rating(const struct catalogue *c)
{
	double ratings = 0, scores = 0;

	for (uint32_t i = 0; c->counts && c->means && i < c->n; i++) {
		ratings += (double)c->counts[i];
		scores += (double)c->counts[i] * (double)c->means[i];
	}
	return ratings > 0 ? scores / ratings : 0;
}

int traits_open(struct traits *traits, const struct modelfile *file, const uint64_t *rated, const char *relations,
		struct animed_error *err)
{
	const struct catalogue *catalogue = &file->catalogue;

	*traits = (struct traits){.mean = mean_rating(catalogue)};
	for (uint32_t i = 0; i < catalogue->n; i++) {
		traits->years = traits->years || (catalogue->years && catalogue->years[i] > 0);
		traits->members = traits->members || (catalogue->members && catalogue->members[i] > 0);
	}
	if (franchise_find(catalogue, relations, &traits->franchises, &traits->relations, err) < 0)
		return -1;
	if (facet_open(&traits->genres, &catalogue->genres, catalogue->n) < 0 ||
	    facet_open(&traits->types, &catalogue->types, catalogue->n) < 0 ||
	    popularity_find(catalogue, rated, &traits->popularity) < 0 ||
	    cult_find(file, traits->franchises, rated, &traits->cult) < 0)
		return animed_fail(err, "out of memory");
	return 0;
}

void traits_close(struct traits *traits)
{
	facet_close(&traits->genres);
	facet_close(&traits->types);
	free(traits->franchises);
	free(traits->popularity);
	cult_free(&traits->cult);
	*traits = (struct traits){0};
}

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

/* ---- cult ---- */

struct totals {
	double ratings, scores, tops;
};

static struct totals add_up(const struct catalogue *c)
{
	struct totals totals = {0, 0, 0};

	for (uint32_t i = 0; c->counts && c->means && i < c->n; i++) {
		totals.ratings += (double)c->counts[i];
		totals.scores += (double)c->counts[i] * (double)c->means[i];
		totals.tops += c->tops ? (double)c->tops[i] : 0;
	}
	return totals;
}

/* Returns a new array with the popularity of the most popular show of each franchise, at the franchise's number.
 * Returns NULL where memory is short. */
static float *franchise_popularity(const struct traits *traits, uint32_t n)
{
	float *most = calloc((size_t)n + 1, sizeof *most);

	for (uint32_t i = 0; most && i < n; i++) {
		float *of = &most[traits->franchises[i]];
		if (traits->popularity[i] > *of) /* false for NaN */
			*of = traits->popularity[i];
	}
	return most;
}

static double shrunk(double sum, double n, double all)
{
	return (sum + CULT_SHRINK * all) / (n + CULT_SHRINK);
}

int cult_find(const struct catalogue *c, const struct traits *traits, const uint64_t *rated, float high, float **cult)
{
	const struct totals totals = add_up(c);
	const double mean = totals.ratings > 0 ? totals.scores / totals.ratings : 0;
	float *most, *out;

	*cult = NULL;
	if (!traits->popularity || !(totals.ratings > 0) || !((double)high > mean))
		return 0;
	out = calloc((size_t)c->n + 1, sizeof *out);
	most = franchise_popularity(traits, c->n);
	if (!out || !most) {
		free(out);
		free(most);
		return -1;
	}
	for (uint32_t i = 0; i < c->n; i++) {
		const double n = (double)c->counts[i], p = (double)most[traits->franchises[i]];
		if (!mask_has(rated, i))
			continue;
		const double acclaimed = (shrunk(n * (double)c->means[i], n, mean) - mean) / ((double)high - mean);
		const double devoted = c->tops ? shrunk((double)c->tops[i], n, totals.tops / totals.ratings) : 1;
		out[i] = (float)(fmax(acclaimed, 0) * (1 - p * p * p * p) * devoted);
	}
	free(most);
	*cult = out;
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static int find_places(struct traits *traits, const uint64_t *rated, uint32_t items)
{
	float *sorted = malloc(((size_t)items + 1) * sizeof *sorted);
	size_t n = 0;

	traits->cult_place = calloc((size_t)items + 1, sizeof *traits->cult_place);
	if (!sorted || !traits->cult_place) {
		free(sorted);
		return -1;
	}
	for (uint32_t i = 0; i < items; i++) {
		if (mask_has(rated, i))
			sorted[n++] = traits->cult[i];
	}
	qsort(sorted, n, sizeof *sorted, by_value);
	for (uint32_t i = 0; i < items; i++) {
		const size_t less = SORTED_BEFORE(at, n, sorted[at] < traits->cult[i]);
		traits->cult_place[i] = mask_has(rated, i) && n > 1 ? (float)less / (float)(n - 1) : 0;
	}
	free(sorted);
	return 0;
}

/* ---- opening and closing ---- */

int traits_open(struct traits *traits, const struct catalogue *catalogue, const uint64_t *rated, float high,
		const char *relations, struct animed_error *err)
{
	const struct totals totals = add_up(catalogue);

	*traits = (struct traits){.devotion = catalogue->tops != NULL,
				  .mean = totals.ratings > 0 ? totals.scores / totals.ratings : 0};
	for (uint32_t i = 0; i < catalogue->n; i++) {
		traits->years = traits->years || (catalogue->years && catalogue->years[i] > 0);
		traits->members = traits->members || (catalogue->members && catalogue->members[i] > 0);
	}
	if (franchise_find(catalogue, relations, &traits->franchises, err) < 0)
		return -1;
	if (facet_open(&traits->genres, &catalogue->genres, catalogue->n) < 0 ||
	    facet_open(&traits->types, &catalogue->types, catalogue->n) < 0 ||
	    popularity_find(catalogue, rated, &traits->popularity) < 0 ||
	    cult_find(catalogue, traits, rated, high, &traits->cult) < 0 ||
	    (traits->cult && find_places(traits, rated, catalogue->n) < 0))
		return animed_fail(err, "out of memory");
	return 0;
}

void traits_close(struct traits *traits)
{
	facet_close(&traits->genres);
	facet_close(&traits->types);
	free(traits->franchises);
	free(traits->popularity);
	free(traits->cult);
	free(traits->cult_place);
	*traits = (struct traits){0};
}

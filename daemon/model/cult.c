/* cult.c - computes the cult of all items from sums over the ratings of each item and of each franchise. */
#include "config.h"

#include "model/cult.h"

#include <math.h>
#include <stdlib.h>

#include "base/mask.h"
#include "base/sorted.h"
#include "model/cult-private.h"

#define SHRINK 20.0 /* ratings that are added to those of an item and of a franchise */

/* A franchise. */
struct family {
	struct tally sum;
	double reach;      /* the greatest of its items */
	double best_reach; /* of `best` */
	uint32_t best;     /* its best-known judged item, UINT32_MAX if none is judged */
};

struct work {
	const struct modelfile *file;
	const uint32_t *franchises;
	const uint64_t *rated;
	uint32_t n;
	struct tally *items;     /* [n] */
	double *reach;           /* [n] */
	struct family *families; /* [n], at the numbers of the franchises */
	double share;            /* of favourites among all ratings */
};

/* ---- reach ---- */

static double members(const struct work *work, uint32_t item)
{
	return work->file->catalogue.members ? (double)work->file->catalogue.members[item] : 0;
}

static double ratings(const struct work *work, uint32_t item)
{
	return work->items[item].n;
}

static int by_number(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Set the reach of the items that have none: their number as a share of the 95th percentile, which is the least number
 * that 95 of 100 rated items do not exceed.  Numbers of 0 are not known.  Returns 0, or -1 where memory is short. */
static int find_reach(struct work *work, double (*number)(const struct work *, uint32_t))
{
	double *sorted = malloc(((size_t)work->n + 1) * sizeof *sorted);
	size_t n = 0;

	if (!sorted)
		return -1;
	for (uint32_t i = 0; i < work->n; i++) {
		sorted[n] = number(work, i);
		n += sorted[n] > 0 && work->items[i].n > 0;
	}
	qsort(sorted, n, sizeof *sorted, by_number);
	for (uint32_t i = 0; n > 0 && i < work->n; i++) {
		if (!(work->reach[i] > 0))
			work->reach[i] = fmax(number(work, i), 0) / sorted[(n * 95 + 99) / 100 - 1];
	}
	free(sorted);
	return 0;
}

/* ---- franchises ---- */

static bool judged(const struct work *work, uint32_t item)
{
	return mask_has(work->rated, item) && work->items[item].n >= CULT_RATINGS;
}

static void find_families(struct work *work)
{
	double n = 0, favourites = 0;

	for (uint32_t i = 0; i < work->n; i++)
		work->families[i].best = UINT32_MAX;
	for (uint32_t i = 0; i < work->n; i++) {
		struct family *family = &work->families[work->franchises[i]];
		const struct tally *of = &work->items[i];
		family->sum.n += of->n;
		family->sum.z += of->z;
		family->sum.favourites += of->favourites;
		family->reach = fmax(family->reach, work->reach[i]);
		if (judged(work, i) && (family->best == UINT32_MAX || work->reach[i] > family->best_reach)) {
			family->best = i;
			family->best_reach = work->reach[i];
		}
		n += of->n;
		favourites += of->favourites;
	}
	work->share = favourites > 0 ? favourites / n : 0;
}

/* ---- values ---- */

static double shrunk(double sum, double n, double towards)
{
	return (sum + SHRINK * towards) / (n + SHRINK);
}

static double cult_of(const struct work *work, uint32_t item)
{
	const struct family *family = &work->families[work->franchises[item]];
	const struct tally *of = &work->items[item], *all = &family->sum;
	const double acclaim = shrunk(of->z, of->n, shrunk(all->z, all->n, 0));
	double devotion = 1;

	if (work->share > 0)
		devotion = shrunk(of->favourites, of->n, shrunk(all->favourites, all->n, work->share)) / work->share;
	return fmax(acclaim, 0) * devotion / (1 + family->reach * family->reach);
}

static int by_value(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* Returns 0, or -1 where memory is short. */
static int find_places(const struct work *work, struct cult *out)
{
	float *sorted = malloc(((size_t)work->n + 1) * sizeof *sorted);
	size_t n = 0;

	if (!sorted)
		return -1;
	for (uint32_t i = 0; i < work->n; i++) {
		if (judged(work, i))
			sorted[n++] = out->values[i];
	}
	qsort(sorted, n, sizeof *sorted, by_value);
	for (uint32_t i = 0; n > 1 && i < work->n; i++) {
		const size_t less = SORTED_BEFORE(at, n, sorted[at] < out->values[i]);
		if (judged(work, i))
			out->places[i] = (float)less / (float)(n - 1);
	}
	free(sorted);
	return 0;
}

static bool has_ratings(const struct modelfile *file)
{
	return file->ratings.offsets && file->ratings.offsets[file->factors.n_users] > 0;
}

/* Fill *out.  Returns 0, or -1 where memory is short. */
static int find(struct work *work, struct cult *out)
{
	const struct modelfile *file = work->file;

	if (!has_ratings(file))
		tally_columns(&file->catalogue, work->items);
	else if (tally_ratings(file, work->items) < 0)
		return -1;
	if (find_reach(work, members) < 0 || find_reach(work, ratings) < 0)
		return -1;
	find_families(work);
	out->favourites = work->share > 0;
	for (uint32_t i = 0; i < work->n; i++) {
		if (judged(work, i))
			out->values[i] = (float)cult_of(work, i);
		if (work->families[i].best != UINT32_MAX)
			mask_set(out->best_known, work->families[i].best);
	}
	return find_places(work, out);
}

int cult_find(const struct modelfile *file, const uint32_t *franchises, const uint64_t *rated, struct cult *out)
{
	const uint32_t n = file->catalogue.n;
	struct work work = {.file = file, .franchises = franchises, .rated = rated, .n = n};
	int status = -1;

	*out = (struct cult){0};
	if (!has_ratings(file) && (!file->catalogue.counts || !file->catalogue.means))
		return 0;
	out->values = calloc((size_t)n + 1, sizeof *out->values);
	out->places = calloc((size_t)n + 1, sizeof *out->places);
	out->best_known = calloc(mask_words(n) + 1, sizeof *out->best_known);
	work.items = calloc((size_t)n + 1, sizeof *work.items);
	work.reach = calloc((size_t)n + 1, sizeof *work.reach);
	work.families = calloc((size_t)n + 1, sizeof *work.families);
	if (out->values && out->places && out->best_known && work.items && work.reach && work.families)
		status = find(&work, out);
	free(work.items);
	free(work.reach);
	free(work.families);
	return status;
}

void cult_free(struct cult *cult)
{
	free(cult->values);
	free(cult->places);
	free(cult->best_known);
	*cult = (struct cult){0};
}

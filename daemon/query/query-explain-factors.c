/* query-explain-factors.c - names the factors of the model that add most to a similarity, by shows that are far out on
 * them. */
#include "config.h"

#include <math.h>

#include "query/query-explain-private.h"

/* The popularity from which on a show may describe a factor, since people should know it. */
#define WELL_KNOWN 0.9F

/* Returns an item's coordinate on a factor.  Where only the direction counts, the vector is brought to length 1
 * first. */
static float coordinate(const struct explainer *e, uint32_t item, uint32_t factor)
{
	const float *row = e->rows + (size_t)item * e->k;
	double length = 1;

	if (e->query->measure->ops->directional) {
		length = 0;
		for (uint32_t j = 0; j < e->k; j++)
			length += (double)row[j] * (double)row[j];
		length = sqrt(length);
	}
	return length > 0 ? (float)((double)row[factor] / length) : 0;
}

/* Whether a factor may be described by the item: it may be an answer, it is well known, and it is not asked about. */
static bool may_describe(const struct explainer *e, uint32_t item)
{
	const float *popularity = e->model->traits.popularity;

	for (size_t t = 0; t < e->query->n_terms; t++) {
		if (e->query->terms[t].item == item)
			return false;
	}
	return mask_has(e->query->measure->mask, item) && (!popularity || popularity[item] >= WELL_KNOWN);
}

/* Returns the place of the show of this franchise; pole->n if there is none. */
static size_t find_franchise(const struct explainer *e, const struct pole *pole, uint32_t franchise)
{
	size_t at = 0;

	while (at < pole->n && e->model->traits.franchises[pole->shows[at].item] != franchise)
		at++;
	return at;
}

static void remove_show(struct pole *pole, size_t at)
{
	pole->n--;
	memmove(pole->shows + at, pole->shows + at + 1, (pole->n - at) * sizeof *pole->shows);
}

/* Insert the show in its place, behind shows that lie just as far out.  There must be room for it. */
static void insert_show(struct pole *pole, struct pole_show show)
{
	size_t at = pole->n;

	while (at > 0 && pole->shows[at - 1].far < show.far)
		at--;
	memmove(pole->shows + at + 1, pole->shows + at, (pole->n - at) * sizeof *pole->shows);
	pole->shows[at] = show;
	pole->n++;
}

/* Find the shows that lie farthest out on the pole. */
static void find_shows(const struct explainer *e, struct pole *pole)
{
	const size_t last = TITLES;

	for (uint32_t i = 0; i < e->model->file.factors.n_items; i++) {
		if (!may_describe(e, i))
			continue;
		const float far = coordinate(e, i, pole->factor) * (pole->negative ? -1.0F : 1.0F);
		const size_t same = find_franchise(e, pole, e->model->traits.franchises[i]);
		/* it replaces the show of its franchise, or else the last one if all places are taken */
		const size_t at = same < pole->n ? same : last;
		if (!(far > 0) || (at < pole->n && far <= pole->shows[at].far))
			continue;
		if (at < pole->n)
			remove_show(pole, at);
		insert_show(pole, (struct pole_show){i, far});
	}
}

/* Returns the place of a pole in e->poles; a new one is added, with its shows.  Returns SIZE_MAX where memory is
 * short. */
static size_t find_pole(struct explainer *e, uint32_t factor, bool negative)
{
	size_t at = 0;

	while (at < e->n_poles && (e->poles[at].factor != factor || e->poles[at].negative != negative))
		at++;
	if (at < e->n_poles)
		return at;
	if (grow((void **)&e->poles, &e->poles_room, at + 1, sizeof *e->poles) < 0)
		return SIZE_MAX;
	e->poles[at] = (struct pole){.factor = factor, .negative = negative};
	find_shows(e, &e->poles[at]);
	e->n_poles++;
	return at;
}

/* `parts` is scratch memory for k parts. */
int explain_factors(struct explainer *e, const struct animed_query *asked, size_t hit, struct animed_part *parts)
{
	const struct measure *measure = e->query->measure;
	struct why *why = &e->hits[hit];
	const uint32_t item = e->result->hits[hit].item;
	struct animed_error err;
	size_t n;
	float ignored;

	why->rest = e->result->hits[hit].value;
	if (!measure->ops->parts)
		return 0;
	if (measure->ops->parts(measure->index, asked, item, e->k, parts, &n, &ignored, &err) < 0)
		return -1;
	for (size_t p = 0; p < n && why->n_shares < FACTORS; p++) {
		const uint32_t factor = parts[p].factor;
		if (parts[p].kind != ANIMED_PART_FACTOR || !(parts[p].value > 0))
			continue;
		const size_t pole = find_pole(e, factor, coordinate(e, item, factor) < 0);
		if (pole == SIZE_MAX)
			return -1;
		why->shares[why->n_shares++] = (struct share){parts[p].value, pole};
		why->rest -= parts[p].value;
	}
	return 0;
}

size_t explain_describing(const struct explainer *e, const struct pole *pole, uint32_t item, uint32_t titles[TITLES])
{
	const uint32_t *franchises = e->model->traits.franchises;
	size_t n = 0;

	for (size_t i = 0; i < pole->n && n < TITLES; i++) {
		if (franchises[pole->shows[i].item] != franchises[item])
			titles[n++] = pole->shows[i].item;
	}
	return n;
}

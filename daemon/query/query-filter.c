/* query-filter.c - makes masks of filters. */
#include "config.h"

#include "query/query-filter.h"

#include <stdlib.h>
#include <string.h>

const char *filter_part_name(enum filter_part part)
{
	static const char *const names[] = {"genre", "not_genre",   "type",    "year", "members",
					    "score", "min_ratings", "exclude", "only", "planned"};

	return names[part];
}

void filter_free(struct filter *filter)
{
	free(filter->exclude);
	free(filter->only);
	free(filter->planned);
	filter->exclude = filter->only = filter->planned = NULL;
}

/* Set in `mask` the items that have a label. */
static void add_label(const struct facet *facet, uint32_t label, uint64_t *mask)
{
	for (uint32_t i = facet->starts[label]; i < facet->starts[label + 1]; i++)
		mask_set(mask, facet->items[i]);
}

/* Keep in `mask` the items that are in `with`, or those that are not if `inverted` is set. */
static void narrow(uint64_t *mask, const uint64_t *with, size_t words, bool inverted)
{
	for (size_t w = 0; w < words; w++)
		mask[w] &= inverted ? ~with[w] : with[w];
}

/* Keep in `mask` the items that the lists of single shows let pass. */
static void narrow_named(const struct filter *filter, unsigned parts, uint64_t *mask, size_t words)
{
	if ((parts & FILTER_BIT(FILTER_EXCLUDE)) && filter->exclude)
		narrow(mask, filter->exclude, words, true);
	for (int p = 0; p < 2; p++) {
		const uint64_t *with = p ? filter->planned : filter->only;
		if (!(parts & FILTER_BIT(p ? FILTER_PLANNED : FILTER_ONLY)))
			continue;
		if (with)
			narrow(mask, with, words, false);
		else
			memset(mask, 0, words * sizeof *mask);
	}
}

/* Keep in `mask` the items whose genres and types pass.  Each genre that is asked for has a mask of its own, since an
 * item must have all of them.  Genres that are ruled out share one mask, since an item must have none of them, and so
 * do types, since one of them is enough.  `spare` is scratch memory as large as `mask`. */
static void narrow_labels(const struct model *model, const struct filter *filter, unsigned parts, uint64_t *mask,
			  uint64_t *spare)
{
	const struct traits *traits = &model->traits;
	const size_t words = mask_words(model->file.factors.n_items);

	for (size_t l = 0; (parts & FILTER_BIT(FILTER_GENRE)) && l < filter->genres.n; l++) {
		memset(spare, 0, words * sizeof *spare);
		add_label(&traits->genres, filter->genres.at[l], spare);
		narrow(mask, spare, words, false);
	}
	if (parts & FILTER_BIT(FILTER_NOT_GENRE)) {
		memset(spare, 0, words * sizeof *spare);
		for (size_t l = 0; l < filter->not_genres.n; l++)
			add_label(&traits->genres, filter->not_genres.at[l], spare);
		narrow(mask, spare, words, true);
	}
	if (parts & FILTER_BIT(FILTER_TYPE)) {
		memset(spare, 0, words * sizeof *spare);
		for (size_t l = 0; l < filter->types.n; l++)
			add_label(&traits->types, filter->types.at[l], spare);
		narrow(mask, spare, words, false);
	}
}

/* Whether a value is in the range.  A value of 0 is not known, and is in no range. */
static bool within(struct filter_range range, double value)
{
	return value > 0 && value >= range.low && value <= range.high;
}

static bool passes(const struct catalogue *c, const struct filter *filter, unsigned parts, uint32_t i)
{
	if ((parts & FILTER_BIT(FILTER_YEAR)) && !within(filter->year, c->years ? (double)c->years[i] : 0))
		return false;
	if ((parts & FILTER_BIT(FILTER_MEMBERS)) && !within(filter->members, c->members ? (double)c->members[i] : 0))
		return false;
	if ((parts & FILTER_BIT(FILTER_SCORE)) && !within(filter->score, c->means ? (double)c->means[i] : 0))
		return false;
	/* if the model has no counts, all items pass */
	return !(parts & FILTER_BIT(FILTER_MIN_RATINGS)) || !c->counts || c->counts[i] >= filter->min_ratings;
}

uint64_t *filter_mask(const struct model *model, const struct filter *filter, unsigned parts)
{
	const uint32_t n = model->file.factors.n_items;
	const size_t words = mask_words(n);
	const unsigned ranges = FILTER_BIT(FILTER_YEAR) | FILTER_BIT(FILTER_MEMBERS) | FILTER_BIT(FILTER_SCORE) |
				FILTER_BIT(FILTER_MIN_RATINGS);
	uint64_t *mask = malloc(words * sizeof *mask), *spare = malloc(words * sizeof *spare);

	parts &= filter->given;
	if (!mask || !spare) {
		free(mask);
		free(spare);
		return NULL;
	}
	if (filter->unrated)
		mask_fill(mask, n);
	else
		memcpy(mask, model->rated, words * sizeof *mask);
	EACH_IN (i, mask, parts & ranges ? n : 0) {
		if (!passes(&model->file.catalogue, filter, parts, i))
			mask_clear(mask, i);
	}
	narrow_labels(model, filter, parts, mask, spare);
	narrow_named(filter, parts, mask, words);
	free(spare);
	return mask;
}

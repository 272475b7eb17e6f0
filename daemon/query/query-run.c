/* query-run.c - answers a query: finds a value for every item, weighs it, and takes the best of the items that pass. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kit/topk.h"
#include "query/query-values.h"

static uint32_t items_of(const struct question *question)
{
	return question->model->file.factors.n_items;
}

/* ---- weights ---- */

/* Returns the score of an item with this value: the neutral value, and the distance of `value` from it times
 *
 *   n / (n + shrink)              for its n ratings, so that little evidence counts little;
 *   2^(popularity * (2 * p - 1))  for its popularity p (traits.h): 1/2 for the least popular item and 2 for the most
 *                                 popular one if `popularity` is 1, and the other way round if it is -1.  A distance
 *                                 below 0 is divided by it;
 *   its place by cult             from 0 to 1 (cult.h), if the distance is above 0.
 *
 * The neutral value is 0 for similarities, which unrelated items have, and for values of a ranking that learns, and the
 * mean rating for predictions. */
static float weigh(const struct model *model, const struct query *query, double neutral, uint32_t item, float value)
{
	const struct traits *traits = &model->traits;
	double above = (double)value - neutral;

	if (query->shrink > 0)
		above *= (double)support_of(model->file.catalogue.counts[item], query->shrink);
	if (query->popularity != 0 && !isnan(traits->popularity[item])) {
		const double factor = exp2(query->popularity * (2 * (double)traits->popularity[item] - 1));
		above = above > 0 ? above * factor : above / factor;
	}
	if (query->cult && above > 0)
		above *= (double)traits->cult.places[item];
	return (float)(neutral + above);
}

static bool weighs(const struct query *query)
{
	return query->shrink > 0 || query->popularity != 0 || query->cult;
}

/* ---- sequels ---- */

/* Take out of the mask what `sequels` rules out whatever the scores are: with SEQUELS_HIDE the items of the franchises
 * that were asked about, with SEQUELS_ONLY the items of all other franchises.  `asked` is a mask of what was asked
 * about. */
static int limit_franchises(struct question *question, const struct query *query, const uint64_t *asked, uint64_t *mask)
{
	const uint32_t n = items_of(question), *franchises = question->model->traits.franchises;
	uint64_t *marked;

	if (query->sequels == SEQUELS_SHOW || query->kind == QUERY_CULT)
		return 0;
	marked = calloc(mask_words(n), sizeof *marked);
	if (!marked)
		return question_out_of_memory(question);
	EACH_IN (i, asked, n)
		mask_set(marked, franchises[i]);
	EACH_IN (i, mask, n) {
		if (mask_has(marked, franchises[i]) != (query->sequels == SEQUELS_ONLY))
			mask_clear(mask, i);
	}
	free(marked);
	return 0;
}

/* Offer the best hit of each franchise. */
static int offer_one_each(struct question *question, const struct animed_hit *hits, size_t n, struct topk *best)
{
	const uint32_t *franchises = question->model->traits.franchises;
	/* [items]: the best hit of each franchise */
	uint32_t *first = malloc(((size_t)items_of(question) + 1) * sizeof *first);

	if (!first)
		return question_out_of_memory(question);
	memset(first, 0xff, ((size_t)items_of(question) + 1) * sizeof *first);
	for (uint32_t h = 0; h < n; h++) {
		uint32_t *of = &first[franchises[hits[h].item]];
		if (*of == UINT32_MAX || topk_worse(best, hits[*of], hits[h]))
			*of = h;
	}
	for (uint32_t h = 0; h < n; h++) {
		if (first[franchises[hits[h].item]] == h)
			topk_offer(best, hits[h].item, hits[h].score);
	}
	free(first);
	return 0;
}

/* Slots of a hash table of franchises: twice as many as there may be answers, so that a free one is near. */
#define KEPT_SLOTS 2048u

/* Add a franchise to the table.  Returns true if it was not there. */
static bool is_first(uint32_t *slots, uint32_t franchise)
{
	uint32_t at = (franchise * 2654435761u) % KEPT_SLOTS; /* Knuth's multiplicative hash */

	while (slots[at] != UINT32_MAX && slots[at] != franchise)
		at = (at + 1) % KEPT_SLOTS;
	const bool first = slots[at] == UINT32_MAX;
	slots[at] = franchise;
	return first;
}

size_t query_keep_sequels(const struct model *model, enum sequels sequels, uint32_t item, const struct animed_hit *hits,
			  size_t n, struct animed_hit *kept, size_t limit)
{
	const uint32_t *franchises = model->traits.franchises;
	uint32_t slots[KEPT_SLOTS];
	size_t n_kept = 0;

	memset(slots, 0xff, sizeof slots);
	(void)is_first(slots, franchises[item]);
	for (size_t h = 0; h < n && n_kept < limit && n_kept < QUERY_MAX_ITEMS; h++) {
		const uint32_t franchise = franchises[hits[h].item];
		if (sequels == SEQUELS_SHOW || (sequels == SEQUELS_ONLY && franchise == franchises[item]) ||
		    (sequels == SEQUELS_HIDE && is_first(slots, franchise)))
			kept[n_kept++] = hits[h];
	}
	return n_kept;
}

/* ---- the query ---- */

/* Returns a new mask of what was asked about: the terms, what a list says was seen and, for a user of the model, the items
 * that the user has rated or favours.  Notes in `result` how many these are, and whether they are known.  Returns NULL where memory is short. */
static uint64_t *find_asked(struct question *question, const struct query *query, struct query_result *result)
{
	const struct rating_lists *lists = &question->model->file.ratings;
	const struct favourite_lists *liked = &question->model->file.favourites;
	uint64_t *asked = calloc(mask_words(items_of(question)), sizeof *asked);

	for (size_t t = 0; asked && t < query->n_terms; t++)
		mask_set(asked, query->terms[t].item);
	for (size_t w = 0; asked && query->seen && w < mask_words(items_of(question)); w++)
		asked[w] |= query->seen[w];
	result->seen_known = query->user == UINT32_MAX || lists->offsets != NULL;
	if (asked && query->user != UINT32_MAX && lists->offsets) {
		for (uint64_t r = lists->offsets[query->user]; r < lists->offsets[query->user + 1]; r++)
			mask_set(asked, lists->items[r]);
	}
	if (asked && query->user != UINT32_MAX && liked->offsets) {
		for (uint64_t f = liked->offsets[query->user]; f < liked->offsets[query->user + 1]; f++)
			mask_set(asked, liked->items[f]);
	}
	result->seen = asked ? mask_count(asked, items_of(question)) : 0;
	return asked;
}

/* Returns a new mask of the items that pass these parts of the filter, without what was asked about, what is to be
 * ignored, and what `sequels` rules out.  Returns NULL where memory is short. */
static uint64_t *find_mask(struct question *question, const struct query *query, const uint64_t *asked, unsigned parts)
{
	uint64_t *mask = filter_mask(question->model, &query->filter, parts);

	for (size_t w = 0; mask && w < mask_words(items_of(question)); w++)
		mask[w] &= ~(query->ignored ? asked[w] | query->ignored[w] : asked[w]);
	if (mask && limit_franchises(question, query, asked, mask) < 0) {
		free(mask);
		mask = NULL;
	}
	return mask;
}

/* Count, where no item passes, how many would pass without each single part of the filter, so that the reply can say
 * which part to loosen. */
static int loosen(struct question *question, const struct query *query, const uint64_t *asked,
		  struct query_result *result)
{
	for (unsigned part = 0; part < FILTER_PARTS; part++) {
		if (!(query->filter.given & FILTER_BIT(part)))
			continue;
		uint64_t *mask = find_mask(question, query, asked, ~FILTER_BIT(part));
		if (!mask)
			return question_out_of_memory(question);
		result->loosened[part] = mask_count(mask, items_of(question));
		free(mask);
	}
	return 0;
}

/* Offer the items of the mask that have a value, with their scores.  With SEQUELS_HIDE only the best item of each
 * franchise is offered.  `passed` is the number of items in the mask, `popular` whether values are popularities. */
static int offer_all(struct question *question, const struct query *query, const uint64_t *mask, const float *values,
		     size_t passed, bool popular, struct topk *best)
{
	const struct model *model = question->model;
	const bool predicted = query->kind == QUERY_RECOMMEND && !query_ranking_learns(model) && !popular;
	const double neutral = predicted ? model->traits.mean : 0;
	const bool weighed = weighs(query);
	struct animed_hit *hits = malloc((passed + 1) * sizeof *hits);
	size_t n = 0;
	int status = 0;

	if (!hits)
		return question_out_of_memory(question);
	EACH_IN (i, mask, items_of(question)) {
		if (values[i] > -INFINITY)
			hits[n++] =
			    (struct animed_hit){i, weighed ? weigh(model, query, neutral, i, values[i]) : values[i]};
	}
	if (query->sequels == SEQUELS_HIDE)
		status = offer_one_each(question, hits, n, best);
	for (size_t h = 0; query->sequels != SEQUELS_HIDE && h < n; h++) {
		if (hits[h].score >= topk_least(best))
			topk_offer(best, hits[h].item, hits[h].score);
	}
	free(hits);
	return status;
}

/* Fill result->hits with the items of the mask that have the best scores. */
static int rank(struct question *question, const struct query *query, const uint64_t *mask, const float *values,
		struct query_result *result)
{
	const size_t limit = query_pool(query), room = limit + 1;
	struct topk best = {
	    .hits = malloc(room * sizeof *best.hits), .limit = limit, .ids = question->model->file.catalogue.ids};
	int status = -1;

	result->hits = malloc(room * sizeof *result->hits);
	result->weighed = weighs(query);
	if (!best.hits || !result->hits)
		(void)question_out_of_memory(question);
	else
		status = offer_all(question, query, mask, values, result->passed, result->popular, &best);
	result->n = status == 0 ? topk_finish(&best) : 0;
	for (size_t h = 0; h < result->n; h++) {
		const uint32_t item = best.hits[h].item;
		result->hits[h] = (struct query_hit){.item = item, .value = values[item], .score = best.hits[h].score};
	}
	free(best.hits);
	return status;
}

/* Note what the model predicts for the hits, for person number `p`. */
static void predict_hits(const struct people *people, size_t p, struct query_result *result)
{
	const struct person *person = &people->at[p];

	for (size_t h = 0; h < result->n; h++) {
		struct query_hit *hit = &result->hits[h];
		hit->predicted[p] = person->predicted && model_rated(person->question->model, hit->item)
					? person_predict_within(person, hit->item)
					: NAN;
	}
}

int query_run(struct question *question, const struct query *query, struct query_result *result)
{
	float *values = malloc(((size_t)items_of(question) + 1) * sizeof *values);
	struct people people;
	uint64_t *asked, *mask = NULL;
	int status = -1;

	*result = (struct query_result){0};
	if (people_open(question, query, &people) < 0) {
		people_close(&people);
		free(values);
		return -1;
	}
	asked = find_asked(question, query, result);
	if (asked)
		mask = find_mask(question, query, asked, ~0u);
	if (!values || !mask) {
		(void)question_out_of_memory(question);
		goto out;
	}
	result->passed = mask_count(mask, items_of(question));
	if (query_values(question, query, &people, mask, values, result) < 0 ||
	    rank(question, query, mask, values, result) < 0 || query_choose(question, query, result) < 0)
		goto out;
	for (size_t p = 0; query->kind == QUERY_RECOMMEND && p < people.n; p++)
		predict_hits(&people, p, result);
	status = result->passed > 0 ? 0 : loosen(question, query, asked, result);
out:
	people_close(&people);
	free(values);
	free(asked);
	free(mask);
	return status;
}

void query_result_free(struct query_result *result)
{
	free(result->hits);
	result->hits = NULL;
	result->n = 0;
}

/* score.c - adds up rows of scores, and answers with the best. */
#include "config.h"

#include "corating/score.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corating/corating.h"
#include "kit/topk.h"

void score_common(const struct postings *genres, const struct postings *words, uint32_t item, float *common)
{
	memset(common, 0, genres->rows * sizeof *common);
	postings_add(genres, item, common);
	postings_add(words, item, common);
}

/* Write the score of every item as an answer for `item` to scores[0 .. n); common[] is for what lies between. */
static void score_row(const struct corating *c, uint32_t item, float *restrict common, float *restrict scores)
{
	const float ratings = c->ratings[item], content = c->content[item];
	const float *known = c->known;

	score_common(&c->genres.postings, &c->words.postings, item, common);
	for (uint32_t j = 0; j < c->n; j++)
		scores[j] = content * common[j] * known[j];
	for (uint64_t at = c->partial.offsets[item]; at < c->partial.offsets[item + 1]; at++) {
		const uint32_t j = c->partial.items[at];
		scores[j] += ratings * c->partial.values[at] * (1 + common[j]);
	}
}

/* An item that has nothing in common with what is asked about is no answer. */
static void drop_zeros(const struct corating *c, float *scores)
{
	for (uint32_t j = 0; j < c->n; j++)
		scores[j] = scores[j] > 0 || scores[j] < 0 ? scores[j] : -INFINITY;
}

/* The scores for one item.  scratch[] has room for n. */
static void score_item(const struct corating *c, uint32_t item, float *scratch, float *scores)
{
	score_row(c, item, scratch, scores);
	scores[item] = 0;
	drop_zeros(c, scores);
}

/* The scores for several items.  scratch[] has room for 2 n. */
static void score_terms(const struct corating *c, const struct animed_query *query, float *scratch, float *scores)
{
	float *row = scratch + c->n;

	memset(scores, 0, c->n * sizeof *scores);
	for (size_t t = 0; t < query->n_terms; t++) {
		const float weight = query->terms[t].weight;
		score_row(c, query->terms[t].item, scratch, row);
		for (uint32_t j = 0; j < c->n; j++)
			scores[j] += weight * row[j];
	}
	for (size_t t = 0; t < query->n_terms; t++)
		scores[query->terms[t].item] = 0;
	drop_zeros(c, scores);
}

static int no_memory(const struct corating *c, struct animed_error *err)
{
	return animed_fail(err, "not enough memory to add up the scores of %u items", c->n);
}

int corating_scores(const void *index, const struct animed_query *query, float *scores, struct animed_error *err)
{
	const struct corating *c = index;
	float *scratch = malloc((2 * (size_t)c->n + 1) * sizeof *scratch);

	if (!scratch)
		return no_memory(c, err);
	if (query->item == ANIMED_NO_ITEM)
		score_terms(c, query, scratch, scores);
	else
		score_item(c, query->item, scratch, scores);
	free(scratch);
	return 0;
}

/* The rank that an item must reach.  While there is room any will do, but for the -INFINITY of what is no answer. */
static float least_rank(const struct topk *topk)
{
	return topk->n < topk->limit ? -FLT_MAX : topk_least(topk);
}

/* Nearly all items fall at the first comparison. */
static size_t best(const struct corating *c, const struct animed_query *query, const float *scores, size_t limit,
		   struct animed_hit *hits)
{
	struct topk topk = {hits, limit, 0, c->ids, query->weights};
	float least = -FLT_MAX;

	for (uint32_t j = 0; limit > 0 && j < c->n; j++) {
		const float rank = query->weights ? scores[j] * query->weights[j] : scores[j];
		if (rank >= least && topk_allowed(query->mask, j)) {
			topk_offer(&topk, j, scores[j]);
			least = least_rank(&topk);
		}
	}
	return topk_finish(&topk);
}

int corating_top_k(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits,
		   size_t *n, struct animed_error *err)
{
	const struct corating *c = index;
	float *scores = malloc(((size_t)c->n + 1) * sizeof *scores);

	*n = 0;
	if (!scores)
		return no_memory(c, err);
	const int status = corating_scores(index, query, scores, err);
	if (status == 0)
		*n = best(c, query, scores, limit, hits);
	free(scores);
	return status;
}

int corating_neighbours(const void *index, uint32_t first, uint32_t n, const struct animed_query *query, size_t limit,
			struct animed_hit *hits, uint32_t *counts, struct animed_error *err)
{
	const struct corating *c = index;
	float *scratch = malloc((2 * (size_t)c->n + 1) * sizeof *scratch);

	if (!scratch)
		return no_memory(c, err);
	float *scores = scratch + c->n;
	for (uint32_t i = 0; i < n; i++) {
		score_item(c, first + i, scratch, scores);
		counts[i] = (uint32_t)best(c, query, scores, limit, hits + (size_t)i * limit);
	}
	free(scratch);
	return 0;
}

/* scales.c - puts the two parts of each item's scores on scales of their own, by what its best answers have. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "corating/corating.h"
#include "corating/learn.h"
#include "corating/score.h"
#include "kit/likes.h"
#include "kit/parallel.h"
#include "kit/topk.h"

/* log10(1 + members), or log(1 + ratings) where the members are not known, squared.  An item that nobody has on a list
 * counts as if one had, so that it can be an answer as well. */
static void learn_known(const struct animed_items *items, const struct by_item *by, float *known)
{
	for (uint32_t i = 0; i < items->n; i++) {
		const double n = items->members ? (double)items->members[i] : by->item_counts[i];
		const double size = items->members ? log10(1 + fmax(n, 1)) : log(1 + fmax(n, 1));
		known[i] = (float)(size * size);
	}
}

/* Puts the scores of all items on scales of their own. */
struct scaling {
	const struct learnt *learnt;
	const struct animed_items *items;
	const struct animed_host *host;
	const float *evidence; /* [items] the weight of the ratings */
	double content;
	struct postings genres, words;
	size_t place;
	float *common;           /* [threads, items] */
	struct animed_hit *hits; /* [threads, place] */
};

static void offer(struct topk *topk, uint32_t item, float value)
{
	if (value > 0 && value >= topk_least(topk))
		topk_offer(topk, item, value);
}

/* The value at the place asked for or, where there are fewer values, the largest.  0 where there are none. */
static double scale_of(struct topk *topk)
{
	const size_t n = topk_finish(topk);

	return n == 0 ? 0 : (double)topk->hits[n == topk->limit ? n - 1 : 0].score;
}

static float over(double weight, double scale)
{
	return scale > 0 ? (float)(weight / scale) : 0;
}

static int scale_item(void *ctx, size_t turn, unsigned worker, struct animed_error *err)
{
	const struct scaling *s = ctx;
	const struct learnt *learnt = s->learnt;
	const struct sparse_rows *partial = &learnt->partial;
	const uint32_t n = s->items->n, item = (uint32_t)turn;
	float *common = s->common + (size_t)worker * n;
	struct topk topk = {s->hits + worker * s->place, s->place, 0, s->items->ids, NULL};

	if (s->host->cancelled(s->host->ctx))
		return animed_fail(err, "cancelled");
	score_common(&s->genres, &s->words, item, common);
	for (uint64_t at = partial->offsets[item]; at < partial->offsets[item + 1]; at++)
		offer(&topk, partial->items[at], partial->values[at] * (1 + common[partial->items[at]]));
	learnt->ratings[item] = over((double)s->evidence[item], scale_of(&topk));
	topk.n = 0;
	for (uint32_t j = 0; j < n; j++) {
		if (j != item)
			offer(&topk, j, common[j] * learnt->known[j]);
	}
	learnt->content[item] = over(s->content, scale_of(&topk));
	return 0;
}

static struct postings postings_of(const struct features *features)
{
	return (struct postings){.rows = features->rows,
				 .n_columns = features->n_names,
				 .offsets = features->offsets,
				 .columns = features->columns,
				 .values = features->values};
}

static int scale_all(struct scaling *s, struct animed_error *err)
{
	const size_t threads = s->host->threads;

	s->common = malloc((threads * s->items->n + 1) * sizeof *s->common);
	s->hits = malloc((threads * s->place + 1) * sizeof *s->hits);
	if (!s->common || !s->hits)
		return animed_fail(err, "out of memory");
	if (postings_make(&s->genres, err) < 0 || postings_make(&s->words, err) < 0)
		return -1;
	return parallel_for(s->items->n, s->host->threads, scale_item, s, err);
}

/* The weight of the ratings of each item: m / (m + evidence), for m the co-ratings, which are the other ratings of its
 * raters. */
static void weigh_evidence(const struct animed_dataset *data, const struct by_item *by, double half, double *coratings,
			   float *evidence)
{
	struct likes likes[LIKES_KINDS];

	likes_of(data, likes);
	for (const struct likes *kind = likes; kind < likes + LIKES_KINDS; kind++) {
		for (size_t r = 0; r < kind->n; r++)
			coratings[kind->items[r]] += by->user_counts[kind->users[r]] - 1;
	}
	for (uint32_t i = 0; i < by->n_items; i++)
		evidence[i] = coratings[i] > 0 ? (float)(coratings[i] / (coratings[i] + half)) : 0;
}

int learn_scales(const struct learning *learning, struct learnt *learnt, struct animed_error *err)
{
	const struct by_item *by = &learning->by;
	double *coratings = calloc((size_t)by->n_items + 1, sizeof *coratings);
	float *evidence = malloc(((size_t)by->n_items + 1) * sizeof *evidence);
	struct scaling s = {.learnt = learnt,
			    .items = learning->items,
			    .host = learning->host,
			    .evidence = evidence,
			    .content = learning->values[CORATING_CONTENT].real,
			    .genres = postings_of(&learnt->genres),
			    .words = postings_of(&learnt->words),
			    .place = (size_t)learning->values[CORATING_PLACE].integer};
	int status;

	learn_known(learning->items, by, learnt->known);
	if (coratings && evidence) {
		weigh_evidence(learning->data, by, learning->values[CORATING_EVIDENCE].real, coratings, evidence);
		status = scale_all(&s, err);
	} else {
		status = animed_fail(err, "out of memory");
	}
	free(coratings);
	free(evidence);
	free(s.common);
	free(s.hits);
	postings_free(&s.genres);
	postings_free(&s.words);
	return status;
}

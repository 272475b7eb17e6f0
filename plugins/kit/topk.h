/* topk.h - finds the best of n scores with a heap of the best so far. */
#ifndef PLUGINS_TOPK_H
#define PLUGINS_TOPK_H

#include <math.h>

#include "animed-plugin.h"

struct topk {
	struct animed_hit *hits; /* the caller's, room for `limit`; a heap with the worst on top until topk_finish() */
	size_t limit, n;
	const int64_t *ids;   /* of equal scores the one with the smaller id is better */
	const float *weights; /* see struct animed_query */
};

/* What decides the place of a hit: its score, times its weight where there are weights. */
static inline float topk_rank(const struct topk *topk, struct animed_hit hit)
{
	return topk->weights ? hit.score * topk->weights[hit.item] : hit.score;
}

/* Whether `a` comes after `b`.  Equal scores are rare, so that the processor foresees their branch; which of two others
 * is worse it cannot foresee, so that is no branch. */
static inline bool topk_worse(const struct topk *topk, struct animed_hit a, struct animed_hit b)
{
	const float x = topk_rank(topk, a), y = topk_rank(topk, b);

	if (__builtin_expect(x == y, 0))
		return topk->ids[a.item] > topk->ids[b.item];
	return x < y;
}

/* Offer one candidate. */
void topk_offer(struct topk *topk, uint32_t item, float score);

/* The rank below which an offer changes nothing. */
static inline float topk_least(const struct topk *topk)
{
	return topk->n < topk->limit ? -INFINITY : topk_rank(topk, topk->hits[0]);
}

/* Sort the hits, the best first.  Returns how many there are. */
size_t topk_finish(struct topk *topk);

/* Whether `mask` (see struct animed_query) lets `item` through. */
static inline bool topk_allowed(const uint64_t *mask, uint32_t item)
{
	return !mask || (mask[item / 64] >> (item % 64) & 1);
}

#endif

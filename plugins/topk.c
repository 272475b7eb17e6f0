/* topk.c - a bounded heap. */
#include "config.h"

#include "topk.h"

static bool worse(const struct topk *topk, struct animed_hit a, struct animed_hit b)
{
	return a.score != b.score ? a.score < b.score : topk->ids[a.item] > topk->ids[b.item];
}

static void swap(struct animed_hit *a, struct animed_hit *b)
{
	struct animed_hit t = *a;
	*a = *b;
	*b = t;
}

static void sift_down(struct topk *topk, size_t at, size_t n)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && worse(topk, topk->hits[child + 1], topk->hits[child]))
			child++;
		if (!worse(topk, topk->hits[child], topk->hits[at]))
			return;
		swap(&topk->hits[child], &topk->hits[at]);
	}
}

void topk_offer(struct topk *topk, uint32_t item, float score)
{
	const struct animed_hit hit = {item, score};

	if (topk->n < topk->limit) {
		size_t at = topk->n++;
		topk->hits[at] = hit;
		for (; at > 0 && worse(topk, topk->hits[at], topk->hits[(at - 1) / 2]); at = (at - 1) / 2)
			swap(&topk->hits[at], &topk->hits[(at - 1) / 2]);
	} else if (topk->limit > 0 && worse(topk, topk->hits[0], hit)) {
		topk->hits[0] = hit;
		sift_down(topk, 0, topk->n);
	}
}

size_t topk_finish(struct topk *topk)
{
	for (size_t n = topk->n; n > 1; n--) {
		swap(&topk->hits[0], &topk->hits[n - 1]);
		sift_down(topk, 0, n - 1);
	}
	return topk->n;
}

/* topk.c - a heap of at most `limit` hits. */
#include "config.h"

#include "kit/topk.h"

/* Put `hit` into a heap of n whose top is free: let it sink to where it belongs. */
static void sink(const struct topk *topk, size_t n, struct animed_hit hit)
{
	struct animed_hit *heap = topk->hits;
	size_t at = 0;

	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n)
			child += topk_worse(topk, heap[child + 1], heap[child]);
		if (!topk_worse(topk, heap[child], hit))
			break;
		heap[at] = heap[child];
	}
	heap[at] = hit;
}

void topk_offer(struct topk *topk, uint32_t item, float score)
{
	const struct animed_hit hit = {item, score};
	struct animed_hit *heap = topk->hits;

	if (topk->n < topk->limit) {
		size_t at = topk->n++;
		for (; at > 0 && topk_worse(topk, hit, heap[(at - 1) / 2]); at = (at - 1) / 2)
			heap[at] = heap[(at - 1) / 2];
		heap[at] = hit;
	} else if (topk->limit > 0 && topk_worse(topk, heap[0], hit)) {
		sink(topk, topk->n, hit);
	}
}

size_t topk_finish(struct topk *topk)
{
	struct animed_hit *heap = topk->hits;

	for (size_t n = topk->n; n > 1; n--) {
		const struct animed_hit last = heap[n - 1];
		heap[n - 1] = heap[0];
		sink(topk, n - 1, last);
	}
	return topk->n;
}

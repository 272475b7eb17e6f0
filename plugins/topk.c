/* topk.c - a bounded heap. */
#include "config.h"

#include "topk.h"

/* Equal scores are rare and their branch is foreseen; which of two others is worse is not, so it is no branch. */
static inline bool worse(const int64_t *ids, struct animed_hit a, struct animed_hit b)
{
	if (__builtin_expect(a.score == b.score, 0))
		return ids[a.item] > ids[b.item];
	return a.score < b.score;
}

/* Let `hit` sink from the top of a heap of n, which has room for it there, to where it belongs. */
static void sink(struct animed_hit *heap, size_t n, const int64_t *ids, struct animed_hit hit)
{
	size_t at = 0;

	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n)
			child += worse(ids, heap[child + 1], heap[child]);
		if (!worse(ids, heap[child], hit))
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
		for (; at > 0 && worse(topk->ids, hit, heap[(at - 1) / 2]); at = (at - 1) / 2)
			heap[at] = heap[(at - 1) / 2];
		heap[at] = hit;
	} else if (topk->limit > 0 && worse(topk->ids, heap[0], hit)) {
		sink(heap, topk->n, topk->ids, hit);
	}
}

size_t topk_finish(struct topk *topk)
{
	struct animed_hit *heap = topk->hits;

	for (size_t n = topk->n; n > 1; n--) {
		const struct animed_hit last = heap[n - 1];
		heap[n - 1] = heap[0];
		sink(heap, n - 1, topk->ids, last);
	}
	return topk->n;
}

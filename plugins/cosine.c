/* cosine.c - similarity: the cosine of the angle between item vectors, by an exact scan over all of them. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "animed-plugin.h"
#include "kernels.h"
#include "topk.h"

struct index {
	uint32_t n, k, width;
	float *rows;        /* [n, width], of length 1, padded with zeros; a zero vector stays zero */
	bool *directed;     /* [n]: not a zero vector */
	const int64_t *ids; /* the host's */
};

/* Copy a vector to length 1; false where it has no direction. */
static bool normalise(const float *from, float *to, uint32_t k)
{
	double sum = 0;

	for (uint32_t j = 0; j < k; j++)
		sum += (double)from[j] * (double)from[j];
	if (sum == 0)
		return false;
	const double scale = 1 / sqrt(sum);
	for (uint32_t j = 0; j < k; j++)
		to[j] = (float)((double)from[j] * scale);
	return true;
}

static void index_close(void *arg)
{
	struct index *index = arg;

	free(index->rows);
	free(index->directed);
	free(index);
}

static int index_open(const struct animed_value *values, const struct animed_vectors *vectors,
		      const struct animed_host *host, void **out, struct animed_error *err)
{
	struct index *index = calloc(1, sizeof *index);
	const uint32_t width = kernel_width(vectors->k);
	const size_t bytes = (size_t)vectors->n * width * sizeof(float);

	(void)values;
	(void)host;
	if (!index)
		return animed_fail(err, "out of memory");
	*index = (struct index){vectors->n, vectors->k, width, NULL, NULL, vectors->ids};
	index->rows = aligned_alloc(KERNEL_ALIGN, bytes ? bytes : KERNEL_ALIGN);
	index->directed = calloc(vectors->n + 1, sizeof *index->directed);
	if (!index->rows || !index->directed) {
		index_close(index);
		return animed_fail(err, "not enough memory to index %u items of %u factors", vectors->n, vectors->k);
	}
	memset(index->rows, 0, bytes);
	for (uint32_t i = 0; i < vectors->n; i++)
		index->directed[i] =
		    normalise(vectors->rows + (size_t)i * vectors->k, index->rows + (size_t)i * width, vectors->k);
	*out = index;
	return 0;
}

static size_t scan(const struct index *index, const float *vector, const struct animed_query *query, size_t limit,
		   struct animed_hit *hits)
{
	struct topk topk = {hits, limit, 0, index->ids};
	const struct kernels *kernels = kernels_best();

	for (uint32_t i = 0; i < index->n; i++) {
		if (i == query->item || !index->directed[i] || !topk_allowed(query->mask, i))
			continue;
		float cosine = kernels->dot(index->rows + (size_t)i * index->width, vector, index->width);
		topk_offer(&topk, i, fminf(fmaxf(cosine, -1), 1)); /* rounding */
	}
	return topk_finish(&topk);
}

static size_t top_k(const void *arg, const struct animed_query *query, size_t limit, struct animed_hit *hits)
{
	const struct index *index = arg;

	if (query->item != ANIMED_NO_ITEM) {
		if (query->item >= index->n || !index->directed[query->item])
			return 0;
		return scan(index, index->rows + (size_t)query->item * index->width, query, limit, hits);
	}
	float *vector = aligned_alloc(KERNEL_ALIGN, index->width * sizeof *vector);
	size_t n = 0;
	if (vector) {
		memset(vector, 0, index->width * sizeof *vector);
		if (normalise(query->vector, vector, index->k))
			n = scan(index, vector, query, limit, hits);
	}
	free(vector);
	return n;
}

static const struct animed_similarity_ops ops = {.open = index_open, .close = index_close, .top_k = top_k};

static const struct animed_param params[] = {{NULL, 0, NULL, 0, 0, NULL, 0, NULL}};

ANIMED_PLUGIN(.kind = ANIMED_SIMILARITY, .name = "cosine", .summary = "the cosine of the angle between item vectors",
	      .params = params, .ops.similarity = &ops);

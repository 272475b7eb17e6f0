/* scan.h - what the similarity plugins share: an exact scan over all item vectors, which keeps the best in a heap.
 *
 * A metric is three things: what it makes of a vector before that is compared, the sum that compares, and what it makes
 * of the sum.  The rest is here.  Each item that the index may know (see struct animed_vectors) and that the metric can
 * place has a row in panels (see scan-kernels.h).  The answers of one item alone and of many at once are the same to
 * the bit. */
#ifndef PLUGINS_SCAN_H
#define PLUGINS_SCAN_H

#include "animed-plugin.h"

/* The most factors a vector may have, since a query is prepared on the stack. */
#define SCAN_MAX_K 4096u

enum scan_sum {
	SCAN_PRODUCTS,  /* scalar products */
	SCAN_DISTANCES, /* minus the squared Euclidean distances */
};

struct scan_metric {
	/* Make the vector that is compared from one of k factors.  Returns false where the metric cannot place it, such
	 * as a zero vector, which has no direction. */
	bool (*prepare)(const float *from, float *to, uint32_t k);
	enum scan_sum sum;
	/* Turn n sums into scores, in place; a larger sum never has a smaller score.  NULL where sums are scores. */
	void (*score)(float *sums, size_t n);
	/* A sum that is no larger than any whose score is at least `least`, so that only the sums of answers need be
	 * turned into scores.  NULL where it is `least` itself. */
	float (*bound)(float least);
};

/* The operations of struct animed_similarity_ops.  scan_open() takes the metric, which must outlive the index. */
int scan_open(const struct scan_metric *metric, const struct animed_vectors *vectors, void **index,
	      struct animed_error *err);
void scan_close(void *index);
int scan_top_k(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits, size_t *n,
	       struct animed_error *err);
int scan_neighbours(const void *index, uint32_t first, uint32_t n, const struct animed_query *query, size_t limit,
		    struct animed_hit *hits, uint32_t *counts, struct animed_error *err);
int scan_scores(const void *index, const struct animed_query *query, float *scores, struct animed_error *err);

/* The parts of a sum of products are the products.  With distances each factor has its share in what the score loses
 * against that of the vector itself, which is *rest. */
int scan_parts(const void *index, const struct animed_query *query, uint32_t item, size_t limit,
	       struct animed_part *parts, size_t *n, float *rest, struct animed_error *err);

/* ---- parts of metrics ---- */

/* The vector at length 1. */
bool scan_unit(const float *from, float *to, uint32_t k);

/* The vector less the mean of its factors, at length 1. */
bool scan_centred_unit(const float *from, float *to, uint32_t k);

/* The vector as it is. */
bool scan_plain(const float *from, float *to, uint32_t k);

/* Move scores that rounding took past -1 or 1 back there. */
void scan_clamp(float *sums, size_t n);

/* The description of a plugin that has no more than a metric.  DIRECTIONAL is as in struct animed_similarity_ops. */
#define SCAN_PLUGIN(NAME, SUMMARY, DIRECTIONAL, METRIC)                                                                \
	static int open_index(const struct animed_value *values, const struct animed_similarity_input *input,          \
			      const struct animed_host *host, void **index, struct animed_error *err)                  \
	{                                                                                                              \
		(void)values;                                                                                          \
		(void)host;                                                                                            \
		return scan_open(&(METRIC), &input->vectors, index, err);                                              \
	}                                                                                                              \
	static const struct animed_similarity_ops ops = {.directional = (DIRECTIONAL),                                 \
							 .open = open_index,                                           \
							 .close = scan_close,                                          \
							 .top_k = scan_top_k,                                          \
							 .neighbours = scan_neighbours,                                \
							 .scores = scan_scores,                                        \
							 .parts = scan_parts};                                         \
	static const struct animed_param params[] = {                                                                  \
	    {"neighbours", ANIMED_INT, "100", 0, 1000, NULL, 0,                                                        \
	     "how many neighbours of every item are computed beforehand; 0: none, every query scans"},                 \
	    {NULL, 0, NULL, 0, 0, NULL, 0, NULL}};                                                                     \
	ANIMED_PLUGIN(.kind = ANIMED_SIMILARITY, .name = (NAME), .summary = (SUMMARY), .params = params,               \
		      .ops.similarity = &ops)

#endif

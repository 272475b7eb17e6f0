/* measure.h - a similarity of the pipeline, opened for a model: its index, which items it knows, and what it answers
 * with where a query says nothing else. */
#ifndef ANIMED_MEASURE_H
#define ANIMED_MEASURE_H

#include "config/conf.h"
#include "store/modelfile.h"

/* What similarities are opened for: a model, as far as they know it. */
struct measured {
	const struct conf *conf;
	const struct modelfile *file;
	struct animed_vectors vectors; /* of the model; `present` are the items that have ratings and a direction */
	struct animed_items items;
	const uint64_t *all; /* a bit for each item */
};

struct measure {
	const char *name; /* of the plugin, which outlives the measure */
	const struct animed_similarity_ops *ops;
	void *index;
	struct animed_vectors vectors; /* of the model */
	struct animed_tensor *tensors; /* what the plugin has learnt, in the file; NULL for one that does not learn */
	const uint64_t *known;         /* a bit an item: whether it can be asked about and be an answer; the model's */
	uint64_t *mask;                /* the items of `known` with as many ratings as the configuration asks for */
	float *weights; /* [items]: support_of() with the shrink of the configuration; NULL: all weigh the same */
	double cost;    /* seconds that one question for the usual number of answers takes on this machine; decides
			 * whether a query is answered at once or in a thread of the pool */
};

/* Open a similarity for what is measured, which must outlive it, on host->threads threads.  A plugin that learns counts the evidence for its scores itself, so that the shrink and the least number of ratings of the
 * configuration do not apply to it.  Returns 0; 1 where the model file has nothing that the plugin has learnt, and
 * *measure is zeroed.  On failure returns -1 and fills err.  The caller calls measure_close() in every case. */
int measure_open(struct measure *measure, const struct conf_stage *stage, const struct measured *measured,
		 const struct animed_host *host, struct animed_error *err);
void measure_close(struct measure *measure);

/* Make of n terms what the plugin is asked; *scratch, which *out may point to, is to be freed with free() whatever is
 * returned.  Returns 0, or 1 where only the direction counts and the terms cancel each other out.  Where memory is
 * short, returns -1 and fills err.  Any thread. */
int measure_compose(const struct measure *measure, const struct animed_term *terms, size_t n, struct animed_query *out,
		    void **scratch, struct animed_error *err);

/* Write the score of every item to scores[0 .. items), -INFINITY for those that are no answers, as the operation
 * scores() does; without it all answers of top_k() are asked for.  On failure returns -1 and fills err.  Any thread. */
int measure_scores(const struct measure *measure, const struct animed_query *asked, float *scores,
		   struct animed_error *err);

/* Write to scores[0 .. items) the scores for n terms, each times its weight as it is given, and added up; 0 for the terms
 * themselves and for what has no score.  This is what a ranking asks for (struct animed_person).  On failure returns -1
 * and fills err.  Any thread. */
int measure_sum(const struct measure *measure, const struct animed_term *terms, size_t n, float *scores,
		struct animed_error *err);

/* Whether a vector has a direction: one of zeros has none. */
static inline bool vector_is_directed(const float *row, uint32_t k)
{
	uint32_t j = 0;

	while (j < k && row[j] == 0.0F)
		j++;
	return j < k;
}

/* Returns a score, which may have been weighed, as people read it: from 0, no match, to 1, a perfect one. */
float measure_match(const struct measure *measure, float score);

/* Whether the plugin learns, rather than that it compares the vectors of the model. */
static inline bool measure_learns(const struct measure *measure)
{
	return measure->ops->learn != NULL;
}

/* Returns a new mask of the items in `of` that have at least `min_ratings` ratings, which the caller frees with free().
 * If the catalogue has no counts, all items in `of` are in the mask.  Returns NULL where memory is short. */
uint64_t *support_mask(const struct catalogue *catalogue, const uint64_t *of, int64_t min_ratings);

/* Returns what n ratings weigh, n / (n + shrink): as many ratings as `shrink` weigh one half.  This is the significance
 * weighting of Herlocker, Konstan, Borchers and Riedl ("An Algorithmic Framework for Performing Collaborative
 * Filtering", 1999, section 5.1), but rises smoothly, where theirs stops at a bound. */
static inline float support_of(int64_t n, double shrink)
{
	return n > 0 ? (float)((double)n / ((double)n + shrink)) : 0;
}

#endif

/* ranker.h - the ranking of a pipeline, opened for what has just been trained, without a model file: what a training and
 * an evaluation measure. */
#ifndef ANIMED_RANKER_H
#define ANIMED_RANKER_H

#include "model/measure.h"
#include "train/learn.h"

/* What a ranker is made of.  All of it must outlive the ranker, as it is. */
struct ranker_input {
	const struct conf *conf; /* whose pipeline has a ranking */
	const struct catalogue *catalogue;
	const struct animed_dataset *data;    /* what was trained on */
	const struct animed_factors *factors; /* the model that was trained on it */
	const struct learning *learning;      /* what was learnt from it */
	bool alone; /* without the similarity, which then scores nothing; else `learning` has what it learns */
};

struct ranker {
	struct ranker_input of;
	uint32_t *franchises; /* [items] */
	uint32_t *counts;     /* [items], ratings that were trained on */
	uint64_t *present;    /* a bit an item: whether it has such ratings and a vector that is not zero */
	struct animed_vectors vectors;
	struct measure similarity; /* without operations where it is not open */
	void *ranking;             /* the index of the ranking plugin, if ranking_open */
	bool ranking_open;
};

/* Open the ranking of the pipeline and the first similarity, which it may ask.  Returns 0.  On failure returns -1 and
 * fills err.  The caller calls ranker_close() in either case. */
int ranker_open(struct ranker *ranker, const struct ranker_input *of, const struct animed_host *host,
		struct animed_error *err);
void ranker_close(struct ranker *ranker);

/* Somebody for whom items are ranked. */
struct ranker_person {
	size_t n; /* at least 1 */
	const uint32_t *items;
	const float *scores;
	const float *vector; /* [k], the factors of this user in the model */
	float bias;          /* the user's bias; 0 where the model has none */
};

/* Write the value by which the ranking orders each item to values[0 .. items), the larger the better; -INFINITY: it is
 * no answer.  The person's own items have any value.  Returns 0.  On failure returns -1 and fills err.  Any thread. */
int ranker_values(const struct ranker *ranker, const struct ranker_person *person, float *values,
		  struct animed_error *err);

#endif

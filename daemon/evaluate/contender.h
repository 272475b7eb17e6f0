/* contender.h - what is measured: a model or a baseline, and the task that all of them are given. */
#ifndef ANIMED_CONTENDER_H
#define ANIMED_CONTENDER_H

#include "config/conf.h"
#include "evaluate/holdout.h"

#define NO_CANDIDATE UINT32_MAX

/* A holdout, and what follows from it for ranking.  The candidates are the items with a training rating, in ascending
 * order; `relevant` are the hidden ratings from `threshold` up, of each test user in the order of items.  An item that
 * is relevant but no candidate stays relevant: not to find it is a miss. */
struct contender_task {
	const struct holdout *holdout;
	const struct animed_host *host; /* its cancelled() is asked on any thread */
	uint64_t seed;
	float threshold;
	uint32_t n_candidates;
	uint32_t *candidates;    /* [n_candidates], items */
	int64_t *candidate_ids;  /* [n_candidates] */
	uint32_t *counts;        /* [n_candidates], training ratings */
	uint32_t *positions;     /* [n_items], the candidate or NO_CANDIDATE */
	uint32_t *relevant;      /* items */
	size_t *relevant_starts; /* [test users + 1], in relevant */
	uint32_t *ranked;        /* [n_ranked], the test users with relevant items, ascending */
	uint32_t n_ranked;
};

/* `ids` are the ids of the items.  *task is to be freed with contender_task_free() where this succeeds, and may be where not. */
int contender_task_prepare(const struct holdout *holdout, const struct animed_host *host, const int64_t *ids,
			   uint64_t seed, float threshold, struct contender_task *task, struct animed_error *err);
void contender_task_free(struct contender_task *task);

struct contender {
	const char *name;
	const struct conf_stage *model; /* of the configuration's model only */
	/* Learn from the training part and from what is shown; *state goes to the rest, close() last. */
	int (*open)(const struct contender *self, const struct contender_task *task, void **state,
		    struct animed_error *err);
	void (*close)(void *state);
	/* Predict the hidden ratings of test user `t`.  NULL: this one predicts nothing.  Any thread. */
	void (*predict)(const void *state, uint32_t t, float *predictions);
	/* Score all candidates for n <= RANK_BATCH test users: scores [n, n_candidates].  Only the order of one user's
	 * scores counts.  NULL: this one does not rank.  Any thread. */
	void (*rank)(const void *state, const uint32_t *users, uint32_t n, float *scores);
};

enum { RANK_BATCH = 64 };

/* The contender that is the configured model. */
struct contender contender_model(const struct conf_stage *model);

#endif

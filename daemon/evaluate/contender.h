/* contender.h - a contender is what is measured, a model or a baseline; all are given the same task. */
#ifndef ANIMED_CONTENDER_H
#define ANIMED_CONTENDER_H

#include "config/conf.h"
#include "evaluate/holdout.h"

#define NO_CANDIDATE UINT32_MAX

/* A holdout, and what follows from it for ranking.  The candidates are the items with a training rating, ascending.
 * `relevant` has the hidden items rated `threshold` or higher, those of each test user ascending.  An item that is
 * relevant and no candidate stays relevant: a contender that cannot find it misses it. */
struct contender_task {
	const struct holdout *holdout;
	const struct animed_host *host; /* its cancelled() is asked on any thread */
	uint64_t seed;
	float threshold;
	uint32_t n_candidates;
	uint32_t *candidates;       /* [n_candidates], items */
	int64_t *candidate_ids;     /* [n_candidates] */
	uint32_t *counts;           /* [n_candidates], training ratings */
	uint32_t *positions;        /* [n_items], the number of the candidate, or NO_CANDIDATE */
	bool *tail;                 /* [n_candidates], whether it is of the long tail, see metrics.h */
	const uint32_t *franchises; /* [n_items], as in struct animed_items; the caller's */
	uint32_t *relevant;         /* items */
	size_t *relevant_starts;    /* [test users + 1], where each test user begins in `relevant` */
	uint32_t *ranked;           /* [n_ranked], the test users with relevant items, ascending */
	uint32_t n_ranked;
};

/* Work out the task for items with these ids and franchises, which must outlive it.  The caller frees it with
 * contender_task_free(), on failure too.  On failure returns -1 and fills err. */
int contender_task_prepare(const struct holdout *holdout, const struct animed_host *host,
			   const struct animed_items *items, uint64_t seed, float threshold,
			   struct contender_task *task, struct animed_error *err);
void contender_task_free(struct contender_task *task);

struct contender {
	const char *name;
	const struct conf_stage *model;                /* NULL for all but the model */
	const struct contender_ranking_input *ranking; /* NULL for all but the ranking */
	/* Learn from what is trained on and from what is shown.  *state is handed to the calls below, and to close() at
	 * the end.  On failure returns -1 and fills err. */
	int (*open)(const struct contender *self, const struct contender_task *task, void **state,
		    struct animed_error *err);
	void (*close)(void *state);
	/* Predict the hidden ratings of test user `t`.  NULL where this contender predicts nothing.  Any thread. */
	void (*predict)(const void *state, uint32_t t, float *predictions);
	/* Score all candidates for n <= RANK_BATCH test users: scores [n, n_candidates].  Only the order of one user's
	 * scores counts; -INFINITY: the item is no answer.  On failure returns -1 and fills err.  NULL where this
	 * contender does not rank.  Any thread. */
	int (*rank)(const void *state, const uint32_t *users, uint32_t n, float *scores, struct animed_error *err);
};

enum { RANK_BATCH = 64 };

/* The contender that is the configured model. */
struct contender contender_model(const struct conf_stage *model);

/* What the model is, once it is open as a contender, and the factors of test user `t` in it. */
const struct animed_factors *contender_model_factors(const void *state);
const float *contender_model_user(const void *state, uint32_t t, float *bias);

/* What the configured ranking is measured with. */
struct contender_ranking_input {
	const struct conf *conf;
	const struct dataset *dataset;
	const void *model; /* the state of the model as a contender; stays open as long as the ranking */
};

/* The contender that is the configured ranking, whose input must outlive it.  It learns from the training ratings
 * alone. */
struct contender contender_ranking(const struct contender_ranking_input *input);

#endif

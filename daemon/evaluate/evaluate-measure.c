/* evaluate-measure.c - measures one contender.  The figures do not depend on the number of threads: what is measured on
 * each user is kept apart, and summed up in the order of users. */
#include "config.h"

#include "evaluate/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mask.h"
#include "kit/parallel.h"
#include "kit/topk.h"

/* Memory of one thread. */
struct scratch {
	float *scores;           /* [RANK_BATCH, n_candidates] */
	struct animed_hit *hits; /* [length] */
	uint32_t *list;          /* [length], items */
	uint32_t *relevant;      /* [n_items] */
	uint64_t *known; /* a bit an item: whether the user has shown something of the franchise of this number */
};

/* A contender while it is measured. */
struct measuring {
	const struct contender *contender;
	const struct contender_task *task;
	void *state;
	unsigned top;
	unsigned length;            /* of the lists that are made: top, or RECALL_LONG where that is more */
	size_t batches;             /* of ranked users */
	struct user_metrics *users; /* [test users] */
	float *predictions;         /* [hidden] */
	uint32_t *places, *lengths; /* [n_ranked, top], [n_ranked] */
	unsigned threads;           /* threads that rank, at most one for each batch */
	struct scratch *scratch;    /* [threads] */
};

static int predict_user(void *ctx, size_t t, unsigned worker, struct animed_error *err)
{
	struct measuring *m = ctx;
	const struct holdout *holdout = m->task->holdout;
	const struct test_user *user = &holdout->users[t];

	(void)worker;
	(void)err;
	m->contender->predict(m->state, (uint32_t)t, m->predictions + user->hidden);
	metrics_predicted(&m->users[t], m->predictions + user->hidden, holdout->hidden.scores + user->hidden,
			  user->n_hidden);
	return 0;
}

/* Write the best candidates, as items, to scratch->list.  Returns how many there are. */
static size_t list_best(const struct measuring *m, const float *scores, const struct scratch *scratch)
{
	const struct contender_task *task = m->task;
	struct topk best = {.hits = scratch->hits, .limit = m->length, .ids = task->candidate_ids};

	for (uint32_t c = 0; c < task->n_candidates; c++) {
		if (scores[c] > topk_least(&best))
			topk_offer(&best, c, scores[c]);
	}
	const size_t n = topk_finish(&best);
	for (size_t p = 0; p < n; p++)
		scratch->list[p] = task->candidates[scratch->hits[p].item];
	return n;
}

/* Judge a list of items of franchises that test user `t` has shown nothing of, by the relevant items of such
 * franchises.  Where there are none, nothing is judged. */
static void rank_fresh(struct measuring *m, uint32_t t, float *scores, const struct scratch *scratch)
{
	const struct contender_task *task = m->task;
	const struct test_user *user = &task->holdout->users[t];
	size_t n_relevant = 0;

	memset(scratch->known, 0, mask_words(task->holdout->data.n_items) * sizeof *scratch->known);
	for (size_t s = user->shown; s < user->shown + user->n_shown; s++)
		mask_set(scratch->known, task->franchises[task->holdout->shown.items[s]]);
	for (size_t r = task->relevant_starts[t]; r < task->relevant_starts[t + 1]; r++) {
		if (!mask_has(scratch->known, task->franchises[task->relevant[r]]))
			scratch->relevant[n_relevant++] = task->relevant[r];
	}
	if (n_relevant == 0)
		return;
	for (uint32_t c = 0; c < task->n_candidates; c++) {
		if (mask_has(scratch->known, task->franchises[task->candidates[c]]))
			scores[c] = -INFINITY;
	}
	const size_t n = list_best(m, scores, scratch);
	metrics_ranked(&m->users[t].fresh, scratch->list, n, scratch->relevant, n_relevant, m->top);
}

/* List the best candidates for the r-th ranked user, without those that the user is known to have rated, and judge the
 * list. */
static void rank_user(struct measuring *m, size_t r, float *scores, const struct scratch *scratch)
{
	const struct contender_task *task = m->task;
	const uint32_t t = task->ranked[r];
	const struct test_user *user = &task->holdout->users[t];
	const size_t relevant = task->relevant_starts[t];

	for (size_t s = user->shown; s < user->shown + user->n_shown; s++) {
		const uint32_t c = task->positions[task->holdout->shown.items[s]];
		if (c != NO_CANDIDATE)
			scores[c] = -INFINITY;
	}
	const size_t n = list_best(m, scores, scratch);
	m->lengths[r] = n < m->top ? (uint32_t)n : m->top;
	for (size_t p = 0; p < m->lengths[r]; p++)
		m->places[r * m->top + p] = scratch->hits[p].item;
	metrics_ranked(&m->users[t].list, scratch->list, n, task->relevant + relevant,
		       task->relevant_starts[t + 1] - relevant, m->top);
	rank_fresh(m, t, scores, scratch);
}

static int rank_batch(void *ctx, size_t batch, unsigned worker, struct animed_error *err)
{
	struct measuring *m = ctx;
	const struct contender_task *task = m->task;
	const struct scratch *scratch = &m->scratch[worker];
	const size_t first = batch * RANK_BATCH;
	const uint32_t n = task->n_ranked - first < RANK_BATCH ? (uint32_t)(task->n_ranked - first) : RANK_BATCH;

	if (task->host->cancelled(task->host->ctx))
		return animed_fail(err, "cancelled");
	if (m->contender->rank(m->state, task->ranked + first, n, scratch->scores, err) < 0)
		return -1;
	for (uint32_t u = 0; u < n; u++)
		rank_user(m, first + u, scratch->scores + (size_t)u * task->n_candidates, scratch);
	return 0;
}

static void free_measuring(struct measuring *m)
{
	for (unsigned w = 0; m->scratch && w < m->threads; w++) {
		free(m->scratch[w].scores);
		free(m->scratch[w].hits);
		free(m->scratch[w].list);
		free(m->scratch[w].relevant);
		free(m->scratch[w].known);
	}
	free(m->scratch);
	free(m->users);
	free(m->predictions);
	free(m->places);
	free(m->lengths);
}

static int alloc_measuring(struct measuring *m, struct animed_error *err)
{
	const struct contender_task *task = m->task;
	const uint32_t n_items = task->holdout->data.n_items;
	bool all = true;

	m->users = calloc((size_t)task->holdout->n_users + 1, sizeof *m->users);
	m->predictions = malloc((task->holdout->hidden.n + 1) * sizeof *m->predictions);
	m->places = malloc(((size_t)task->n_ranked * m->top + 1) * sizeof *m->places);
	m->lengths = malloc(((size_t)task->n_ranked + 1) * sizeof *m->lengths);
	m->scratch = calloc(m->threads, sizeof *m->scratch);
	for (unsigned w = 0; m->scratch && w < m->threads; w++) {
		struct scratch *scratch = &m->scratch[w];
		scratch->scores = malloc((size_t)RANK_BATCH * task->n_candidates * sizeof *scratch->scores);
		scratch->hits = malloc(m->length * sizeof *scratch->hits);
		scratch->list = malloc(m->length * sizeof *scratch->list);
		scratch->relevant = malloc(((size_t)n_items + 1) * sizeof *scratch->relevant);
		scratch->known = malloc((mask_words(n_items) + 1) * sizeof *scratch->known);
		all = all && scratch->scores && scratch->hits && scratch->list && scratch->relevant && scratch->known;
	}
	if (all && m->users && m->predictions && m->places && m->lengths && m->scratch)
		return 0;
	return animed_fail(err, "not enough memory to rank %u items for %u users", task->n_candidates, task->n_ranked);
}

static int measure(struct measuring *m, double out[METRICS], struct animed_error *err)
{
	const struct contender_task *task = m->task;
	const struct contender *contender = m->contender;
	const struct metrics_lists lists = {m->places,    m->lengths, task->n_ranked,    m->top,
					    task->counts, task->tail, task->n_candidates};

	if (contender->predict && parallel_for(task->holdout->n_users, task->host->threads, predict_user, m, err) < 0)
		return -1;
	if (contender->rank && parallel_for(m->batches, m->threads, rank_batch, m, err) < 0)
		return -1;
	if (metrics_total(m->users, task->holdout->n_users, contender->rank ? &lists : NULL, out) < 0)
		return animed_fail(err, "out of memory");
	return 0;
}

int evaluate_opened(const struct contender *contender, const struct contender_task *task, void *state, unsigned top,
		    double out[METRICS], struct animed_error *err)
{
	struct measuring m = {
	    .contender = contender,
	    .task = task,
	    .state = state,
	    .top = top,
	    .length = top > RECALL_LONG ? top : RECALL_LONG,
	    .batches = ((size_t)task->n_ranked + RANK_BATCH - 1) / RANK_BATCH,
	};

	m.threads = task->host->threads < m.batches ? task->host->threads : (unsigned)m.batches;
	int status = alloc_measuring(&m, err);
	if (status == 0)
		status = measure(&m, out, err);
	free_measuring(&m);
	return status;
}

int evaluate_contender(const struct contender *contender, const struct contender_task *task, unsigned top,
		       double out[METRICS], struct animed_error *err)
{
	const uint64_t start = clock_begin();
	void *state;

	if (contender->open(contender, task, &state, err) < 0)
		return -1;
	const int status = evaluate_opened(contender, task, state, top, out, err);
	contender->close(state);
	out[METRIC_SECONDS] = clock_seconds(start);
	return status;
}

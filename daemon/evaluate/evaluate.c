/* evaluate.c - runs the contenders over a split.  The figures do not depend on the number of threads: what is measured
 * on each user is kept apart, and summed up in the order of users. */
#include "config.h"

#include "evaluate/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "evaluate/baseline.h"
#include "kit/parallel.h"
#include "kit/topk.h"

/* Memory of one thread. */
struct scratch {
	float *scores;           /* [RANK_BATCH, n_candidates] */
	struct animed_hit *hits; /* [top] */
	uint32_t *list;          /* [top], items */
};

/* A contender while it is measured. */
struct measuring {
	const struct contender *contender;
	const struct contender_task *task;
	void *state;
	unsigned top;
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

/* List the best candidates for the r-th ranked user, without those that the user is known to have rated, and judge the
 * list. */
static void rank_user(struct measuring *m, size_t r, float *scores, const struct scratch *scratch)
{
	const struct contender_task *task = m->task;
	const uint32_t t = task->ranked[r];
	const struct test_user *user = &task->holdout->users[t];
	const size_t relevant = task->relevant_starts[t];
	struct topk best = {.hits = scratch->hits, .limit = m->top, .ids = task->candidate_ids};

	for (size_t s = user->shown; s < user->shown + user->n_shown; s++) {
		const uint32_t c = task->positions[task->holdout->shown.items[s]];
		if (c != NO_CANDIDATE)
			scores[c] = -INFINITY;
	}
	for (uint32_t c = 0; c < task->n_candidates; c++) {
		if (scores[c] > topk_least(&best))
			topk_offer(&best, c, scores[c]);
	}
	const size_t n = topk_finish(&best);
	for (size_t p = 0; p < n; p++) {
		m->places[r * m->top + p] = scratch->hits[p].item;
		scratch->list[p] = task->candidates[scratch->hits[p].item];
	}
	m->lengths[r] = (uint32_t)n;
	metrics_ranked(&m->users[t], scratch->list, n, task->relevant + relevant,
		       task->relevant_starts[t + 1] - relevant, m->top);
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
	m->contender->rank(m->state, task->ranked + first, n, scratch->scores);
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
	bool all = true;

	m->users = calloc((size_t)task->holdout->n_users + 1, sizeof *m->users);
	m->predictions = malloc((task->holdout->hidden.n + 1) * sizeof *m->predictions);
	m->places = malloc(((size_t)task->n_ranked * m->top + 1) * sizeof *m->places);
	m->lengths = malloc(((size_t)task->n_ranked + 1) * sizeof *m->lengths);
	m->scratch = calloc(m->threads, sizeof *m->scratch);
	for (unsigned w = 0; m->scratch && w < m->threads; w++) {
		struct scratch *scratch = &m->scratch[w];
		scratch->scores = malloc((size_t)RANK_BATCH * task->n_candidates * sizeof *scratch->scores);
		scratch->hits = malloc(m->top * sizeof *scratch->hits);
		scratch->list = malloc(m->top * sizeof *scratch->list);
		all = all && scratch->scores && scratch->hits && scratch->list;
	}
	if (all && m->users && m->predictions && m->places && m->lengths && m->scratch)
		return 0;
	return animed_fail(err, "not enough memory to rank %u items for %u users", task->n_candidates, task->n_ranked);
}

static int measure(struct measuring *m, double out[METRICS], struct animed_error *err)
{
	const struct contender_task *task = m->task;
	const struct contender *contender = m->contender;
	const struct metrics_lists lists = {m->places, m->lengths,   task->n_ranked,
					    m->top,    task->counts, task->n_candidates};

	if (contender->predict && parallel_for(task->holdout->n_users, task->host->threads, predict_user, m, err) < 0)
		return -1;
	if (contender->rank && parallel_for(m->batches, m->threads, rank_batch, m, err) < 0)
		return -1;
	if (metrics_total(m->users, task->holdout->n_users, contender->rank ? &lists : NULL, out) < 0)
		return animed_fail(err, "out of memory");
	return 0;
}

int evaluate_contender(const struct contender *contender, const struct contender_task *task, unsigned top,
		       double out[METRICS], struct animed_error *err)
{
	struct measuring m = {
	    .contender = contender,
	    .task = task,
	    .top = top,
	    .batches = ((size_t)task->n_ranked + RANK_BATCH - 1) / RANK_BATCH,
	};
	const uint64_t start = clock_begin();

	m.threads = task->host->threads < m.batches ? task->host->threads : (unsigned)m.batches;
	int status = alloc_measuring(&m, err);
	if (status == 0)
		status = contender->open(contender, task, &m.state, err);
	if (status == 0) {
		status = measure(&m, out, err);
		contender->close(m.state);
	}
	out[METRIC_SECONDS] = clock_seconds(start);
	free_measuring(&m);
	return status;
}

static int make_holdout(const struct dataset *dataset, const struct evaluate_options *options, uint64_t seed,
			struct holdout *out, struct animed_error *err)
{
	switch (options->split) {
	case SPLIT_RANDOM:
		return holdout_random(dataset, options->share, seed, out, err);
	case SPLIT_LEAVE_OUT:
		return holdout_leave_out(dataset, options->leave_out, seed, out, err);
	case SPLIT_USERS:
		return holdout_users(dataset, options->users, options->share, seed, out, err);
	}
	return -1;
}

/* Count the hidden items that are no candidates.  Returns 0.  On failure returns -1 and fills err. */
static int count_cold(const struct contender_task *task, uint32_t *cold, struct animed_error *err)
{
	const struct animed_ratings *hidden = &task->holdout->hidden;
	uint8_t *seen = calloc((size_t)task->holdout->data.n_items + 1, 1);

	if (!seen)
		return animed_fail(err, "out of memory");
	for (size_t r = 0; r < hidden->n; r++) {
		*cold += task->positions[hidden->items[r]] == NO_CANDIDATE && !seen[hidden->items[r]];
		seen[hidden->items[r]] = 1;
	}
	free(seen);
	return 0;
}

static uint32_t count_users(const struct animed_ratings *ratings)
{
	uint32_t n = 0;

	for (size_t r = 0; r < ratings->n; r = holdout_user_end(ratings, r))
		n++;
	return n;
}

static int collect_facts(const struct contender_task *task, struct evaluate_facts *facts, struct animed_error *err)
{
	const struct holdout *holdout = task->holdout;

	*facts = (struct evaluate_facts){
	    .seed = task->seed,
	    .train = holdout->data.train.n,
	    .hidden = holdout->hidden.n,
	    .relevant = task->relevant_starts[holdout->n_users],
	    .train_users = count_users(&holdout->data.train),
	    .test_users = holdout->n_users,
	    .ranked_users = task->n_ranked,
	    .candidates = task->n_candidates,
	};
	for (uint32_t t = 0; t < holdout->n_users; t++)
		facts->shown += holdout->users[t].n_shown;
	return count_cold(task, &facts->cold, err);
}

static int run_once(const struct conf *conf, const struct dataset *dataset, const struct animed_host *host,
		    unsigned run, struct evaluation *out, struct animed_error *err)
{
	const struct evaluate_options *options = &out->options;
	const struct contender model = contender_model(&conf->model);
	const struct contender *const rows[EVALUATE_ROWS] = {&baseline_mean, &baseline_bias, &baseline_popularity,
							     &baseline_knn, &model};
	const uint64_t seed = options->seed + run;
	struct holdout holdout;
	struct contender_task task = {.n_candidates = 0};
	double values[METRICS];

	if (make_holdout(dataset, options, seed, &holdout, err) < 0)
		return -1;
	const double low = (double)holdout.data.score_min, high = (double)holdout.data.score_max;
	if (isnan(out->options.threshold))
		out->options.threshold = low + 0.75 * (high - low);
	int status = contender_task_prepare(&holdout, host, dataset_catalogue(dataset)->ids, seed,
					    (float)out->options.threshold, &task, err);
	if (status == 0)
		status = collect_facts(&task, &out->facts[run], err);
	for (size_t row = 0; status == 0 && row < EVALUATE_ROWS; row++) {
		host->log(host->ctx, ANIMED_INFO, "measuring %s, seed %llu", rows[row]->name, (unsigned long long)seed);
		status = evaluate_contender(rows[row], &task, options->top, values, err);
		out->names[row] = rows[row]->name;
		for (size_t i = 0; i < METRICS; i++)
			out->values[row][i][run] = values[i];
	}
	contender_task_free(&task);
	holdout_free(&holdout);
	return status;
}

int evaluate(const struct conf *conf, const struct dataset *dataset, const struct evaluate_options *options,
	     const struct animed_host *host, struct evaluation *out, struct animed_error *err)
{
	*out = (struct evaluation){.options = *options};
	for (unsigned run = 0; run < options->repeat; run++) {
		if (run_once(conf, dataset, host, run, out, err) < 0)
			return -1;
	}
	return 0;
}

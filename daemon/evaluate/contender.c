/* contender.c - works out the candidates of a holdout, and the items that are relevant to each test user. */
#include "config.h"

#include <stdlib.h>

#include "evaluate/contender.h"

void contender_task_free(struct contender_task *task)
{
	free(task->candidates);
	free(task->candidate_ids);
	free(task->counts);
	free(task->positions);
	free(task->tail);
	free(task->relevant);
	free(task->relevant_starts);
	free(task->ranked);
	*task = (struct contender_task){.n_candidates = 0};
}

/* The share of the training ratings that the most popular candidates have, which are not of the long tail. */
#define HEAD_SHARE 0.8

/* By descending number of ratings, then by number. */
static int by_count(const void *a, const void *b, void *counts)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const uint32_t *of = counts;

	return of[x] != of[y] ? (of[x] < of[y]) - (of[x] > of[y]) : (x > y) - (x < y);
}

/* Find the candidates that come after the most popular ones that have HEAD_SHARE of the ratings. */
static int find_tail(struct contender_task *task)
{
	const size_t ratings = task->holdout->data.train.n;
	uint32_t *order = malloc(((size_t)task->n_candidates + 1) * sizeof *order);
	double before = 0;

	task->tail = malloc(((size_t)task->n_candidates + 1) * sizeof *task->tail);
	if (!order || !task->tail) {
		free(order);
		return -1;
	}
	for (uint32_t c = 0; c < task->n_candidates; c++)
		order[c] = c;
	qsort_r(order, task->n_candidates, sizeof *order, by_count, task->counts);
	for (uint32_t at = 0; at < task->n_candidates; at++) {
		task->tail[order[at]] = before >= HEAD_SHARE * (double)ratings;
		before += task->counts[order[at]];
	}
	free(order);
	return 0;
}

static int find_candidates(struct contender_task *task, const int64_t *ids)
{
	const struct animed_dataset *data = &task->holdout->data;

	task->candidates = malloc(((size_t)data->n_items + 1) * sizeof *task->candidates);
	task->candidate_ids = malloc(((size_t)data->n_items + 1) * sizeof *task->candidate_ids);
	task->counts = malloc(((size_t)data->n_items + 1) * sizeof *task->counts);
	task->positions = calloc((size_t)data->n_items + 1, sizeof *task->positions);
	if (!task->candidates || !task->candidate_ids || !task->counts || !task->positions)
		return -1;
	for (size_t r = 0; r < data->train.n; r++)
		task->positions[data->train.items[r]]++; /* a count, until the next loop replaces it */
	for (uint32_t i = 0; i < data->n_items; i++) {
		const uint32_t count = task->positions[i], c = task->n_candidates;
		task->positions[i] = NO_CANDIDATE;
		if (count == 0)
			continue;
		task->candidates[c] = i;
		task->candidate_ids[c] = ids[i];
		task->counts[c] = count;
		task->positions[i] = c;
		task->n_candidates++;
	}
	return find_tail(task);
}

static int find_relevant(struct contender_task *task)
{
	const struct holdout *holdout = task->holdout;
	const struct animed_ratings *hidden = &holdout->hidden;
	size_t n = 0;

	task->relevant = malloc((hidden->n + 1) * sizeof *task->relevant);
	task->relevant_starts = malloc(((size_t)holdout->n_users + 1) * sizeof *task->relevant_starts);
	task->ranked = malloc(((size_t)holdout->n_users + 1) * sizeof *task->ranked);
	if (!task->relevant || !task->relevant_starts || !task->ranked)
		return -1;
	for (uint32_t t = 0; t < holdout->n_users; t++) {
		const struct test_user *user = &holdout->users[t];
		task->relevant_starts[t] = n;
		for (size_t r = user->hidden; r < user->hidden + user->n_hidden; r++) {
			if (hidden->scores[r] >= task->threshold)
				task->relevant[n++] = hidden->items[r];
		}
		if (n > task->relevant_starts[t])
			task->ranked[task->n_ranked++] = t;
	}
	task->relevant_starts[holdout->n_users] = n;
	return 0;
}

int contender_task_prepare(const struct holdout *holdout, const struct animed_host *host,
			   const struct animed_items *items, uint64_t seed, float threshold,
			   struct contender_task *task, struct animed_error *err)
{
	*task = (struct contender_task){
	    .holdout = holdout, .host = host, .seed = seed, .threshold = threshold, .franchises = items->franchises};
	if (find_candidates(task, items->ids) < 0 || find_relevant(task) < 0)
		return animed_fail(err, "not enough memory to rank %u items", holdout->data.n_items);
	if (task->n_ranked == 0)
		return animed_fail(err,
				   "none of the %zu hidden ratings is relevant, that is %g or higher; "
				   "lower --threshold (the highest rating is %g)",
				   holdout->hidden.n, (double)threshold, (double)holdout->data.score_max);
	return 0;
}

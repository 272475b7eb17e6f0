/* tune.c - runs brackets of successive halving, and a final between their best. */
#include "config.h"

#include "evaluate/tune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "config/param-read.h"
#include "kit/rng.h"

double tune_trial_rmse(const struct tune_trial *trial)
{
	return isnan(trial->second) ? trial->score.rmse : (trial->score.rmse + trial->second) / 2;
}

/* A trial that came further is better; among those that came as far the error decides, then the number. */
static int by_rank(const void *a, const void *b)
{
	const struct tune_trial *x = a, *y = b;
	const bool x_failed = *x->failed || x->rung < 0, y_failed = *y->failed || y->rung < 0;

	if (x_failed != y_failed)
		return x_failed ? 1 : -1;
	if (!x_failed && isnan(x->second) != isnan(y->second))
		return isnan(x->second) ? 1 : -1;
	if (!x_failed && x->rung != y->rung)
		return x->rung > y->rung ? -1 : 1;
	if (!x_failed && tune_trial_rmse(x) < tune_trial_rmse(y))
		return -1;
	if (!x_failed && tune_trial_rmse(x) > tune_trial_rmse(y))
		return 1;
	return x->number < y->number ? -1 : 1;
}

static void fail_trial(struct tune_trial *trial, const char *why)
{
	(void)snprintf(trial->failed, sizeof trial->failed, "%.*s", TUNE_REASON - 1, why);
}

/* Measure a trial.  Returns false where the search has to end. */
static bool measure(struct tune_search *search, size_t t, size_t rung, bool second, struct animed_value *values)
{
	struct tune_trial *trial = &search->trials[t];
	const struct tune_job job = {trial->number, rung, second, values};
	struct tune_score score;
	struct animed_error err;

	tune_space_values(search->space, &trial->point, values);
	const int status = search->bench->measure(search->bench->ctx, &job, &score, &err);
	if (status > 0) {
		search->stopped = true;
		return false;
	}
	if (status < 0)
		fail_trial(trial, err.text);
	else if (!isfinite(score.rmse))
		fail_trial(trial, "diverged: the error is not finite");
	else if (second)
		trial->second = score.rmse;
	else
		trial->score = score, trial->rung = (int)rung;
	return true;
}

static struct tune_trial *add_trial(struct tune_search *search, const struct tune_point *point)
{
	if (grow((void **)&search->trials, &search->room, search->n + 1, sizeof *search->trials) < 0)
		return NULL;
	struct tune_trial *trial = &search->trials[search->n];
	*trial = (struct tune_trial){.number = search->n, .point = *point, .rung = -1, .second = NAN};
	search->n++;
	return trial;
}

static bool is_new(const struct tune_search *search, const struct tune_point *point)
{
	for (size_t t = 0; t < search->n; t++) {
		if (tune_space_equal(search->space, &search->trials[t].point, point))
			return false;
	}
	return true;
}

/* The best trial so far, around which the next bracket looks. */
static struct tune_point best_point(const struct tune_search *search)
{
	size_t best = 0;

	for (size_t t = 1; t < search->n; t++) {
		if (by_rank(&search->trials[t], &search->trials[best]) < 0)
			best = t;
	}
	return search->trials[best].point;
}

static size_t bracket_size(const struct tune_search *search, size_t n)
{
	if (search->max_trials == 0)
		return TUNE_BRACKET;
	const size_t left = search->max_trials > n ? search->max_trials - n : 0;
	return left < TUNE_BRACKET ? left : TUNE_BRACKET;
}

static int by_error(const void *a, const void *b, void *arg)
{
	const struct tune_trial *trials = arg;

	return by_rank(&trials[*(const size_t *)a], &trials[*(const size_t *)b]);
}

/* Measure the trials from `first` on on larger and larger samples, on each the best third of those before. */
static void halve(struct tune_search *search, size_t first, struct animed_value *values)
{
	size_t order[TUNE_BRACKET], n = search->n - first;

	for (size_t i = 0; i < n; i++)
		order[i] = first + i;
	for (size_t rung = 0; rung < search->bench->rungs && n > 0; rung++) {
		for (size_t i = 0; i < n; i++) {
			if (!measure(search, order[i], rung, false, values))
				return;
		}
		qsort_r(order, n, sizeof *order, by_error, search->trials);
		n = (n + TUNE_KEEP - 1) / TUNE_KEEP;
		while (n > 0 && *search->trials[order[n - 1]].failed)
			n--;
	}
}

/* Draw a bracket and measure it.  Returns 0, 1 where no new points were found, or -1 where memory is short. */
static int run_bracket(struct tune_search *search, size_t bracket, struct rng *rng, struct animed_value *values)
{
	static const double widths[] = {1, 1.0 / 3, 1.0 / 9};
	struct tune_point points[TUNE_BRACKET];
	const struct tune_point centre = best_point(search);
	const size_t first = search->n, size = bracket_size(search, search->n);

	/* in a range of few whole numbers all points drawn may have been tried before */
	for (int attempt = 0; attempt < 8 && search->n == first; attempt++) {
		tune_space_sample(search->space, &centre, widths[bracket % 3], size, rng, points);
		for (size_t i = 0; i < size; i++) {
			if (is_new(search, &points[i]) && !add_trial(search, &points[i]))
				return -1;
		}
	}
	if (search->n == first)
		return 1;
	halve(search, first, values);
	return 0;
}

/* Measure the best few and the configuration on the second split, and sort by the mean of both. */
static void run_final(struct tune_search *search, struct animed_value *values)
{
	const int whole = (int)search->bench->rungs - 1;
	const bool was_stopped = search->stopped;
	size_t done = 0;

	qsort(search->trials, search->n, sizeof *search->trials, by_rank);
	search->stopped = false;
	for (size_t t = 0; t < search->n && !search->stopped; t++) {
		const struct tune_trial *trial = &search->trials[t];
		if (trial->rung < whole || *trial->failed || (done >= TUNE_FINALISTS && trial->number != 0))
			continue;
		if (measure(search, t, (size_t)whole, true, values))
			done++;
	}
	/* an interrupted final is not ranked: forget what it measured */
	for (size_t t = 0; t < search->n && search->stopped; t++)
		search->trials[t].second = NAN;
	search->stopped |= was_stopped;
	qsort(search->trials, search->n, sizeof *search->trials, by_rank);
}

int tune_search(struct tune_search *search, struct animed_error *err)
{
	struct animed_value *values = calloc(params_count(search->space->table) + 1, sizeof *values);
	const struct tune_point start = tune_space_start(search->space);
	const size_t whole = search->bench->rungs - 1;
	struct rng rng;
	int status = 0;

	rng_seed(&rng, search->seed);
	if (!values || !add_trial(search, &start))
		status = -1;
	if (status == 0 && measure(search, 0, whole, false, values)) {
		for (size_t bracket = 0; status == 0 && !search->stopped && bracket_size(search, search->n) > 0;
		     bracket++)
			status = run_bracket(search, bracket, &rng, values);
	}
	if (status < 0)
		animed_fail(err, "out of memory");
	else
		run_final(search, values);
	free(values);
	if (status < 0)
		return -1;
	if (search->trials[0].rung >= 0 && !*search->trials[0].failed)
		return 0;
	return animed_fail(err, "no trial could be measured%s%s", *search->trials[0].failed ? ": " : "",
			   search->trials[0].failed);
}

void tune_search_free(struct tune_search *search)
{
	free(search->trials);
	search->trials = NULL;
}

double tune_search_cost(const struct tune_search *search)
{
	/* the configuration, at first and in the final, and the finalists */
	double cost = 1 + 1 + TUNE_FINALISTS;

	if (search->max_trials == 0)
		return 0;
	for (size_t n = 1, size; (size = bracket_size(search, n)) > 0; n += size) {
		size_t alive = size;
		for (size_t rung = 0; rung < search->bench->rungs; rung++) {
			cost += (double)alive * search->bench->share[rung];
			alive = (alive + TUNE_KEEP - 1) / TUNE_KEEP;
		}
	}
	return cost;
}

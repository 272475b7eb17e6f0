/* metrics.c - measures predictions by their errors, and lists of recommendations by what is relevant in them. */
#include "config.h"

#include "evaluate/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "train/ndcg.h"

void metrics_predicted(struct user_metrics *user, const float *predictions, const float *scores, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double error = (double)predictions[i] - (double)scores[i];
		user->squared += error * error;
		user->absolute += fabs(error);
	}
	user->predicted += n;
}

void metrics_ranked(struct list_metrics *out, const uint32_t *list, size_t n, const uint32_t *relevant,
		    size_t n_relevant, size_t top)
{
	size_t found;

	(void)ndcg(list, n, relevant, n_relevant, RECALL_LONG, &found);
	out->recall_20 = (double)found / (double)(n_relevant < RECALL_LONG ? n_relevant : RECALL_LONG);
	out->ndcg = ndcg(list, n, relevant, n_relevant, top, &found);
	out->recall = (double)found / (double)(n_relevant < top ? n_relevant : top);
	out->hit = found > 0;
	out->ranked = true;
}

/* The mean; NaN where nothing was measured. */
static double ratio(double sum, size_t n)
{
	return n ? sum / (double)n : NAN;
}

static int total_lists(const struct metrics_lists *lists, double out[METRICS])
{
	bool *listed = calloc(lists->n_candidates + 1, sizeof *listed);
	size_t covered = 0, places = 0, full = 0;
	double popularity = 0, tail = 0;

	if (!listed)
		return -1;
	for (size_t l = 0; l < lists->n_lists; l++) {
		size_t in_tail = 0;
		for (size_t p = 0; p < lists->lengths[l]; p++) {
			const uint32_t candidate = lists->places[l * lists->top + p];
			covered += !listed[candidate];
			listed[candidate] = true;
			popularity += lists->counts[candidate];
			in_tail += lists->tail[candidate];
			places++;
		}
		full += lists->lengths[l] > 0;
		tail += lists->lengths[l] > 0 ? (double)in_tail / lists->lengths[l] : 0;
	}
	free(listed);
	out[METRIC_COVERAGE] = ratio((double)covered, lists->n_candidates);
	out[METRIC_POPULARITY] = ratio(popularity, places);
	out[METRIC_LONG_TAIL] = ratio(tail, full);
	return 0;
}

/* Sums over lists. */
struct list_sums {
	double ndcg, recall, recall_20;
	size_t ranked, hits;
};

static void add_list(struct list_sums *sums, const struct list_metrics *list)
{
	sums->ndcg += list->ndcg;
	sums->recall += list->recall;
	sums->recall_20 += list->recall_20;
	sums->ranked += list->ranked;
	sums->hits += list->hit;
}

int metrics_total(const struct user_metrics *users, size_t n, const struct metrics_lists *lists, double out[METRICS])
{
	struct list_sums all = {0}, fresh = {0};
	double squared = 0, absolute = 0;
	size_t predicted = 0;

	for (size_t u = 0; u < n; u++) {
		squared += users[u].squared;
		absolute += users[u].absolute;
		predicted += users[u].predicted;
		add_list(&all, &users[u].list);
		add_list(&fresh, &users[u].fresh);
	}
	out[METRIC_RMSE] = sqrt(ratio(squared, predicted));
	out[METRIC_MAE] = ratio(absolute, predicted);
	out[METRIC_NDCG] = ratio(all.ndcg, all.ranked);
	out[METRIC_RECALL] = ratio(all.recall, all.ranked);
	out[METRIC_RECALL_20] = ratio(all.recall_20, all.ranked);
	out[METRIC_HIT_RATE] = ratio((double)all.hits, all.ranked);
	out[METRIC_NEW_NDCG] = ratio(fresh.ndcg, fresh.ranked);
	out[METRIC_NEW_RECALL_20] = ratio(fresh.recall_20, fresh.ranked);
	out[METRIC_COVERAGE] = out[METRIC_POPULARITY] = out[METRIC_LONG_TAIL] = NAN;
	return lists ? total_lists(lists, out) : 0;
}

void metrics_mean(const double *values, size_t n, double *mean, double *deviation)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < n; i++)
		sum += values[i];
	*mean = sum / (double)n;
	for (size_t i = 0; i < n; i++)
		squares += (values[i] - *mean) * (values[i] - *mean);
	*deviation = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
}

/* metrics.c - measures predictions by their errors, and lists of recommendations by what is relevant in them. */
#include "config.h"

#include "evaluate/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "base/sorted.h"

void metrics_predicted(struct user_metrics *user, const float *predictions, const float *scores, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double error = (double)predictions[i] - (double)scores[i];
		user->squared += error * error;
		user->absolute += fabs(error);
	}
	user->predicted += n;
}

void metrics_ranked(struct user_metrics *user, const uint32_t *list, size_t n, const uint32_t *relevant,
		    size_t n_relevant, size_t top)
{
	const size_t ideal_places = n_relevant < top ? n_relevant : top;
	double gain = 0, ideal = 0;
	size_t found = 0;

	for (size_t p = 0; p < n && p < top; p++) {
		if (sorted_find(relevant, n_relevant, list[p]) == n_relevant)
			continue;
		gain += 1 / log2((double)p + 2);
		found++;
	}
	for (size_t p = 0; p < ideal_places; p++)
		ideal += 1 / log2((double)p + 2);
	user->ranked = true;
	user->hit = found > 0;
	user->ndcg = gain / ideal;
	user->recall = (double)found / (double)ideal_places;
}

/* The mean; NaN where nothing was measured. */
static double ratio(double sum, size_t n)
{
	return n ? sum / (double)n : NAN;
}

static int total_lists(const struct metrics_lists *lists, double out[METRICS])
{
	bool *listed = calloc(lists->n_candidates + 1, sizeof *listed);
	size_t covered = 0, places = 0;
	double popularity = 0;

	if (!listed)
		return -1;
	for (size_t l = 0; l < lists->n_lists; l++) {
		for (size_t p = 0; p < lists->lengths[l]; p++) {
			const uint32_t candidate = lists->places[l * lists->top + p];
			covered += !listed[candidate];
			listed[candidate] = true;
			popularity += lists->counts[candidate];
			places++;
		}
	}
	free(listed);
	out[METRIC_COVERAGE] = ratio((double)covered, lists->n_candidates);
	out[METRIC_POPULARITY] = ratio(popularity, places);
	return 0;
}

int metrics_total(const struct user_metrics *users, size_t n, const struct metrics_lists *lists, double out[METRICS])
{
	double squared = 0, absolute = 0, ndcg = 0, recall = 0;
	size_t predicted = 0, ranked = 0, hits = 0;

	for (size_t u = 0; u < n; u++) {
		squared += users[u].squared;
		absolute += users[u].absolute;
		predicted += users[u].predicted;
		ndcg += users[u].ndcg;
		recall += users[u].recall;
		ranked += users[u].ranked;
		hits += users[u].hit;
	}
	out[METRIC_RMSE] = sqrt(ratio(squared, predicted));
	out[METRIC_MAE] = ratio(absolute, predicted);
	out[METRIC_NDCG] = ratio(ndcg, ranked);
	out[METRIC_RECALL] = ratio(recall, ranked);
	out[METRIC_HIT_RATE] = ratio((double)hits, ranked);
	out[METRIC_COVERAGE] = out[METRIC_POPULARITY] = NAN;
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

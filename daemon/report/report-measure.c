/* report-measure.c - works out the numbers of a report. */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/chart-scale.h"
#include "report/report.h"

/* Where the bins by number of training ratings begin; the last has no end. */
static const double support[] = {0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};

enum { SUPPORT = sizeof support / sizeof *support };

/* What a bin sums up before its means are taken. */
struct sums {
	double squared, score, predicted;
};

static void add(struct report_bin *bin, struct sums *sums, double score, double predicted)
{
	bin->n++;
	sums->squared += (predicted - score) * (predicted - score);
	sums->score += score;
	sums->predicted += predicted;
}

static void finish(struct report_bins *bins, const struct sums *sums)
{
	for (size_t i = 0; i < bins->n; i++) {
		struct report_bin *bin = &bins->at[i];
		const double n = (double)bin->n;
		bin->rmse = bin->n ? sqrt(sums[i].squared / n) : NAN;
		bin->mean = bin->n ? sums[i].score / n : NAN;
		bin->mean_predicted = bin->n ? sums[i].predicted / n : NAN;
	}
}

/* Leave out the empty bins at both ends. */
static void trim(struct report_bins *bins)
{
	size_t first = 0;

	while (bins->n > 0 && bins->at[bins->n - 1].n == 0)
		bins->n--;
	while (first < bins->n && bins->at[first].n == 0)
		first++;
	bins->n -= first;
	memmove(bins->at, bins->at + first, bins->n * sizeof *bins->at);
}

/* Make bins of equal width at round numbers that cover [low, high].  There are at most about + 2: their width is at
 * least (high - low) / about, and the range may touch one more at each end. */
static void even_bins(struct report_bins *bins, double low, double high, int about)
{
	const double step = round_step((high - low) / about), first = floor(low / step + 1e-9);

	bins->n = (size_t)(floor(high / step + 1e-9) - first) + 1;
	assert(bins->n <= REPORT_BINS);
	for (size_t i = 0; i < bins->n; i++)
		bins->at[i] =
		    (struct report_bin){.low = (first + (double)i) * step, .high = (first + (double)i + 1) * step};
}

static size_t bin_of(const struct report_bins *bins, double value)
{
	size_t i = 0;

	while (i + 1 < bins->n && value >= bins->at[i].high)
		i++;
	return i;
}

static bool all_whole(const struct animed_ratings *ratings)
{
	for (size_t r = 0; r < ratings->n; r++) {
		if (fabsf(ratings->scores[r] - rintf(ratings->scores[r])) > 0)
			return false;
	}
	return true;
}

static void measure_scores(struct report_bins *bins, const struct animed_ratings *all, double low, double high)
{
	struct sums sums[REPORT_BINS] = {{0, 0, 0}};

	bins->kind = high - low < 20 && all_whole(all) ? BIN_VALUE : BIN_RANGE;
	even_bins(bins, low, high, bins->kind == BIN_VALUE ? (int)(high - low) + 1 : 16);
	for (size_t r = 0; r < all->n; r++) {
		const double score = (double)all->scores[r];
		const size_t i = bin_of(bins, score);
		add(&bins->at[i], &sums[i], score, score);
	}
	finish(bins, sums);
}

static void support_bins(struct report_bins *bins)
{
	bins->kind = BIN_COUNTS;
	bins->n = SUPPORT;
	for (size_t i = 0; i < SUPPORT; i++)
		bins->at[i] =
		    (struct report_bin){.low = support[i], .high = i + 1 < SUPPORT ? support[i + 1] : INFINITY};
}

/* Count how often each of `rows` numbers is among the n of `column`.  NULL where memory is short. */
static uint32_t *count(const uint32_t *column, size_t n, uint32_t rows)
{
	uint32_t *counts = calloc((size_t)rows + 1, sizeof *counts);

	for (size_t r = 0; counts && r < n; r++)
		counts[column[r]]++;
	return counts;
}

static double mean_score(const struct animed_ratings *ratings)
{
	double sum = 0;

	for (size_t r = 0; r < ratings->n; r++)
		sum += (double)ratings->scores[r];
	return sum / (double)ratings->n;
}

/* Go over the held-out ratings once, and sort them into all bins. */
static void measure_valid(struct report *report, const struct animed_dataset *view,
			  const struct animed_model_ops *model, const struct animed_factors *factors,
			  const uint32_t *items, const uint32_t *users)
{
	struct sums by_item[REPORT_BINS] = {{0, 0, 0}}, by_user[REPORT_BINS] = {{0, 0, 0}};
	struct sums calibration[REPORT_BINS] = {{0, 0, 0}};
	const struct animed_ratings *valid = &view->valid;
	const double mean = mean_score(&view->train);
	double squared = 0, absolute = 0, squared_mean = 0;

	support_bins(&report->by_item);
	support_bins(&report->by_user);
	report->calibration.kind = BIN_RANGE;
	even_bins(&report->calibration, (double)view->score_min, (double)view->score_max, 18);
	for (size_t r = 0; r < valid->n; r++) {
		const uint32_t u = valid->users[r], i = valid->items[r];
		const double score = (double)valid->scores[r], predicted = (double)model->predict(factors, u, i);
		const size_t item = bin_of(&report->by_item, items[i]), user = bin_of(&report->by_user, users[u]);
		const size_t at = bin_of(&report->calibration, predicted);
		add(&report->by_item.at[item], &by_item[item], score, predicted);
		add(&report->by_user.at[user], &by_user[user], score, predicted);
		add(&report->calibration.at[at], &calibration[at], score, predicted);
		squared += (predicted - score) * (predicted - score);
		absolute += fabs(predicted - score);
		squared_mean += (mean - score) * (mean - score);
	}
	finish(&report->by_item, by_item);
	finish(&report->by_user, by_user);
	finish(&report->calibration, calibration);
	trim(&report->by_item);
	trim(&report->by_user);
	trim(&report->calibration);
	report->rmse = sqrt(squared / (double)valid->n);
	report->mae = absolute / (double)valid->n;
	report->rmse_mean = sqrt(squared_mean / (double)valid->n);
}

int report_measure(struct report *report, const struct animed_ratings *all, const struct animed_dataset *view,
		   const struct animed_model_ops *model, const struct animed_factors *factors)
{
	uint32_t *items = count(view->train.items, view->train.n, view->n_items);
	uint32_t *users = count(view->train.users, view->train.n, view->n_users);
	const int status = items && users ? 0 : -1;

	report->n_users = view->n_users;
	report->n_items = view->n_items;
	report->n_ratings = all->n;
	report->n_train = view->train.n;
	report->n_valid = view->valid.n;
	report->rmse = report->mae = report->rmse_mean = NAN;
	measure_scores(&report->scores, all, (double)view->score_min, (double)view->score_max);
	if (status == 0 && view->valid.n > 0)
		measure_valid(report, view, model, factors, items, users);
	free(items);
	free(users);
	return status;
}

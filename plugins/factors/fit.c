/* fit.c - what both optimisers need: memory, scores, losses and the best epoch. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "factors/optim.h"

float scale_score(const struct animed_scale *scale, float z)
{
	if (scale->link == ANIMED_SIGMOID)
		return scale->low + (scale->high - scale->low) / (1 + expf(-z));
	return fminf(fmaxf(scale->global_mean + z, scale->low), scale->high);
}

float fit_z(const struct fit *fit, uint32_t user, uint32_t item)
{
	return fit->bu[user] + fit->bi[item] +
	       kernel_dot(fit->P + (size_t)user * fit->width, fit->Q + (size_t)item * fit->width, fit->width);
}

double fit_valid_loss(const struct fit *fit)
{
	const struct animed_ratings *valid = &fit->data->valid;
	double sum = 0;

	if (valid->n == 0)
		return NAN;
	for (size_t r = 0; r < valid->n; r++) {
		float score = scale_score(&fit->scale, fit_z(fit, valid->users[r], valid->items[r]));
		double error = (double)score - (double)valid->scores[r];
		sum += error * error;
	}
	return sum / (double)valid->n;
}

int fit_allocate(struct fit *fit)
{
	const size_t users = fit->data->n_users, items = fit->data->n_items, row = fit->width * sizeof(float);
	struct fit_best *best = &fit->best;

	fit->P = alloc_aligned(users, row);
	fit->Q = alloc_aligned(items, row);
	fit->bu = alloc_aligned(users, sizeof(float));
	fit->bi = alloc_aligned(items, sizeof(float));
	if (!fit->P || !fit->Q || !fit->bu || !fit->bi)
		return -1;
	if (fit->patience == 0 || fit->data->valid.n == 0)
		return 0;
	best->P = alloc_aligned(users, row);
	best->Q = alloc_aligned(items, row);
	best->bu = alloc_aligned(users, sizeof(float));
	best->bi = alloc_aligned(items, sizeof(float));
	return best->P && best->Q && best->bu && best->bi ? 0 : -1;
}

void fit_free(struct fit *fit)
{
	struct fit_best *best = &fit->best;
	float **arrays[] = {&fit->P, &fit->Q, &fit->bu, &fit->bi, &best->P, &best->Q, &best->bu, &best->bi};

	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
		free(*arrays[i]);
		*arrays[i] = NULL;
	}
}

static void copy_to_best(struct fit *fit)
{
	const size_t users = fit->data->n_users, items = fit->data->n_items;

	memcpy(fit->best.P, fit->P, users * fit->width * sizeof(float));
	memcpy(fit->best.Q, fit->Q, items * fit->width * sizeof(float));
	memcpy(fit->best.bu, fit->bu, users * sizeof(float));
	memcpy(fit->best.bi, fit->bi, items * sizeof(float));
}

static void tell_epoch(const struct fit *fit, int epoch, double seconds)
{
	const struct animed_progress progress = {
	    .epoch = epoch,
	    .epochs = fit->epochs,
	    .fraction = 1,
	    .epoch_done = true,
	    .train_loss = fit->train_loss * fit->unit * fit->unit,
	    .valid_loss = fit->valid_loss * fit->unit * fit->unit,
	    .seconds = seconds,
	};
	fit->host->progress(fit->host->ctx, &progress);
}

bool fit_end_epoch(struct fit *fit, int epoch, double seconds)
{
	struct fit_best *best = &fit->best;

	tell_epoch(fit, epoch, seconds);
	fit->epochs_run = epoch + 1;
	if (best->P && epoch > 0 && !(fit->valid_loss < best->valid_loss))
		return epoch - best->epoch >= fit->patience;
	if (best->P)
		copy_to_best(fit);
	best->epoch = epoch;
	best->train_loss = fit->train_loss;
	best->valid_loss = fit->valid_loss;
	return false;
}

static void swap_rows(float **a, float **b)
{
	float *t = *a;

	*a = *b;
	*b = t;
}

void fit_take_best(struct fit *fit)
{
	struct fit_best *best = &fit->best;

	if (!best->P || best->epoch + 1 == fit->epochs_run)
		return;
	swap_rows(&fit->P, &best->P);
	swap_rows(&fit->Q, &best->Q);
	swap_rows(&fit->bu, &best->bu);
	swap_rows(&fit->bi, &best->bi);
}

uint32_t *count_rows(const struct animed_ratings *ratings, const uint32_t *column, uint32_t n)
{
	uint32_t *counts = calloc(n, sizeof *counts);

	for (size_t r = 0; counts && r < ratings->n; r++)
		counts[column[r]]++;
	return counts;
}

double now_seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The size of a large page.  Rows are read in random order, and on large pages most misses of the address cache are
 * spared. */
#define LARGE_PAGE ((size_t)2 << 20)

void *alloc_aligned(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - LARGE_PAGE)
		return NULL;
	const size_t align = bytes < 2 * LARGE_PAGE ? KERNEL_ALIGN : LARGE_PAGE;
	bytes = (bytes / align + 1) * align;
	void *memory = aligned_alloc(align, bytes);
	if (memory && align == LARGE_PAGE)
		(void)madvise(memory, bytes, MADV_HUGEPAGE);
	return memory ? memset(memory, 0, bytes) : NULL;
}

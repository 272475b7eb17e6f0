/* fit.c - what both optimisers need: scores, losses and small tools. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "optim.h"

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

void fit_epoch_done(const struct fit *fit, int epoch, double seconds)
{
	const struct animed_progress progress = {
	    .epoch = epoch,
	    .epochs = fit->epochs,
	    .fraction = 1,
	    .epoch_done = true,
	    .train_loss = fit->train_loss,
	    .valid_loss = fit->valid_loss,
	    .seconds = seconds,
	};
	fit->host->progress(fit->host->ctx, &progress);
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

void *alloc_aligned(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - KERNEL_ALIGN)
		return NULL;
	bytes = (bytes / KERNEL_ALIGN + 1) * KERNEL_ALIGN;
	void *memory = aligned_alloc(KERNEL_ALIGN, bytes);
	return memory ? memset(memory, 0, bytes) : NULL;
}

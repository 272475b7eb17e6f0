/* scalar_sgd.c - a plain loop of biased SGD, in which nothing is blocked, fused or done ahead.  The measure is what the
 * compiler makes of it with -O3 -ffast-math and every instruction of the machine. */
#include "config.h"

#include "scalar_sgd.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "kit/rng.h"

#define RATE  0.02f
#define DECAY 0.07f

#if defined(__x86_64__)
#define NATIVE                                                                                                         \
	__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3", "fast-math")))
#else
#define NATIVE __attribute__((optimize("O3", "fast-math")))
#endif

struct scalar {
	const struct animed_dataset *data;
	uint32_t k;
	float mean, *P, *Q, *bu, *bi;
	uint32_t *order;
};

NATIVE static void epoch(const struct scalar *s, float rate)
{
	const struct animed_ratings *train = &s->data->train;
	const uint32_t k = s->k;

	for (size_t n = 0; n < train->n; n++) {
		const uint32_t r = s->order[n], u = train->users[r], i = train->items[r];
		float *restrict p = s->P + (size_t)u * k, *restrict q = s->Q + (size_t)i * k;
		float z = s->mean + s->bu[u] + s->bi[i];
		for (uint32_t j = 0; j < k; j++)
			z += p[j] * q[j];
		const float error = train->scores[r] - z;
		s->bu[u] += rate * (error - DECAY * s->bu[u]);
		s->bi[i] += rate * (error - DECAY * s->bi[i]);
		for (uint32_t j = 0; j < k; j++) {
			const float a = p[j];
			p[j] += rate * (error * q[j] - DECAY * a);
			q[j] += rate * (error * a - DECAY * q[j]);
		}
	}
}

static double held_out_rmse(const struct scalar *s)
{
	const struct animed_ratings *valid = &s->data->valid;
	double sum = 0;

	for (size_t r = 0; r < valid->n; r++) {
		const float *p = s->P + (size_t)valid->users[r] * s->k, *q = s->Q + (size_t)valid->items[r] * s->k;
		float z = s->mean + s->bu[valid->users[r]] + s->bi[valid->items[r]];
		for (uint32_t j = 0; j < s->k; j++)
			z += p[j] * q[j];
		const float score = fminf(fmaxf(z, s->data->score_min), s->data->score_max);
		sum += (double)((score - valid->scores[r]) * (score - valid->scores[r]));
	}
	return sqrt(sum / (double)valid->n);
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Compute the mean score, and draw factors from a uniform distribution with the standard deviation 0.1 / sqrt(k). */
static void init(struct scalar *s, struct rng *rng)
{
	const struct animed_ratings *train = &s->data->train;
	const double width = 0.1 * sqrt(12.0 / s->k);
	double sum = 0;

	for (size_t r = 0; r < train->n; r++) {
		sum += (double)train->scores[r];
		s->order[r] = (uint32_t)r;
	}
	s->mean = (float)(sum / (double)train->n);
	for (size_t j = 0; j < (size_t)s->data->n_users * s->k; j++)
		s->P[j] = (float)(width * (rng_unit(rng) - 0.5));
	for (size_t j = 0; j < (size_t)s->data->n_items * s->k; j++)
		s->Q[j] = (float)(width * (rng_unit(rng) - 0.5));
}

double scalar_sgd(const struct animed_dataset *data, uint32_t k, int epochs, uint64_t seed, double *seconds)
{
	const uint32_t U = data->n_users, I = data->n_items;
	const double start = now();
	struct scalar s = {data,
			   k,
			   0,
			   calloc((size_t)U * k, sizeof(float)),
			   calloc((size_t)I * k, sizeof(float)),
			   calloc(U, sizeof(float)),
			   calloc(I, sizeof(float)),
			   malloc(data->train.n * sizeof(uint32_t))};
	struct rng rng;
	double rmse = NAN;

	rng_seed(&rng, seed);
	if (s.P && s.Q && s.bu && s.bi && s.order) {
		init(&s, &rng);
		for (int e = 0; e < epochs; e++) {
			for (size_t r = data->train.n; r > 1; r--) {
				const uint32_t j = rng_below(&rng, (uint32_t)r), t = s.order[r - 1];
				s.order[r - 1] = s.order[j];
				s.order[j] = t;
			}
			epoch(&s, (float)(RATE * (1 + cos(M_PI * e / epochs)) / 2));
		}
		*seconds = now() - start;
		rmse = held_out_rmse(&s);
	}
	free(s.P);
	free(s.Q);
	free(s.bu);
	free(s.bi);
	free(s.order);
	return rmse;
}

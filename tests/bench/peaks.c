/* peaks.c - micro-benchmarks of one core. */
#include "config.h"

#include "peaks.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "kit/rng.h"

typedef float vec __attribute__((vector_size(64)));

#if defined(__x86_64__)
#define NATIVE                                                                                                         \
	__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3", "fast-math")))
#else
#define NATIVE __attribute__((optimize("O3", "fast-math")))
#endif

#define TURN  0.05 /* seconds of a measurement; the best of TURNS counts */
#define TURNS 3

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Eight independent chains of 16 lanes keep two units with a latency of four busy. */
NATIVE static void fma_chains(float *out, size_t rounds)
{
	vec a[8], x, y;

	for (int j = 0; j < 16; j++) {
		x[j] = 0.999f;
		y[j] = out[0];
	}
	for (int c = 0; c < 8; c++)
		a[c] = y + (float)c;
	for (size_t r = 0; r < rounds; r++) {
		a[0] = a[0] * x + y;
		a[1] = a[1] * x + y;
		a[2] = a[2] * x + y;
		a[3] = a[3] * x + y;
		a[4] = a[4] * x + y;
		a[5] = a[5] * x + y;
		a[6] = a[6] * x + y;
		a[7] = a[7] * x + y;
	}
	for (int c = 0; c < 8; c++)
		memcpy(out + c * 16, &a[c], sizeof a[c]);
}

/* Read and write every row, in the order of `order`. */
NATIVE static void touch_rows(float *memory, const uint32_t *order, size_t rows, size_t row_floats)
{
	for (size_t r = 0; r < rows; r++) {
		vec *row = (vec *)(void *)(memory + order[r] * row_floats);
		const float *ahead = memory + order[r + 8 < rows ? r + 8 : r] * row_floats;
		for (size_t i = 0; i < row_floats; i += 16)
			__builtin_prefetch(ahead + i, 1);
		for (size_t i = 0; i < row_floats / 16; i++)
			row[i] = row[i] * 0.999f;
	}
}

static double best_flops(void)
{
	enum { ROUNDS = 1 << 16 };
	float out[128] = {1e-3f};
	double best = 0;

	for (int t = 0; t < TURNS; t++) {
		const double start = now();
		double spent = 0;
		size_t rounds = 0;
		for (; spent < TURN; spent = now() - start) {
			fma_chains(out, ROUNDS);
			rounds += ROUNDS;
		}
		const double flops = (double)rounds * 8 * 16 * 2 / spent;
		best = flops > best ? flops : best;
	}
	return best;
}

static double best_rows(float *memory, const uint32_t *order, size_t rows, size_t row)
{
	double best = 0;

	touch_rows(memory, order, rows, row / sizeof(float));
	for (int t = 0; t < TURNS; t++) {
		const double start = now();
		double spent = 0, bytes = 0;
		for (; spent < TURN; spent = now() - start) {
			touch_rows(memory, order, rows, row / sizeof(float));
			bytes += 2.0 * (double)(rows * row);
		}
		best = bytes / spent > best ? bytes / spent : best;
	}
	return best;
}

struct peaks peaks_measure(size_t bytes, size_t row)
{
	const size_t rows = bytes / row, huge = (size_t)2 << 20, size = (bytes / huge + 1) * huge;
	float *memory = aligned_alloc(huge, size);
	uint32_t *order = malloc((rows + 1) * sizeof *order);
	struct peaks peaks = {.flops = best_flops()};
	struct rng rng;

	if (memory && order && rows > 0) {
		(void)madvise(memory, size, MADV_HUGEPAGE);
		memset(memory, 0, size);
		for (uint32_t r = 0; r < rows; r++)
			order[r] = r;
		peaks.stream = best_rows(memory, order, rows, row);
		rng_seed(&rng, 1);
		for (uint32_t r = (uint32_t)rows; r > 1; r--) {
			const uint32_t j = rng_below(&rng, r), t = order[r - 1];
			order[r - 1] = order[j];
			order[j] = t;
		}
		peaks.rows = best_rows(memory, order, rows, row);
	}
	free(memory);
	free(order);
	return peaks;
}

/* implicit.c - trains the implicit term of SVD++ in rounds. */
#include "config.h"

#include "factors/implicit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The step of Y as a share of that of the factors, and its decay.  animed-bias(7) has the measurements. */
#define STEP  0.05f
#define DECAY 0.02f

/* The ratings of a round in that measurement.  With more of them the step is smaller, so that a round moves as much,
 * and converges as well. */
#define ROUND_RATINGS 42000.0f

int implicit_make(struct implicit *implicit, const struct fit *fit)
{
	const size_t row = fit->width * sizeof(float);

	implicit->Y = alloc_aligned(fit->data->n_items, row);
	implicit->S = alloc_aligned(fit->data->n_users, row);
	implicit->passing = alloc_aligned(fit->data->n_users, row);
	return implicit->Y && implicit->S && implicit->passing ? 0 : -1;
}

void implicit_free(struct implicit *implicit)
{
	free(implicit->Y);
	free(implicit->S);
	free(implicit->passing);
}

void implicit_gather(struct implicit *implicit, struct fit *fit, const struct blocks *blocks,
		     const uint32_t *user_counts, uint32_t group)
{
	const struct kernels *kernels = kernels_best();
	const uint32_t width = fit->width, *bounds = blocks->user_starts + group;
	const size_t first = (size_t)group * blocks->grid;

	for (uint32_t i = bounds[0]; i < bounds[1]; i++) {
		const size_t at = (size_t)blocks->users[i] * width;
		kernels->blend(fit->P + at, 1, implicit->S + at, -1, width);
		memset(implicit->S + at, 0, width * sizeof(float));
	}
	for (size_t c = blocks->starts[first]; c < blocks->starts[first + blocks->grid]; c++) {
		const struct sgd_cell *cell = blocks->cells + c;
		kernels->blend(implicit->S + (size_t)cell->user * width, 1, implicit->Y + (size_t)cell->item * width, 1,
			       width);
	}
	for (uint32_t i = bounds[0]; i < bounds[1]; i++) {
		const uint32_t user = blocks->users[i];
		const size_t at = (size_t)user * width;
		if (user_counts[user] == 0)
			continue;
		kernels->blend(implicit->S + at, 1 / sqrtf((float)user_counts[user]), implicit->S + at, 0, width);
		kernels->blend(fit->P + at, 1, implicit->S + at, 1, width);
		memcpy(implicit->passing + at, fit->P + at, width * sizeof(float));
	}
}

void implicit_settle(struct implicit *implicit, struct fit *fit, const struct blocks *blocks,
		     const struct sgd_row *users, const uint32_t *user_counts, float rate, uint32_t group)
{
	const struct kernels *kernels = kernels_best();
	const uint32_t width = fit->width, *bounds = blocks->user_starts + group;

	for (uint32_t i = bounds[0]; i < bounds[1]; i++) {
		const uint32_t user = blocks->users[i];
		const size_t at = (size_t)user * width;
		if (user_counts[user] == 0)
			continue;
		const float n = (float)user_counts[user], kept = powf(1 - rate * users[user].decay, n);
		/* how far the row has moved, its decay left aside, times n^-1/2 */
		kernels->blend(implicit->passing + at, -kept / sqrtf(n), fit->P + at, 1 / sqrtf(n), width);
		kernels->blend(fit->P + at, 1, implicit->S + at, 1 - kept, width);
	}
}

void implicit_learn(struct implicit *implicit, const struct fit *fit, const struct blocks *blocks, float rate,
		    uint32_t round, uint32_t group)
{
	const struct kernels *kernels = kernels_best();
	const float ratings = (float)fit->data->train.n / (float)blocks->rounds;
	const float share = ratings > ROUND_RATINGS ? ROUND_RATINGS / ratings : 1;
	const float step = STEP * share, keep = 1 - rate * DECAY * share;

	for (uint32_t g = round * blocks->grid; g < (round + 1) * blocks->grid; g++) {
		const size_t block = (size_t)g * blocks->grid + group;
		for (size_t c = blocks->starts[block]; c < blocks->starts[block + 1]; c++) {
			const struct sgd_cell *cell = blocks->cells + c;
			kernels->blend(implicit->Y + (size_t)cell->item * fit->width, keep,
				       implicit->passing + (size_t)cell->user * fit->width, step, fit->width);
		}
	}
}

/* kernels.h - the inner loops over factor vectors.  There is a build for each instruction set; the choice is made when
 * the object is loaded.
 *
 * A length that is called `width` must be a multiple of KERNEL_LANES, and the pointers that go with it aligned to
 * KERNEL_ALIGN bytes: training pads its rows with zeros to that. */
#ifndef PLUGINS_KERNELS_H
#define PLUGINS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define KERNEL_LANES 16u
#define KERNEL_ALIGN 64u

/* The constants of one step of Adam; see optim-notebook.c. */
struct adam_step {
	float beta1;  /* decay of the mean gradient */
	float keep;   /* 1 - lr * weight decay */
	float rate;   /* lr / (1 - beta1^t) */
	float debias; /* 1 / sqrt(1 - beta2^t) */
};

#define ADAM_BETA2 0.99f
#define ADAM_EPS   1e-5f

/* A rating. */
struct sgd_cell {
	uint32_t user, item;
	float score;
};

/* The constants of a row: how hard its factors are pulled towards zero at each of its ratings, and what its bias is
 * pulled towards, and how hard. */
struct sgd_row {
	float decay, bias_prior, bias_decay;
};

/* What SGD works on.  The prediction is mean + bu[u] + bi[i] + P[u] . Q[i].
 *
 * Up to SGD_RUN successive ratings of one user are a step.  Errors come from the rows as they were before it.  Then for
 * each item q += rate * (e * p - decay * q); the row of the user is multiplied by 1 - rate * decay once for each rating
 * and moves by the sum of rate * e * q; and each bias moves by bias_rate * (e - bias_decay * (b - bias_prior)). */
struct sgd_task {
	float *P, *Q; /* rows of `width` floats */
	float *bu, *bi;
	const struct sgd_row *users, *items;
	uint32_t width;
	float mean, low, high;
	float rate;
	float bias_rate; /* 0 leaves the biases as they are */
};

#define SGD_RUN 4u

struct kernels {
	const char *name; /* "avx512", "avx2", "neon", "baseline" */

	/* The scalar product of two vectors of any length and alignment. */
	float (*dot)(const float *a, const float *b, uint32_t k);

	/* One SGD pass over `n` ratings; see struct sgd_task.  Returns the sum of their squared errors, each taken
	 * before its step. */
	double (*sgd)(const struct sgd_task *task, const struct sgd_cell *cells, size_t n);

	/* The sum of the squared errors of the ratings, with predictions clamped to the range; nothing is changed. */
	double (*score)(const struct sgd_task *task, const struct sgd_cell *cells, size_t n);

	/* a = keep * a + times * b, for rows a and b. */
	void (*blend)(float *a, float keep, const float *b, float times, uint32_t width);

	/* One Adam step of a row with gradient g. */
	void (*adam)(float *p, float *m, float *v, const float *g, uint32_t width, const struct adam_step *step);

	/* n such steps of a row that has no gradient in any of them. */
	void (*adam_idle)(float *p, float *m, float *v, uint32_t width, const struct adam_step *steps, size_t n);
};

const struct kernels *kernels_best(void);

/* All builds that this machine can run, the best first, with NULL at the end. */
const struct kernels *const *kernels_all(void);

static inline float kernel_dot(const float *a, const float *b, uint32_t k)
{
	return kernels_best()->dot(a, b, k);
}

/* k rounded up to a width. */
static inline uint32_t kernel_width(uint32_t k)
{
	return (k + KERNEL_LANES - 1) / KERNEL_LANES * KERNEL_LANES;
}

#endif

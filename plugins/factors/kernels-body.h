/* kernels-body.h - the kernels, written once on vectors of 16 floats, which the compiler splits as an instruction set
 * needs it.  kernels.c includes this file once for each set, so that it has no include guard; KERNEL() names the
 * functions. */

KERNEL_TARGET static float KERNEL(dot)(const float *a, const float *b, uint32_t k)
{
	vec s0 = {0}, s1 = {0};
	float sum = 0;
	uint32_t i = 0;

	for (; i + 32 <= k; i += 32) {
		s0 += load_any(a + i) * load_any(b + i);
		s1 += load_any(a + i + 16) * load_any(b + i + 16);
	}
	if (i + 16 <= k) {
		s0 += load_any(a + i) * load_any(b + i);
		i += 16;
	}
	s0 += s1;
	/* halve the vector until one lane is left */
	half h = __builtin_shufflevector(s0, s0, 0, 1, 2, 3, 4, 5, 6, 7) +
		 __builtin_shufflevector(s0, s0, 8, 9, 10, 11, 12, 13, 14, 15);
	quarter q = __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
	sum = (q[0] + q[2]) + (q[1] + q[3]);
	for (; i < k; i++)
		sum += a[i] * b[i];
	return sum;
}

/* The scalar products of p with the rows of n <= SGD_RUN items.  The four sums are folded together, which takes a
 * quarter of the shuffles of folding them one by one. */
KERNEL_INLINE void KERNEL(products)(const float *p, float *const *q, uint32_t width, const uint32_t n, float *z)
{
	vec sum[SGD_RUN] = {{0}};
	quarter part[SGD_RUN];

	for (uint32_t i = 0; i < width; i += 16) {
		const vec a = *(const vec *)(p + i);
		for (uint32_t b = 0; b < n; b++)
			sum[b] += a * *(const vec *)(q[b] + i);
	}
	for (uint32_t b = 0; b < SGD_RUN; b++) {
		half h = __builtin_shufflevector(sum[b], sum[b], 0, 1, 2, 3, 4, 5, 6, 7) +
			 __builtin_shufflevector(sum[b], sum[b], 8, 9, 10, 11, 12, 13, 14, 15);
		part[b] = __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
	}
	quarter lo = __builtin_shufflevector(part[0], part[1], 0, 4, 1, 5) +
		     __builtin_shufflevector(part[0], part[1], 2, 6, 3, 7);
	quarter hi = __builtin_shufflevector(part[2], part[3], 0, 4, 1, 5) +
		     __builtin_shufflevector(part[2], part[3], 2, 6, 3, 7);
	quarter all = __builtin_shufflevector(lo, hi, 0, 1, 4, 5) + __builtin_shufflevector(lo, hi, 2, 3, 6, 7);
	memcpy(z, &all, sizeof all);
}

/* One step: n <= SGD_RUN ratings of one user.  The compiler knows n and unrolls its loops. */
KERNEL_INLINE float KERNEL(step)(const struct sgd_task *task, const struct sgd_cell *cells, const uint32_t n,
				 const uint32_t width)
{
	const uint32_t user = cells->user;
	float *p = task->P + (size_t)user * width, *q[SGD_RUN], z[SGD_RUN], step[SGD_RUN], keep[SGD_RUN];
	const struct sgd_row own = task->users[user];
	const float keep_once = 1 - task->rate * own.decay, bu = task->bu[user], base = task->mean + bu;
	float total = 0, squares = 0, keep_p = 1;

	for (uint32_t b = 0; b < n; b++)
		q[b] = task->Q + (size_t)cells[b].item * width;
	KERNEL(products)(p, q, width, n, z);
	for (uint32_t b = 0; b < n; b++) {
		float *bi = task->bi + cells[b].item;
		const struct sgd_row row = task->items[cells[b].item];
		const float error = cells[b].score - (base + *bi + z[b]);
		*bi += task->bias_rate * (error - row.bias_decay * (*bi - row.bias_prior));
		squares += error * error;
		total += error;
		step[b] = task->rate * error;
		keep[b] = 1 - task->rate * row.decay;
		keep_p *= keep_once;
	}
	task->bu[user] = bu + task->bias_rate * (total - (float)n * own.bias_decay * (bu - own.bias_prior));
	for (uint32_t i = 0; i < width; i += 16) {
		const vec a = *(const vec *)(p + i);
		vec moved = a * keep_p;
		for (uint32_t b = 0; b < n; b++) {
			const vec old = *(const vec *)(q[b] + i);
			*(vec *)(q[b] + i) = old * keep[b] + a * step[b];
			moved += old * step[b];
		}
		*(vec *)(p + i) = moved;
	}
	return squares;
}

/* How many ratings from `cells` on, at most SGD_RUN, are of the same user. */
KERNEL_INLINE uint32_t KERNEL(run)(const struct sgd_cell *cells, size_t n)
{
	uint32_t run = 1;

	while (run < SGD_RUN && run < n && cells[run].user == cells->user)
		run++;
	return run;
}

KERNEL_INLINE void KERNEL(fetch)(const float *row, uint32_t width)
{
	for (uint32_t i = 0; i < width; i += 16)
		__builtin_prefetch(row + i, 1);
}

KERNEL_INLINE double KERNEL(pass)(const struct sgd_task *task, const struct sgd_cell *cells, size_t n,
				  const uint32_t width)
{
	double squares = 0;

	while (n > 0) {
		const uint32_t run = KERNEL(run)(cells, n);
		if (n > SGD_AHEAD && cells[SGD_AHEAD].user != cells->user)
			KERNEL(fetch)(task->P + (size_t)cells[SGD_AHEAD].user * width, width);
		squares += (double)(run == 4   ? KERNEL(step)(task, cells, 4, width)
				    : run == 3 ? KERNEL(step)(task, cells, 3, width)
				    : run == 2 ? KERNEL(step)(task, cells, 2, width)
					       : KERNEL(step)(task, cells, 1, width));
		cells += run;
		n -= run;
	}
	return squares;
}

KERNEL_TARGET static double KERNEL(sgd)(const struct sgd_task *task, const struct sgd_cell *cells, size_t n)
{
	/* the compiler unrolls the loops of a width that it knows: 6 % faster for the usual one */
	return task->width == 128 ? KERNEL(pass)(task, cells, n, 128) : KERNEL(pass)(task, cells, n, task->width);
}

KERNEL_TARGET static double KERNEL(score)(const struct sgd_task *task, const struct sgd_cell *cells, size_t n)
{
	double squares = 0;

	while (n > 0) {
		const uint32_t run = KERNEL(run)(cells, n);
		const float base = task->mean + task->bu[cells->user];
		float *q[SGD_RUN], z[SGD_RUN], sum = 0;
		for (uint32_t b = 0; b < SGD_RUN; b++)
			q[b] = task->Q + (size_t)cells[b < run ? b : 0].item * task->width;
		KERNEL(products)(task->P + (size_t)cells->user * task->width, q, task->width, SGD_RUN, z);
		for (uint32_t b = 0; b < run; b++) {
			const float score = base + task->bi[cells[b].item] + z[b];
			const float above = score > task->low ? score : task->low;
			const float error = (above < task->high ? above : task->high) - cells[b].score;
			sum += error * error;
		}
		squares += (double)sum;
		cells += run;
		n -= run;
	}
	return squares;
}

KERNEL_TARGET static void KERNEL(blend)(float *a, float keep, const float *b, float times, uint32_t width)
{
	for (uint32_t i = 0; i < width; i += 16)
		*(vec *)(a + i) = *(const vec *)(a + i) * keep + *(const vec *)(b + i) * times;
}

KERNEL_TARGET static void KERNEL(adam)(float *p, float *m, float *v, const float *g, uint32_t width,
				       const struct adam_step *step)
{
	const float beta1 = step->beta1, keep = step->keep, rate = step->rate, debias = step->debias;

	for (uint32_t i = 0; i < width; i++) {
		float mi = m[i] * beta1 + g[i] * (1 - beta1);
		float vi = v[i] * ADAM_BETA2 + g[i] * g[i] * (1 - ADAM_BETA2);
		m[i] = mi;
		v[i] = vi;
		p[i] = p[i] * keep - rate * mi / (sqrtf(vi) * debias + ADAM_EPS);
	}
}

/* Without a gradient v only decays, so that its root decays by the root of beta2: a square root for each row is enough,
 * none for each step. */
KERNEL_TARGET static void KERNEL(adam_idle)(float *p, float *m, float *v, uint32_t width, const struct adam_step *steps,
					    size_t n)
{
	const float root = 0.99498743710662f; /* sqrt(ADAM_BETA2) */

	for (uint32_t i = 0; i < width; i += 16) {
		vec pi = *(const vec *)(p + i), mi = *(const vec *)(m + i), si;
		for (uint32_t j = 0; j < 16; j++)
			si[j] = sqrtf(v[i + j]);
		for (size_t t = 0; t < n; t++) {
			mi *= steps[t].beta1;
			si *= root;
			pi = pi * steps[t].keep - steps[t].rate * mi / (si * steps[t].debias + ADAM_EPS);
		}
		*(vec *)(p + i) = pi;
		*(vec *)(m + i) = mi;
		*(vec *)(v + i) = si * si;
	}
}

static const struct kernels KERNEL(table) = {KERNEL_NAME,   KERNEL(dot),  KERNEL(sgd),      KERNEL(score),
					     KERNEL(blend), KERNEL(adam), KERNEL(adam_idle)};

#undef KERNEL
#undef KERNEL_NAME
#undef KERNEL_TARGET

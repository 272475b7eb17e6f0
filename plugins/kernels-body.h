/* kernels-body.h - the kernels, written once on vectors of 16 floats; kernels.c includes this file for each instruction
 * set with KERNEL() naming the functions, and the compiler splits the vectors as the set needs it.  No include guard.
 */

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

KERNEL_TARGET static void KERNEL(sgd)(float *p, float *q, uint32_t width, float rate, float decay, float error)
{
	const float keep = 1 - rate * decay, step = rate * error;

	for (uint32_t i = 0; i < width; i += 16) {
		vec a = *(const vec *)(p + i), b = *(const vec *)(q + i);
		*(vec *)(p + i) = a * keep + b * step;
		*(vec *)(q + i) = b * keep + a * step;
	}
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

/* Without a gradient v only decays, so its root decays by the root of beta2: one square root a row, not one a step. */
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

static const struct kernels KERNEL(table) = {KERNEL_NAME, KERNEL(dot), KERNEL(sgd), KERNEL(adam), KERNEL(adam_idle)};

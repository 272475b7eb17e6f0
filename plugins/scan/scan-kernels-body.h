/* scan-kernels-body.h - the sums over panels, written once.  scan-kernels.c includes this file for each instruction
 * set, so that it has no include guard.  SCAN_KERNEL() names the functions; VEC is a vector of LANES floats, as many as
 * a register holds; AT_LEAST() compares one and gives a bit for each lane; PANELS_ONE, PANELS_MANY and QUERIES are how
 * many are summed at a time.
 *
 * Every sum runs over the factors in their order, with one fused step for each, in `one` and in `many` alike: so both
 * give the same bits. */

typedef float VEC __attribute__((vector_size(LANES * sizeof(float)), may_alias));

#define PARTS                           (SCAN_LANES / LANES)
#define PRODUCT_STEP(sum, row, factor)  (sum) += (row) * (factor)
#define DISTANCE_STEP(sum, row, factor) (sum) -= ((row) - (factor)) * ((row) - (factor))

#define EACH(i, n)                      _Pragma("GCC unroll 16") for (unsigned i = 0; i < (n); i++)

/* Sum `registers` vectors of rows, which begin at `panels`, for `width` queries, into `out`. */
#define SUM_PANELS(registers, width, STEP)                                                                             \
	do {                                                                                                           \
		VEC sums_[registers][width] = {{{0}}};                                                                 \
		for (uint32_t j_ = 0; j_ < k; j_++) {                                                                  \
			EACH (r_, registers) {                                                                         \
				const size_t at_ = (r_ / PARTS * (size_t)k + j_) * SCAN_LANES + r_ % PARTS * LANES;    \
				const VEC row_ = *(const VEC *)(panels + at_);                                         \
				EACH (q_, width)                                                                       \
					STEP(sums_[r_][q_], row_, queries[(size_t)j_ * (width) + q_]);                 \
			}                                                                                              \
		}                                                                                                      \
		EACH (r_, registers) {                                                                                 \
			EACH (q_, width)                                                                               \
				*(VEC *)(out + q_ * stride + r_ * LANES) = sums_[r_][q_];                              \
		}                                                                                                      \
	} while (0)

/* Sum `most` panels at a time, which keeps the registers busy, then those that are left one by one. */
#define SUMS(name, most, width, STEP)                                                                                  \
	SCAN_TARGET static void SCAN_KERNEL(name)(const float *panels, uint32_t k, size_t n, const float *queries,     \
						  float *out, size_t stride)                                           \
	{                                                                                                              \
		for (; n >= (most); n -= (most), panels += (most) * (size_t)k * SCAN_LANES, out += (most)*SCAN_LANES)  \
			SUM_PANELS((most)*PARTS, width, STEP);                                                         \
		for (; n > 0; n--, panels += (size_t)k * SCAN_LANES, out += SCAN_LANES)                                \
			SUM_PANELS(PARTS, width, STEP);                                                                \
	}

SUMS(products_one, PANELS_ONE, 1, PRODUCT_STEP)
SUMS(products_many, PANELS_MANY, QUERIES, PRODUCT_STEP)
SUMS(distances_one, PANELS_ONE, 1, DISTANCE_STEP)
SUMS(distances_many, PANELS_MANY, QUERIES, DISTANCE_STEP)

SCAN_TARGET static uint64_t SCAN_KERNEL(reaching)(const float *scores, float least)
{
	uint64_t reached = 0;

	for (unsigned i = 0; i < 64; i += LANES)
		reached |= (uint64_t)AT_LEAST(*(const VEC *)(scores + i), least) << i;
	return reached;
}

static const struct scan_kernels SCAN_KERNEL(table) = {
    .name = SCAN_NAME,
    .queries = QUERIES,
    .products = {SCAN_KERNEL(products_one), SCAN_KERNEL(products_many)},
    .distances = {SCAN_KERNEL(distances_one), SCAN_KERNEL(distances_many)},
    .reaching = SCAN_KERNEL(reaching),
};

#undef PARTS
#undef PRODUCT_STEP
#undef DISTANCE_STEP
#undef EACH
#undef SUM_PANELS
#undef SUMS
#undef SCAN_KERNEL
#undef SCAN_NAME
#undef VEC
#undef LANES
#undef AT_LEAST
#undef SCAN_TARGET
#undef PANELS_ONE
#undef PANELS_MANY
#undef QUERIES

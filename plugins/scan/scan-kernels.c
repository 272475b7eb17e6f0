/* scan-kernels.c - builds the scan's kernels for each instruction set and chooses among them. */
#include "config.h"

#include "scan/scan-kernels.h"

#include "kit/instruction-sets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline unsigned baseline_at_least(float v __attribute__((vector_size(16))), float least)
{
	return (unsigned)(v[0] >= least) | (unsigned)(v[1] >= least) << 1 | (unsigned)(v[2] >= least) << 2 |
	       (unsigned)(v[3] >= least) << 3;
}

/* `many` keeps SCAN_LANES / LANES * PANELS_MANY * QUERIES sums in registers.  There are 16 of them, with AVX-512 32. */

#define SCAN_KERNEL(name) name##_baseline
#define SCAN_NAME         "baseline"
#define VEC               vec_baseline
#define LANES             4u
#define AT_LEAST(v, s)    baseline_at_least((v), (s))
#define SCAN_TARGET
#define PANELS_ONE  1
#define PANELS_MANY 1
#define QUERIES     2
#include "scan/scan-kernels-body.h"

#if defined(__x86_64__)
#define SCAN_KERNEL(name) name##_avx2
#define SCAN_NAME         "avx2"
#define VEC               vec_avx2
#define LANES             8u
#define AT_LEAST(v, s)    (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((v), _mm256_set1_ps(s), _CMP_GE_OQ))
#define SCAN_TARGET       __attribute__((target("avx2,fma")))
#define PANELS_ONE        4
#define PANELS_MANY       1
#define QUERIES           4
#include "scan/scan-kernels-body.h"

#define SCAN_KERNEL(name) name##_avx512
#define SCAN_NAME         "avx512"
#define VEC               vec_avx512
#define LANES             16u
#define AT_LEAST(v, s)    _mm512_cmp_ps_mask((v), _mm512_set1_ps(s), _CMP_GE_OQ)
#define SCAN_TARGET       __attribute__((target("avx512f,avx512vl,fma")))
#define PANELS_ONE        4
#define PANELS_MANY       2
#define QUERIES           8
#include "scan/scan-kernels-body.h"
#endif

INSTRUCTION_SETS(struct scan_kernels, scan_kernels)

/* kernels.c - builds the kernels for each instruction set and chooses among them. */
#include "config.h"

#include "factors/kernels.h"

#include <math.h>
#include <string.h>

#include "kit/instruction-sets.h"

typedef float vec __attribute__((vector_size(64), may_alias));
typedef float half __attribute__((vector_size(32)));
typedef float quarter __attribute__((vector_size(16)));

/* A vector from memory of any alignment, which rows outside of training have; memcpy() compiles to an unaligned load.
 * A macro, since a function would have to be built for each instruction set. */
#define load_any(from)                                                                                                 \
	({                                                                                                             \
		vec v_;                                                                                                \
		memcpy(&v_, (from), sizeof v_);                                                                        \
		v_;                                                                                                    \
	})

#define KERNEL_INLINE KERNEL_TARGET static inline __attribute__((always_inline))

/* How many ratings ahead the row of the next user is fetched.  Rows of items are in the second-level cache anyway;
 * fetching them took as long as it saved. */
#define SGD_AHEAD    8u

#define KERNEL(name) name##_baseline
#if defined(__aarch64__)
#define KERNEL_NAME "neon" /* the compiler splits each vector into four quarters, one a register */
#else
#define KERNEL_NAME "baseline"
#endif
#define KERNEL_TARGET
#include "factors/kernels-body.h"

#if defined(__x86_64__)
#define KERNEL(name)  name##_avx2
#define KERNEL_NAME   "avx2"
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
#include "factors/kernels-body.h"

#define KERNEL(name)  name##_avx512
#define KERNEL_NAME   "avx512"
#define KERNEL_TARGET __attribute__((target("avx512f,avx512vl,fma")))
#include "factors/kernels-body.h"
#endif

INSTRUCTION_SETS(struct kernels, kernels)

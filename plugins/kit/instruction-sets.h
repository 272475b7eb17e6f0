/* instruction-sets.h - the choice among kernels that are built once for each instruction set.
 *
 * A file of kernels includes its body once for each set, with other macros each time, and so has a table of functions
 * for each: table_baseline and, on x86-64, table_avx2 and table_avx512.  INSTRUCTION_SETS() then chooses. */
#ifndef PLUGINS_INSTRUCTION_SETS_H
#define PLUGINS_INSTRUCTION_SETS_H

#include <stdbool.h>
#include <stddef.h>

/* Room for all sets and the NULL behind them. */
#define INSTRUCTION_SETS_MAX 4

#if defined(__x86_64__)
static inline bool machine_has_avx512(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
}

static inline bool machine_has_avx2(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

#define INSTRUCTION_SETS_ADD(list, n)                                                                                  \
	do {                                                                                                           \
		if (machine_has_avx512())                                                                              \
			(list)[(n)++] = &table_avx512;                                                                 \
		if (machine_has_avx2())                                                                                \
			(list)[(n)++] = &table_avx2;                                                                   \
		(list)[(n)++] = &table_baseline;                                                                       \
	} while (0)
#else
/* On arm64 the baseline is NEON, which every such machine has. */
#define INSTRUCTION_SETS_ADD(list, n) ((list)[(n)++] = &table_baseline)
#endif

/* Define NAME_best(), the best table that this machine can run, and NAME_all(), all that it can, the best first and
 * NULL at the end.  The choice is made when the object is loaded, before anybody can ask. */
#define INSTRUCTION_SETS(TYPE, NAME)                                                                                   \
	static const TYPE *available[INSTRUCTION_SETS_MAX];                                                            \
	__attribute__((constructor)) static void choose(void)                                                          \
	{                                                                                                              \
		size_t n = 0;                                                                                          \
		INSTRUCTION_SETS_ADD(available, n);                                                                    \
		available[n] = NULL;                                                                                   \
	}                                                                                                              \
	const TYPE *NAME##_best(void)                                                                                  \
	{                                                                                                              \
		return available[0];                                                                                   \
	}                                                                                                              \
	const TYPE *const *NAME##_all(void)                                                                            \
	{                                                                                                              \
		return available;                                                                                      \
	}

#endif

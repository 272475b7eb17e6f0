/* instruction-sets.h - which of the instruction sets that kernels are built for this machine has. */
#ifndef PLUGINS_INSTRUCTION_SETS_H
#define PLUGINS_INSTRUCTION_SETS_H

#include <stdbool.h>

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
#endif

#endif

/* fuzz.h - what a fuzz target defines for the driver.
 *
 * A target is one file, tests/fuzz/fuzz_NAME.c, that defines the function and the two objects below.  Without libFuzzer
 * it is linked with driver.c, and `make check` runs it over its seeds and mutations of them:
 *
 *   check_PROGRAMS += tests/fuzz/fuzz_NAME
 *   tests_fuzz_fuzz_NAME_LDADD = $(fuzz_ldadd)
 *
 * With libFuzzer driver.c is left out: clang -fsanitize=fuzzer,address ... fuzz_NAME.c */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

struct fuzz_seed {
	const void *bytes;
	size_t size;
};

/* A seed from a string literal, without its closing NUL. */
#define FUZZ_SEED(literal)                                                                                             \
	{                                                                                                              \
		(literal), sizeof(literal) - 1                                                                         \
	}

/* Valid and nearly valid inputs that the driver changes; there is at least one. */
extern const struct fuzz_seed fuzz_seeds[];
extern const size_t fuzz_seed_count;

/* Try one input, which lies in memory of exactly `size` bytes.  Returns 0.  Calls abort() where something that has to
 * hold does not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

/* driver.c - runs a fuzz target where there is no libFuzzer.
 *
 *   fuzz_NAME [-runs=N] [-seed=N] [-max_len=N] [FILE...]
 *
 * Each seed of the target and each FILE is tried as it is.  Then N inputs (20000, or 8000 with a sanitizer) of at most
 * max_len bytes (4096, or twice the longest seed) are made from the seeds and the files; the same -seed makes the same
 * inputs.  An input that crashes the target is written to the file fuzz-failure in the working directory;
 * `fuzz_NAME -runs=0 fuzz-failure` repeats the crash. */
#include "config.h"

#include "fuzz.h"
#include "slow.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAILURE_FILE "fuzz-failure"

struct corpus {
	struct fuzz_seed *seeds; /* the target's, then one for each file */
	size_t count;
	size_t own; /* how many of the last seeds were read from files, and are freed at the end */
	size_t max_len;
};

/* The input that is being tried, which save_failure() writes to a file after a crash. */
static const uint8_t *current;
static size_t current_size;

/* Defined only where the program is built with a sanitizer. */
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));

static void save_failure(void)
{
	int fd = open(FAILURE_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t done = 0;

	while (fd >= 0 && done < current_size) {
		ssize_t n = write(fd, current + done, current_size - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
}

static void on_signal(int number)
{
	save_failure();
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

/* The next number of the generator splitmix64. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t bound)
{
	return bound == 0 ? 0 : (size_t)(next_random(state) % bound);
}

static void *must(void *memory)
{
	if (memory == NULL) {
		(void)fputs("fuzz: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return memory;
}

/* Try a copy of exactly the input's size, so that a sanitizer sees a read past its end. */
static void try_input(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = must(malloc(size == 0 ? 1 : size));

	memcpy(copy, bytes, size);
	current = copy;
	current_size = size;
	(void)LLVMFuzzerTestOneInput(copy, size);
	current_size = 0;
	free(copy);
}

/* Insert `count` bytes at `at`, or as many as fit into `max`.  `from` must not lie in `buffer`.  Returns the new
 * size. */
static size_t insert(uint8_t *buffer, size_t size, size_t max, size_t at, const uint8_t *from, size_t count)
{
	if (count > max - size)
		count = max - size;
	memmove(buffer + at + count, buffer + at, size - at);
	memcpy(buffer + at, from, count);
	return size + count;
}

/* Make one small change to buffer[0..size).  Returns the new size. */
static size_t mutate(uint8_t *buffer, size_t size, const struct corpus *corpus, uint64_t *rng)
{
	static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff, 0xc0, 0xc1, 0xfe, '\n', '"', ',', '{', '[', ':'};
	const struct fuzz_seed *other = &corpus->seeds[below(rng, corpus->count)];
	size_t at = below(rng, size);
	size_t count = 1 + below(rng, 8);
	uint8_t chunk[8];

	for (size_t i = 0; i < sizeof chunk; i++)
		chunk[i] = (uint8_t)next_random(rng);
	switch (below(rng, 8)) {
	case 0: /* flip a bit */
		if (size > 0)
			buffer[at] ^= (uint8_t)(1u << below(rng, 8));
		return size;
	case 1: /* set a byte to any value */
		if (size > 0)
			buffer[at] = chunk[0];
		return size;
	case 2: /* set a byte to a value that means something in a format */
		if (size > 0)
			buffer[at] = edges[below(rng, sizeof edges)];
		return size;
	case 3: /* leave bytes out */
		count = count > size - at ? size - at : count;
		memmove(buffer + at, buffer + at + count, size - at - count);
		return size - count;
	case 4: /* put bytes in */
		return insert(buffer, size, corpus->max_len, at, chunk, count);
	case 5: /* set several bytes to one value, as in lengths and counts */
		memset(chunk, edges[below(rng, sizeof edges)], sizeof chunk);
		memcpy(buffer + at, chunk, count > size - at ? size - at : count);
		return size;
	case 6: /* cut the end off */
		return at;
	default: { /* put a piece of another seed in */
		size_t from = below(rng, other->size);
		size_t length = 1 + below(rng, other->size - from);
		if (other->size == 0)
			return size;
		return insert(buffer, size, corpus->max_len, at, (const uint8_t *)other->bytes + from, length);
	}
	}
}

static void run(const struct corpus *corpus, unsigned long runs, uint64_t seed)
{
	uint8_t *buffer = must(malloc(corpus->max_len));

	for (unsigned long i = 0; i < runs; i++) {
		/* each run has a generator of its own, so that it does not depend on the runs before it */
		uint64_t rng = seed * UINT64_C(0x100000001b3) + i;
		const struct fuzz_seed *from = &corpus->seeds[below(&rng, corpus->count)];
		size_t size = from->size < corpus->max_len ? from->size : corpus->max_len;
		size_t changes = 1 + below(&rng, 6);

		memcpy(buffer, from->bytes, size);
		while (changes-- > 0)
			size = mutate(buffer, size, corpus, &rng);
		try_input(buffer, size);
	}
	free(buffer);
}

static void add_file(struct corpus *corpus, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = must(malloc(1 << 16));
	size_t capacity = 1 << 16;
	size_t size = 0;
	size_t n;

	if (file == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	while ((n = fread(bytes + size, 1, capacity - size, file)) > 0) {
		size += n;
		if (size == capacity)
			bytes = must(realloc(bytes, capacity *= 2));
	}
	(void)fclose(file);
	corpus->seeds[corpus->count++] = (struct fuzz_seed){bytes, size};
	corpus->own++;
}

static bool option(const char *arg, const char *name, unsigned long *value)
{
	size_t length = strlen(name);

	if (strncmp(arg, name, length) != 0)
		return false;
	*value = strtoul(arg + length, NULL, 10);
	return true;
}

int main(int argc, char **argv)
{
	struct corpus corpus = {.seeds = must(calloc(fuzz_seed_count + (size_t)argc, sizeof *corpus.seeds)),
				.count = fuzz_seed_count};
	unsigned long runs = SLOW ? 8000 : 20000;
	unsigned long seed = 1;
	unsigned long max_len = 4096;

	memcpy(corpus.seeds, fuzz_seeds, fuzz_seed_count * sizeof *corpus.seeds);
	for (int i = 1; i < argc; i++) {
		if (!option(argv[i], "-runs=", &runs) && !option(argv[i], "-seed=", &seed) &&
		    !option(argv[i], "-max_len=", &max_len))
			add_file(&corpus, argv[i]);
	}
	for (size_t i = 0; i < corpus.count; i++) {
		if (2 * corpus.seeds[i].size > max_len)
			max_len = 2 * corpus.seeds[i].size;
	}
	corpus.max_len = max_len;

	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(save_failure);
	else
		(void)signal(SIGSEGV, on_signal);
	(void)signal(SIGABRT, on_signal);

	for (size_t i = 0; i < corpus.count; i++)
		try_input(corpus.seeds[i].bytes, corpus.seeds[i].size);
	run(&corpus, runs, seed);
	(void)printf("%zu seeds and %lu mutations of them: 0 failures\n", corpus.count, runs);

	for (size_t i = corpus.count - corpus.own; i < corpus.count; i++)
		free((void *)(uintptr_t)corpus.seeds[i].bytes);
	free(corpus.seeds);
	return EXIT_SUCCESS;
}

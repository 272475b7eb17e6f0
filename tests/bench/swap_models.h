/* swap_models.h - writes a store of made-up models whose answers differ and are known. */
#ifndef BENCH_SWAP_MODELS_H
#define BENCH_SWAP_MODELS_H

#include <stddef.h>
#include <stdint.h>

enum { SWAP_MODELS = 4, SWAP_QUERIES = 64, SWAP_ANSWERS = 10 };

struct swap_size {
	uint32_t users, items, k;
};

/* Query q asks for the item with the id ids[q].  Model m, whose version is m + 1, answers it with answers[m][q], the
 * ids of the nearest items. */
struct swap_models {
	int64_t ids[SWAP_QUERIES];
	int64_t answers[SWAP_MODELS][SWAP_QUERIES][SWAP_ANSWERS];
};

/* Write the models into the store, the first one current.  Ends the program with a message where that fails. */
void swap_models_write(const char *store, const struct swap_size *size, struct swap_models *out);

_Noreturn __attribute__((format(printf, 1, 2))) void swap_die(const char *fmt, ...);

#endif

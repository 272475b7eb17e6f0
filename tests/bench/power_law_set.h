/* power_law_set.h - made-up ratings in memory, whose numbers by user and by item follow power laws. */
#ifndef BENCH_POWER_LAW_SET_H
#define BENCH_POWER_LAW_SET_H

#include "animed-plugin.h"

struct power_law_set; /* owns the ratings */

/* Make `ratings` ratings, in which no pair of user and item comes twice, and hold out a share of valid_pct of them.
 * *data refers to the ratings, which the caller frees with power_law_free().  Returns NULL where memory is short, or
 * where more than half of all pairs are asked for. */
struct power_law_set *power_law_make(size_t ratings, uint32_t users, uint32_t items, double valid_pct, uint64_t seed,
				     struct animed_dataset *data);
void power_law_free(struct power_law_set *set);

#endif

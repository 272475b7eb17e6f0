/* power_law_set.h - made-up ratings in memory, whose numbers by user and by item follow power laws. */
#ifndef BENCH_POWER_LAW_SET_H
#define BENCH_POWER_LAW_SET_H

#include "animed-plugin.h"

struct power_law_set; /* owns the ratings */

/* About `ratings` ratings, a share of them held out, in the order of users; NULL: not enough memory.  No pair comes
 * twice. */
struct power_law_set *power_law_make(size_t ratings, uint32_t users, uint32_t items, double valid_pct, uint64_t seed,
				     struct animed_dataset *data);
void power_law_free(struct power_law_set *set);

#endif

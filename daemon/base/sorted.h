/* sorted.h - binary search. */
#ifndef ANIMED_SORTED_H
#define ANIMED_SORTED_H

#include <stddef.h>
#include <stdint.h>

/* How many of N sorted elements come before the one that is looked for.  BEFORE is a condition on element number AT; it
 * is true for those elements and false for all behind them. */
#define SORTED_BEFORE(AT, N, BEFORE)                                                                                   \
	({                                                                                                             \
		size_t low_ = 0, high_ = (N);                                                                          \
		while (low_ < high_) {                                                                                 \
			const size_t AT = low_ + (high_ - low_) / 2;                                                   \
			if (BEFORE)                                                                                    \
				low_ = AT + 1;                                                                         \
			else                                                                                           \
				high_ = AT;                                                                            \
		}                                                                                                      \
		low_;                                                                                                  \
	})

/* Returns the place of `wanted` among n ascending numbers, or n if it is not among them. */
static inline size_t sorted_find(const uint32_t *numbers, size_t n, uint32_t wanted)
{
	const size_t at = SORTED_BEFORE(i, n, numbers[i] < wanted);

	return at < n && numbers[at] == wanted ? at : n;
}

#endif

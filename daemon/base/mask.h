/* mask.h - sets of items with one bit an item (see struct animed_query in animed-plugin.h). */
#ifndef ANIMED_MASK_H
#define ANIMED_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns how many words the mask of n items has. */
static inline size_t mask_words(uint32_t n)
{
	return ((size_t)n + 63) / 64;
}

static inline bool mask_has(const uint64_t *mask, uint32_t item)
{
	return (mask[item / 64] >> (item % 64)) & 1;
}

static inline void mask_set(uint64_t *mask, uint32_t item)
{
	mask[item / 64] |= UINT64_C(1) << (item % 64);
}

static inline void mask_clear(uint64_t *mask, uint32_t item)
{
	mask[item / 64] &= ~(UINT64_C(1) << (item % 64));
}

/* Set the bits of all n items, and clear those behind them in the last word. */
static inline void mask_fill(uint64_t *mask, uint32_t n)
{
	for (size_t w = 0; w < mask_words(n); w++)
		mask[w] = UINT64_MAX;
	if (n % 64)
		mask[n / 64] = (UINT64_C(1) << (n % 64)) - 1;
}

/* Returns the first item from `item` on that is in the mask of n items, or n if there is none. */
static inline uint32_t mask_next(const uint64_t *mask, uint32_t n, uint32_t item)
{
	size_t w = item / 64;

	if (item >= n)
		return n;
	for (uint64_t word = mask[w] & (UINT64_MAX << (item % 64));; word = mask[w]) {
		if (word)
			return (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(word);
		if (++w == mask_words(n))
			return n;
	}
}

/* A loop over the items in MASK, a mask of N items.  It declares ITEM as a uint32_t, which takes each item in ascending
 * order. */
#define EACH_IN(ITEM, MASK, N)                                                                                         \
	for (uint32_t ITEM = mask_next((MASK), (N), 0); ITEM < (N); ITEM = mask_next((MASK), (N), ITEM + 1))

/* Returns how many of the n items are in the mask. */
static inline size_t mask_count(const uint64_t *mask, uint32_t n)
{
	size_t count = 0;

	for (size_t w = 0; w < mask_words(n); w++)
		count += (size_t)__builtin_popcountll(mask[w]);
	return count;
}

#endif

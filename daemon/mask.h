/* mask.h - sets of items, a bit an item (see struct animed_query in animed-plugin.h). */
#ifndef ANIMED_MASK_H
#define ANIMED_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many words the mask of n items has. */
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

/* How many of n items are in it. */
static inline size_t mask_count(const uint64_t *mask, uint32_t n)
{
	size_t count = 0;

	for (size_t w = 0; w < mask_words(n); w++)
		count += (size_t)__builtin_popcountll(mask[w]);
	return count;
}

#endif

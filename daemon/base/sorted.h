/* sorted.h - binary search in ascending numbers. */
#ifndef ANIMED_SORTED_H
#define ANIMED_SORTED_H

#include <stddef.h>
#include <stdint.h>

/* Returns the place of `wanted` among n ascending numbers, or n if it is not among them. */
static inline size_t sorted_find(const uint32_t *numbers, size_t n, uint32_t wanted)
{
	size_t low = 0, high = n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (numbers[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && numbers[low] == wanted ? low : n;
}

#endif

/* catalogue.c - finds items by id. */
#include "config.h"

#include "data/catalogue.h"

uint32_t catalogue_find(const struct catalogue *catalogue, int64_t id)
{
	uint32_t low = 0, high = catalogue->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (catalogue->ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < catalogue->n && catalogue->ids[low] == id)
		return low;
	/* the ids of a file made elsewhere may have any order */
	for (uint32_t i = 0; i < catalogue->n; i++) {
		if (catalogue->ids[i] == id)
			return i;
	}
	return ANIMED_NO_ITEM;
}

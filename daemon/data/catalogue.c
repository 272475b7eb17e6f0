/* catalogue.c - finds items by id. */
#include "config.h"

#include "data/catalogue.h"

#include "base/sorted.h"

uint32_t catalogue_find(const struct catalogue *catalogue, int64_t id)
{
	const size_t at = SORTED_BEFORE(i, catalogue->n, catalogue->ids[i] < id);

	if (at < catalogue->n && catalogue->ids[at] == id)
		return (uint32_t)at;
	/* the ids of a file made elsewhere may have any order */
	for (uint32_t i = 0; i < catalogue->n; i++) {
		if (catalogue->ids[i] == id)
			return i;
	}
	return ANIMED_NO_ITEM;
}

struct animed_items catalogue_items(const struct catalogue *catalogue, const uint32_t *franchises)
{
	return (struct animed_items){.n = catalogue->n,
				     .ids = catalogue->ids,
				     .synopses = catalogue->synopses,
				     .genres = catalogue->genres,
				     .tags = catalogue->tags,
				     .members = catalogue->members,
				     .franchises = franchises};
}

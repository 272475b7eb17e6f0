/* catalogue.h - what is known of the items, in columns.  Whoever made a catalogue owns what its columns point to: a
 * dataset its memory, a model file its mapping. */
#ifndef ANIMED_CATALOGUE_H
#define ANIMED_CATALOGUE_H

#include "base/text.h"

/* Every column has n rows, items in ascending order of id; a column that is not there is NULL (strings: offsets NULL),
 * a cell that is not known 0 or "". */
struct catalogue {
	uint32_t n;
	const int64_t *ids;
	const int64_t *counts; /* ratings behind each item */
	const int64_t *tops;   /* those of them that give the highest score in the data */
	const float *means;    /* mean of those ratings, 0 where there are none */
	const int32_t *years;
	const int32_t *episodes;
	const int64_t *members;
	struct animed_strings titles;
	struct animed_strings alt_titles; /* '|' between them */
	struct animed_strings synopses;
	struct animed_strings genres; /* '|' between them */
	struct animed_strings types;
};

/* The position of the item with this id, or ANIMED_NO_ITEM.  Binary search where ids ascend, as they do in every model
 * written here, else a scan. */
uint32_t catalogue_find(const struct catalogue *catalogue, int64_t id);

#endif

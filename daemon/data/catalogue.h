/* catalogue.h - what is known of the items, in columns.  A catalogue points into memory of the dataset or into the
 * mapping of the model file that it belongs to. */
#ifndef ANIMED_CATALOGUE_H
#define ANIMED_CATALOGUE_H

#include "base/text.h"

/* Every column has n rows, one an item, by ascending id.  A column that is missing is NULL (strings: offsets NULL),
 * a cell that is not known 0 or "". */
struct catalogue {
	uint32_t n;
	const int64_t *ids;
	const int64_t *counts; /* ratings of each item */
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
	struct animed_strings tags;            /* '|' between them */
	struct animed_strings links, pictures; /* addresses */
};

/* Returns the row of the item with this id, or ANIMED_NO_ITEM.  Ids ascend in every model written here, and the
 * search is binary; a file made elsewhere may have them in any order, and is scanned. */
uint32_t catalogue_find(const struct catalogue *catalogue, int64_t id);

/* Returns the columns that plugins learn from.  `franchises` is an array of n, as in struct animed_items. */
struct animed_items catalogue_items(const struct catalogue *catalogue, const uint32_t *franchises);

#endif

/* catalogue.h - what is known of the items, in columns.  Whoever made a catalogue owns what its columns point to: a
 * dataset its memory, a model file its mapping. */
#ifndef ANIMED_CATALOGUE_H
#define ANIMED_CATALOGUE_H

#include "animed-plugin.h"

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

/* A piece of text that is not NUL-terminated. */
struct text {
	const char *bytes;
	size_t length;
};

/* String i of a column; empty where the column is not there. */
static inline struct text strings_at(const struct animed_strings *column, size_t i)
{
	if (!column->offsets)
		return (struct text){"", 0};
	return (struct text){column->bytes + column->offsets[i], (size_t)(column->offsets[i + 1] - column->offsets[i])};
}

/* The position of the item with this id, or ANIMED_NO_ITEM.  Binary search where ids ascend, as they do in every model
 * written here, else a scan. */
uint32_t catalogue_find(const struct catalogue *catalogue, int64_t id);

#endif

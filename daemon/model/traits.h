/* traits.h - what queries use beside similarity, computed once for a model: labels, franchises, popularity, cult. */
#ifndef ANIMED_TRAITS_H
#define ANIMED_TRAITS_H

#include "model/cult.h"
#include "model/facet.h"
#include "titles/relations.h"

struct traits {
	struct facet genres, types;
	uint32_t *franchises; /* [n]: see franchise.h */
	struct relations relations;
	float *popularity; /* [n]: see popularity_find(); NULL if not known */
	struct cult cult;
	double mean;         /* the mean of all ratings; 0 if not known */
	bool years, members; /* whether the model knows the year, or the members, of any item */
};

/* Compute the traits of all items of a model file.  `rated` is the mask in struct model, `relations` the path of a file,
 * or NULL (see relations.h).  Returns 0.  Where memory is short or the relations cannot be read, returns -1 and fills
 * err.  The caller calls traits_close() in either case.  Any thread. */
int traits_open(struct traits *traits, const struct modelfile *file, const uint64_t *rated, const char *relations,
		struct animed_error *err);
void traits_close(struct traits *traits);

/* Compute how popular each rated item is among all rated items, from 0 to 1: the share of the other items that are less
 * popular, where an item that is equally popular counts one half.  Popularity is the number of members, or the number
 * of ratings if the members of an item are not known.  It is NaN for an item that is not rated or of which neither is
 * known.  *popularity is a new array, which the caller frees with free(), or NULL if the catalogue has neither.
 * Returns 0, or -1 where memory is short. */
int popularity_find(const struct catalogue *catalogue, const uint64_t *rated, float **popularity);

#endif

/* cult-private.h - what cult.c computes from: sums over the ratings of each item. */
#ifndef ANIMED_CULT_PRIVATE_H
#define ANIMED_CULT_PRIVATE_H

#include "store/modelfile.h"

/* What the ratings of an item, or of all items of a franchise, add up to; see cult.h. */
struct tally {
	double n, z, favourites;
};

/* Add up the ratings in file->ratings, of which there is at least one, into a zeroed tally an item.  Returns 0, or -1
 * where memory is short. */
int tally_ratings(const struct modelfile *file, struct tally *items);

/* Fill the same from the counts, means and, if there are any, tops of the catalogue. */
void tally_columns(const struct catalogue *catalogue, struct tally *items);

#endif

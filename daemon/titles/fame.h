/* fame.h - how well known shows are. */
#ifndef ANIMED_FAME_H
#define ANIMED_FAME_H

#include "data/catalogue.h"

/* Compute for each item its share of all ratings or its share of all members, whichever is larger.  What the catalogue
 * does not know counts as nothing, and every show has a little, so that fame can be compared by ratios.  Returns a new array
 * of catalogue->n, which the caller frees with free(), or NULL where memory is short. */
float *fame_of_all(const struct catalogue *catalogue);

#endif

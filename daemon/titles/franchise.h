/* franchise.h - which shows belong together: seasons, films and specials of one work.
 *
 * By title: two shows are of one franchise where their stems (stem.h) are equal, or what stands before a subtitle is,
 * or the whole title of one is the beginning of the other's, as far as these rules let it; a chain of such pairs is one
 * franchise.  A file of relations overrides it: the shows that it names belong with those that it puts them with and
 * with no others. */
#ifndef ANIMED_FRANCHISE_H
#define ANIMED_FRANCHISE_H

#include "data/catalogue.h"

/* Give each of the catalogue->n items the number of its franchise in *franchises, a new array: the smallest item of it,
 * so that a show alone has its own number.
 *
 * `relations` (NULL: none) is a CSV file of ids: each line names shows of one franchise, and one id alone a show that
 * belongs to none; lines may chain.  Empty lines, lines that begin with '#' and a header line of words are passed over,
 * ids that the catalogue does not have too.  -1: the file cannot be read or is malformed, or memory is short. */
int franchise_find(const struct catalogue *catalogue, const char *relations, uint32_t **franchises,
		   struct animed_error *err);

#endif

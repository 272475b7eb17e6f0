/* franchise.h - which shows belong together: seasons, films and specials of one work.
 *
 * Shows are joined by their titles.  Two shows are of one franchise if their stems (see stem.h) are equal, if the stems
 * of what stands before their subtitles are equal, or if the title of one begins with the whole title of the other and
 * that is long enough to say something.  A chain of such pairs is one franchise.
 *
 * A file of relations overrides this.  A show that it names belongs to the shows with which the file joins it, and to
 * no others. */
#ifndef ANIMED_FRANCHISE_H
#define ANIMED_FRANCHISE_H

#include "data/catalogue.h"

/* Find the franchise of each of the catalogue->n items.  *franchises is a new array, which the caller frees with
 * free().  It has, for each item, the smallest item of its franchise as the franchise's number, so that a show alone
 * has its own number.
 *
 * `relations` is the path of a CSV file of ids, or NULL.  Each line names shows of one franchise; a line with one id
 * names a show that belongs to no franchise.  Lines that name the same show are joined.  Empty lines, lines that begin
 * with '#', a header line of words, and ids that the catalogue does not have are skipped.
 *
 * Returns 0.  Where the file cannot be read or is malformed, or memory is short, returns -1 and fills err. */
int franchise_find(const struct catalogue *catalogue, const char *relations, uint32_t **franchises,
		   struct animed_error *err);

#endif

/* franchise.h - which shows belong together: seasons, films and specials of one work.
 *
 * Shows are joined by their titles.  Two shows are of one franchise if their stems (see stem.h) are equal, if the stems
 * of what stands before their subtitles are equal, or if the title of one begins with the whole title of the other and
 * that is long enough to say something.  A chain of such pairs is one franchise.
 *
 * A file of relations (see relations.h) says what titles do not tell, and comes before them: shows of one of its
 * families are of one franchise, shows of two families of the file never are, and a show that has a line to itself
 * belongs to no show but those that other lines join it with.  Every other show belongs where its title says, be that
 * with shows of a family. */
#ifndef ANIMED_FRANCHISE_H
#define ANIMED_FRANCHISE_H

#include "titles/relations.h"

/* Find the franchise of each of the catalogue->n items.  *franchises is a new array, which the caller frees with
 * free().  It has, for each item, the smallest item of its franchise as the franchise's number, so that a show alone
 * has its own number.  `path` is that of a file of relations, or NULL; *relations says what it was good for, unless
 * `relations` is NULL.
 *
 * Returns 0.  Where the file cannot be read or is malformed, or memory is short, returns -1 and fills err. */
int franchise_find(const struct catalogue *catalogue, const char *path, uint32_t **franchises,
		   struct relations *relations, struct animed_error *err);

#endif

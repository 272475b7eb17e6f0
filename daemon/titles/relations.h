/* relations.h - reads a file that says which shows belong together.
 *
 * Each line names shows by their ids, with commas between them: these are one family.  Lines that name the same show
 * are one family too.  A line with one id names a show that its title joins with no other.  Empty lines, lines that
 * begin with '#', a header line of words, and ids that the catalogue does not have are skipped.
 *
 * Before the families there may be lines such as "= 1 Cowboy Bebop", which say what the show with an id is called.  They
 * tell whether the ids are those of the catalogue: where they are others, the families would join shows that have
 * nothing in common.  The file is used if the catalogue has RELATIONS_LEAST of these shows or more, and of those that it
 * has RELATIONS_PERCENT or more have the title, apart from what their stems leave out (see stem.h).  A file without such
 * lines is used for every catalogue. */
#ifndef ANIMED_RELATIONS_H
#define ANIMED_RELATIONS_H

#include "data/catalogue.h"

#define RELATIONS_LEAST   3
#define RELATIONS_PERCENT 80

/* What a file was good for. */
struct relations {
	bool used;
	uint32_t families; /* lines of which the catalogue has two shows or more; 0 where the file is not used */
	uint32_t known;    /* of the shows whose title the file tells, those that the catalogue has */
	uint32_t agree;    /* of these, those that have the title */
};

/* Called for each show of each line that the catalogue has.  `before` is the one before it on the line, or
 * ANIMED_NO_ITEM; `alone` is true if the line has one id. */
typedef void relations_take(void *ctx, uint32_t item, uint32_t before, bool alone);

/* Read the file, and call `take` for what it says if it is used.  Returns 0.  Where the file cannot be read or is
 * malformed, or memory is short, returns -1 and fills err; `take` may have been called by then. */
int relations_read(const char *path, const struct catalogue *catalogue, relations_take *take, void *ctx,
		   struct relations *relations, struct animed_error *err);

#endif

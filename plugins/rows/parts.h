/* parts.h - the parts of what a source reads, in the order in which the sink wants them: items, favourites, ratings. */
#ifndef PLUGINS_PARTS_H
#define PLUGINS_PARTS_H

#include "rows/table.h"

/* What parameters name the parts: files (items.path) or queries (items.query). */
enum rows_from { ROWS_FROM_FILES, ROWS_FROM_QUERIES };

/* Reads a part.  `key` is the name of its parameter and `value` the file or query.  Returns 0.  On failure returns -1 and
 * fills err. */
typedef int (*rows_read_part)(void *ctx, const struct rows_load *load, enum rows_kind kind, const char *key,
			      const char *value, struct animed_error *err);

/* Call `read` for each part that the configuration names, until one fails.  Returns as that does. */
int rows_each_part(const struct rows_load *load, enum rows_from from, rows_read_part read, void *ctx,
		   struct animed_error *err);

#endif

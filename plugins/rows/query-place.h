/* query-place.h - says where in the text of a query an error is. */
#ifndef PLUGINS_QUERY_PLACE_H
#define PLUGINS_QUERY_PLACE_H

#include <stddef.h>

enum { QUERY_PLACE_SIZE = 128 };

/* Write how a message names the byte at `offset` of the query that is the value of the parameter `key`, such as
 * "ratings.query, line 2, column 7", to `out`; the key alone where the offset is beyond the text.  Lines and columns
 * count from 1, columns in characters.  Returns `out`. */
const char *query_place(const char *key, const char *query, size_t offset, char out[QUERY_PLACE_SIZE]);

#endif

/* pg-array.h - reads arrays as PostgreSQL writes them. */
#ifndef PLUGINS_PG_ARRAY_H
#define PLUGINS_PG_ARRAY_H

#include <stdbool.h>

/* Whether values of the type with this number are arrays of texts or whole numbers. */
bool pg_is_array(unsigned type);

/* Write the elements of an array such as {Action,"Slice of Life",NULL} with '|' between them to `out`, which has as many
 * bytes as `array`, with its NUL.  Elements that are NULL are left out.  Returns the length. */
unsigned long pg_array_elements(const char *array, char *out);

#endif

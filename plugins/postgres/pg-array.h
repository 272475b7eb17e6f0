/* pg-array.h - reads arrays as PostgreSQL writes them. */
#ifndef PLUGINS_PG_ARRAY_H
#define PLUGINS_PG_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Whether values of the type with this number are arrays of texts or whole numbers. */
bool pg_is_array(unsigned type);

/* How much room pg_array_list() needs, with the NUL, for an array of so many bytes. */
#define PG_LIST_SIZE(length) ((length)*2 + 3)

/* Write an array such as {Action,"Slice of Life",NULL} as a list of JSON, ["Action","Slice of Life"], to `out`.
 * Elements that are NULL are left out.  Returns the length. */
size_t pg_array_list(const char *array, char *out);

#endif

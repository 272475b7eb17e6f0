/* kind.h - knows files that are something else than a table of text by how they begin. */
#ifndef PLUGINS_KIND_H
#define PLUGINS_KIND_H

#include <stddef.h>

enum { KIND_BYTES = 512 }; /* how much of a file is enough to know it */

/* Returns what a file that begins with these bytes is and what to do with it, such as "is a zip archive; unpack it".
 * NULL: nothing that is known and no text. */
const char *kind_of_bytes(const char *bytes, size_t size);

/* The same for files that are text, but no table of rows and columns. */
const char *kind_of_text(const char *text, size_t size);

#endif

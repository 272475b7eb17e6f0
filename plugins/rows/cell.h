/* cell.h - tells what the text of a cell is, and shows it in messages. */
#ifndef PLUGINS_CELL_H
#define PLUGINS_CELL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the text is UTF-8 without a NUL. */
bool cell_is_utf8(const char *text, size_t length);

/* Whether the text is UTF-8 without a NUL and without a line break. */
bool cell_is_line(const char *text, size_t length);

/* Whether the text stands for no value: nothing, "NaN", "null", "None", "N/A", "-", "Unknown" and the like. */
bool cell_is_none(const char *text, size_t length);

/* Write what a message may show of `text` to `out`, which has `size` >= 4 bytes: control characters and line
 * breaks of any kind become blanks, what
 * is not UTF-8 becomes "?", and what does not fit is cut off between two characters, with "..." in its place.  Returns
 * `out`. */
const char *cell_show(const char *text, char *out, size_t size);

#endif

/* cell.h - reads the cells of rating data, which look different in each dataset, into uniform values. */
#ifndef PLUGINS_CELL_H
#define PLUGINS_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the text is UTF-8 without a NUL. */
bool cell_is_utf8(const char *text, size_t length);

/* Read a NUL-terminated text that is a decimal number.  Returns false where it is anything else, or has a NUL in it. */
bool cell_to_id(const char *text, size_t length, int64_t *id);
bool cell_to_score(const char *text, size_t length, float *score); /* a finite one */

/* A count such as "64"; 0 where the text is no number ("Unknown"). */
int64_t cell_to_count(const char *text);

/* The first year of a date such as "Apr 5, 2009 to Jul 4, 2010", "26-Aug-16", "2009-04-05" or "2009"; 0 where there is
 * none. */
int32_t cell_to_year(const char *text);

/* The year of a title such as "Toy Story (1995)"; 0 where there is none. */
int32_t title_year(const char *title, size_t length);

/* Make "Action|Sci-Fi" of that, of "Action, Sci-Fi" or of "['Action', 'Sci-Fi']", in place.  Returns the new length. */
size_t normalise_genres(char *text);

/* Replace the HTML entities that exported titles have, in place.  Returns the new length. */
size_t decode_entities(char *text);

/* Write what a message may show of `text` to `out`, which has `size` >= 4 bytes: control characters become blanks, what
 * is not UTF-8 becomes "?", and what does not fit is cut off between two characters, with "..." in its place.  Returns
 * `out`. */
const char *cell_show(const char *text, char *out, size_t size);

#endif

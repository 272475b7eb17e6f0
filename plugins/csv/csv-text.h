/* csv-text.h - what the cells of rating data look like, made uniform. */
#ifndef PLUGINS_CSV_TEXT_H
#define PLUGINS_CSV_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether it is UTF-8 without a NUL in it. */
bool text_is_utf8(const char *text, size_t length);

/* A whole text, NUL-terminated, that is a decimal number; false where it is anything else, as with a NUL in it. */
bool text_to_id(const char *text, size_t length, int64_t *id);
bool text_to_score(const char *text, size_t length, float *score); /* finite */

/* A count such as "64", 0 where the text is no number ("Unknown"). */
int64_t text_to_count(const char *text);

/* The first year that a date names: "Apr 5, 2009 to Jul 4, 2010", "26-Aug-16", "2009-04-05", "2009".  0: none. */
int32_t text_to_year(const char *text);

/* The year of a title such as "Toy Story (1995)"; 0: none. */
int32_t title_year(const char *title, size_t length);

/* Genres as "Action|Sci-Fi", from that, "Action, Sci-Fi" or "['Action', 'Sci-Fi']".  In place; returns the new length.
 */
size_t normalise_genres(char *text);

/* Replace the HTML entities that occur in exported titles.  In place; returns the new length. */
size_t decode_entities(char *text);

/* Write what a message may show of `text` to `out`, which has `size` >= 4 bytes: control characters become blanks, what
 * is not UTF-8 becomes "?", and what does not fit is cut off between two characters, with "..." in its place.  Returns
 * `out`. */
const char *text_show(const char *text, char *out, size_t size);

#endif

/* number.h - reads numbers as spreadsheets, pandas and people write them. */
#ifndef PLUGINS_NUMBER_H
#define PLUGINS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All of them read NUL-terminated text of `length` bytes, and return false where it is anything else or has a NUL in it.
 * Blanks around the number do not count. */

/* A whole number: 123, -5, 123.0, 1,615,084, 1.234.567, 1.2e6.  456.5 is none, nor is a
 * real from 2^53 on, "9007199254740993.0", which may have been another number before it was one. */
bool cell_to_id(const char *text, size_t length, int64_t *id);

/* Why the cell is none, to say between "the id" and the text: "is not a whole number:". */
const char *cell_not_id(const char *text, size_t length);

enum { NUMBER_TEXT = 32 };

/* Write a real with the fewest digits from which the same number is read; from 2^53 on with an exponent. */
void number_write(double number, char out[NUMBER_TEXT]);

/* The same where a whole number that is not negative is expected, and "Unknown" or nothing may stand in its place:
 * *count is then 0.  12.000 is none: it may be 12, or 12,000 in countries that write so. */
bool cell_to_count(const char *text, size_t length, int64_t *count);

/* A score, which is finite: 8, 7.25, 7,5, 9/10, or stars such as ★★★½.  *of receives what a score like 9/10 is out of; 0
 * for others. */
bool cell_to_score(const char *text, size_t length, float *score, int *of);

/* The first year from 1888 on of a date such as "Apr 5, 2009 to Jul 4, 2010", "26-Aug-16", "2009-04-05" or "2009"; 0 where there is
 * none. */
int32_t cell_to_year(const char *text);

/* The year of a title such as "Toy Story (1995)"; 0 where there is none. */
int32_t title_year(const char *title, size_t length);

#endif

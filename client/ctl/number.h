/* number.h - numbers as people type them. */
#ifndef ANIMECTL_NUMBER_H
#define ANIMECTL_NUMBER_H

#include <stdbool.h>

/* Read a score: "9", "8.5", "8,5" or, with a scale, "9/10".  *scale receives the scale, or 0 if there is none.  Returns
 * false if the text is no such score. */
bool number_score(const char *text, double *score, double *scale);

/* Read a range of numbers and return it as the daemon reads it: "2010-2015" is "2010..2015", "5k+" is "5000..",
 * "1,000,000" is "1000000".  The caller frees it.  Returns NULL if the text is none. */
char *number_range(const char *text);

#endif

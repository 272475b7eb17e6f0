/* casefold.h - folds titles: texts that differ only in case, accents, width or punctuation become equal. */
#ifndef ANIMED_FOLD_H
#define ANIMED_FOLD_H

#include "base/text.h"

/* Fold a text: NFKC with case folding, without the accents of Latin, Greek and Cyrillic letters, and with one blank for
 * each run of characters that are neither letters nor digits, but none at the ends.  A text without letters and digits
 * keeps its symbols.  Returns 0; *folded is a new string, which the caller frees with free(), or NULL if the text is
 * not UTF-8.  It is NULL as well if the text has a NUL, unless the rest is ASCII with a letter or a digit.  Returns -1
 * where memory is short. */
int fold_text(struct text text, char **folded);

#endif

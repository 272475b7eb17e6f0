/* casefold.h - the form of a title in which spelling, case and accents no longer matter. */
#ifndef ANIMED_FOLD_H
#define ANIMED_FOLD_H

#include "base/text.h"

/* Fold a text: NFKC with case folding, marks stripped, every run of characters that are neither letters nor digits one
 * space, none at the ends.  A text that would fold to nothing keeps its symbols.  *folded is NULL where the text is not
 * UTF-8 or holds a NUL beside characters beyond ASCII, else a new string; the caller frees it with free().  Returns 0,
 * or -1 where memory is short. */
int fold_text(struct text text, char **folded);

#endif

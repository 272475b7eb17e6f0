/* casefold.h - the form of a title in which spelling, case and accents no longer matter. */
#ifndef ANIMED_FOLD_H
#define ANIMED_FOLD_H

#include <stddef.h>

/* The folded form of `length` bytes of UTF-8 as a new NUL-terminated string to be freed by the caller; NULL where
 * memory is short, the text is not UTF-8, or it holds a NUL beside characters beyond ASCII.  NFKC with case folding,
 * marks stripped, every run of characters that are neither letters nor digits one space, none at the ends; a text that
 * would fold to nothing keeps its symbols. */
char *fold_text(const char *text, size_t length);

#endif

/* repair.h - makes text from elsewhere safe to print. */
#ifndef CLIENT_REPAIR_H
#define CLIENT_REPAIR_H

#include <stdbool.h>
#include <stddef.h>

/* Copy the text with U+FFFD in place of what is not UTF-8 and, with `terminal`, of control characters but line breaks.
 * The caller frees the copy.  NULL where memory is short. */
char *text_repair(const char *bytes, size_t length, bool terminal);

#endif

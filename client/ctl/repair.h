/* repair.h - text from elsewhere, made safe to print. */
#ifndef CLIENT_REPAIR_H
#define CLIENT_REPAIR_H

#include <stdbool.h>
#include <stddef.h>

/* A copy on the heap in which what is not UTF-8, and with `terminal` every control character but the line break, is
 * replaced by U+FFFD.  NULL: out of memory. */
char *text_repair(const char *bytes, size_t length, bool terminal);

#endif

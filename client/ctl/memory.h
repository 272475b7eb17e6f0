/* memory.h - the end of animectl where memory is short.
 *
 * A command that goes on without a cell or a title would print half an answer as if it were one. */
#ifndef CLIENT_MEMORY_H
#define CLIENT_MEMORY_H

#include <stddef.h>
#include <stdnoreturn.h>

/* Say that memory is short, and end the program with CTL_BROKEN. */
noreturn void memory_is_short(void);

/* Do what malloc() does, or end the program; for libraries that do not always tell that memory is short. */
void *memory_new(size_t size);

/* The string, which must be one on the heap; ends the program where it is NULL. */
char *memory_take(char *string);

/* A new string, formatted.  The caller frees it.  Ends the program where memory is short. */
__attribute__((format(printf, 1, 2))) char *memory_format(const char *fmt, ...);

#endif

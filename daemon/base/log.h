/* log.h - the daemon's log on standard error.  A line is "animed: text".  Before the text stands "debug: ", "warning: "
 * or "error: " if the line has that level.  Control characters in it have become blanks. */
#ifndef ANIMED_LOG_H
#define ANIMED_LOG_H

#include "animed-plugin.h"

/* The names of enum animed_level, in its order. */
#define LOG_LEVELS "debug|info|warning|error"

/* Returns the level of a line that log_write() has written, and moves *line to where its text begins.  A line without a
 * level has ANIMED_INFO. */
enum animed_level log_read(const char **line);

/* Set the lowest level that is written.  It is ANIMED_INFO until this is called. */
void log_set_level(enum animed_level level);
__attribute__((format(printf, 2, 3))) void log_write(enum animed_level level, const char *fmt, ...);
void log_vwrite(enum animed_level level, const char *fmt, va_list ap);

/* The callback `log` of a host.  It does not read ctx. */
__attribute__((format(printf, 3, 4))) void log_host(void *ctx, enum animed_level level, const char *fmt, ...);

#endif

/* log.h - the log, on standard error: "animed: TEXT", or "animed: LEVEL: TEXT" for another level than info. */
#ifndef ANIMED_LOG_H
#define ANIMED_LOG_H

#include "animed-plugin.h"

/* The names of enum animed_level, in its order. */
#define LOG_LEVELS "debug|info|warning|error"

/* Returns the level of a line that log_write() has written, and moves *line to its text. */
enum animed_level log_read(const char **line);

/* Set the least level that is written, which is ANIMED_INFO before. */
void log_set_level(enum animed_level level);
__attribute__((format(printf, 2, 3))) void log_write(enum animed_level level, const char *fmt, ...);
void log_vwrite(enum animed_level level, const char *fmt, va_list ap);

/* The callback `log` of a struct animed_host; it does not use `ctx`. */
__attribute__((format(printf, 3, 4))) void log_host(void *ctx, enum animed_level level, const char *fmt, ...);

#endif

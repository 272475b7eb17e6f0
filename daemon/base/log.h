/* log.h - what the daemon says, on standard error: "animed: text", with "warning: " or "error: " before text where it
 * is one. */
#ifndef ANIMED_LOG_H
#define ANIMED_LOG_H

#include "animed-plugin.h"

/* The names of enum animed_level, in its order. */
#define LOG_LEVELS "debug|info|warning|error"

/* The level of a line that log_write() has written, and where its text begins. */
enum animed_level log_read(const char **line);

/* The least level that is written; ANIMED_INFO until told otherwise. */
void log_set_level(enum animed_level level);
__attribute__((format(printf, 2, 3))) void log_write(enum animed_level level, const char *fmt, ...);
void log_vwrite(enum animed_level level, const char *fmt, va_list ap);

/* The `log` of a host whose ctx is not used. */
__attribute__((format(printf, 3, 4))) void log_host(void *ctx, enum animed_level level, const char *fmt, ...);

#endif

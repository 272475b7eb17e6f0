#include "config.h"

#include "base/log.h"

#include <stdio.h>

static enum animed_level least = ANIMED_INFO;

void log_set_level(enum animed_level level)
{
	least = level;
}

void log_vwrite(enum animed_level level, const char *fmt, va_list ap)
{
	static const char *const prefix[] = {"debug: ", "", "warning: ", "error: "};
	char line[2048];

	if (level < least)
		return;
	/* one write a line, so that lines of several threads and processes do not mix */
	(void)vsnprintf(line, sizeof line, fmt, ap);
	(void)fprintf(stderr, "animed: %s%s\n", prefix[level], line);
}

void log_write(enum animed_level level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	log_vwrite(level, fmt, ap);
	va_end(ap);
}

void log_host(void *ctx, enum animed_level level, const char *fmt, ...)
{
	va_list ap;
	(void)ctx;
	va_start(ap, fmt);
	log_vwrite(level, fmt, ap);
	va_end(ap);
}

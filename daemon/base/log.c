/* log.c - writes lines to standard error, and takes apart lines that another animed has written. */
#include "config.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define WHO "animed: "

static enum animed_level least = ANIMED_INFO;

void log_set_level(enum animed_level level)
{
	least = level;
}

void log_vwrite(enum animed_level level, const char *fmt, va_list ap)
{
	const struct text name = level == ANIMED_INFO ? (struct text){"", 0} : text_at(LOG_LEVELS, level);
	char line[2048];

	if (level < least)
		return;
	/* one call writes the whole line, so that lines of several threads and processes do not mix */
	(void)vsnprintf(line, sizeof line, fmt, ap);
	text_clean(line);
	(void)fprintf(stderr, WHO "%.*s%s%s\n", (int)name.length, name.bytes, name.length ? ": " : "", line);
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

enum animed_level log_read(const char **line)
{
	if (strncmp(*line, WHO, strlen(WHO)) == 0)
		*line += strlen(WHO);
	const size_t length = strcspn(*line, ":");
	const int level = text_place(LOG_LEVELS, (struct text){*line, length});
	if (level < 0 || level == ANIMED_INFO || strncmp(*line + length, ": ", 2) != 0)
		return ANIMED_INFO;
	*line += length + 2;
	return (enum animed_level)level;
}

/* memory.c - allocates strings, or ends the program. */
#include "config.h"

#include "ctl/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/exit-status.h"

noreturn void memory_is_short(void)
{
	(void)fputs("animectl: out of memory\n", stderr);
	exit(CTL_BROKEN);
}

void *memory_new(size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		memory_is_short();
	return memory;
}

char *memory_take(char *string)
{
	if (!string)
		memory_is_short();
	return string;
}

char *memory_format(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	const int length = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (length < 0)
		memory_is_short();
	return text;
}

/* query-place.c - counts lines and characters. */
#include "config.h"

#include "rows/query-place.h"

#include <stdio.h>
#include <string.h>

const char *query_place(const char *key, const char *query, size_t offset, char out[QUERY_PLACE_SIZE])
{
	size_t line = 1, column = 1;

	if (offset > strlen(query)) {
		(void)snprintf(out, QUERY_PLACE_SIZE, "%s", key);
		return out;
	}
	for (size_t i = 0; i < offset; i++) {
		if (query[i] == '\n') {
			line++;
			column = 1;
		} else if ((query[i + 1] & 0xc0) != 0x80) {
			column++;
		}
	}
	(void)snprintf(out, QUERY_PLACE_SIZE, "%s, line %zu, column %zu", key, line, column);
	return out;
}

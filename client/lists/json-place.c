/* json-place.c - follows the brackets of JSON. */
#include "config.h"

#include "lists/json-place.h"

#include <stdbool.h>
#include <string.h>

/* The end of the string that begins at the quote. */
static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			at++;
	}
	return *at ? at + 1 : at;
}

static struct json_place place_at(const char *text, const char *at)
{
	struct json_place place = {1, 1};

	for (; text < at; text++) {
		place.column = *text == '\n' ? 1 : place.column + 1;
		place.line += *text == '\n';
	}
	return place;
}

struct json_place json_place_of(const char *text, const char *key, size_t n)
{
	const size_t length = strlen(key);
	bool inside = false, expect = false; /* in the array; a member begins next */
	unsigned depth = 0;

	for (const char *at = text; *at;) {
		const char *begin = at;
		if (strchr(" \t\r\n:", *at)) {
			at++;
			continue;
		}
		if (expect && *at != ']' && n-- == 0)
			return place_at(text, at);
		expect = false;
		if (*at == '"') {
			at = skip_string(at);
			if (depth == 1)
				inside = (size_t)(at - begin) == length + 2 && strncmp(begin + 1, key, length) == 0;
			continue;
		}
		if (*at == '[' || *at == '{')
			depth++;
		else if (*at == ']' || *at == '}')
			depth -= depth > 0;
		expect = inside && depth == 2 && (*at == '[' || *at == ',');
		at++;
	}
	return place_at(text, text);
}

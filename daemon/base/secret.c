/* secret.c - finds passwords in connections. */
#include "config.h"

#include "base/secret.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MASK "***"

/* Returns where the value that begins at `at` ends: in single quotes, or up to a blank.  A backslash takes the
 * character after it along. */
static const char *value_end(const char *at)
{
	const char *stop = *at == '\'' ? "'" : " \t\n";

	if (*at == '\'')
		at++;
	while (*at && !strchr(stop, *at))
		at += *at == '\\' && at[1] ? 2 : 1;
	return at + (*at == '\'');
}

enum { MAX_KEY = 64 };

/* Whether a value of this key is to be masked: a password by its name, even a misspelt one.  In the query of a URI any
 * character of it may be written as %xx. */
static bool is_secret(const char *key, size_t length)
{
	char name[MAX_KEY], digits[3] = "";
	size_t n = 0;

	if (length >= sizeof name)
		return true; /* no key that there is is so long */
	for (size_t i = 0; i < length; n++) {
		const bool coded = key[i] == '%' && i + 2 < length;
		if (coded)
			memcpy(digits, key + i + 1, 2);
		name[n] = coded ? (char)strtol(digits, NULL, 16) : key[i];
		i += coded ? 3 : 1;
	}
	name[n] = '\0';
	/* the name of a file is no secret */
	return strcasestr(name, "pass") && strcasecmp(name, "passfile") != 0;
}

/* Where the next password of the form KEY=VALUE is: returns its beginning, and *end receives its end; NULL: there is
 * none. */
static const char *find_value(const char *text, const char **end)
{
	static const char blanks[] = " \t\n", before[] = " \t\n=?&;'\"";

	for (const char *at = text; (at = strchr(at, '=')); at++) {
		const char *last = at, *value = at + 1 + strspn(at + 1, blanks);
		while (last > text && strchr(blanks, last[-1]))
			last--;
		const char *key = last;
		while (key > text && !strchr(before, key[-1]))
			key--;
		if (!is_secret(key, (size_t)(last - key)))
			continue;
		*end = value_end(value);
		return value;
	}
	return NULL;
}

/* The same for the password of a URI, as which the whole text is read where it begins with a scheme.  A password that has
 * an "@" ends at the last one. */
static const char *find_user(const char *text, const char **end)
{
	const char *host = strstr(text, "://");
	const char *colon = host && host < text + strcspn(text, "= \t\n") ? strchr(host + strlen("://"), ':') : NULL;

	*end = colon ? strrchr(colon, '@') : NULL;
	return *end ? colon + 1 : NULL;
}

char *secret_masked(const char *text)
{
	/* a mask may be longer than a password, of which there are fewer than bytes */
	char *out = malloc(strlen(text) * sizeof MASK + 1), *to = out;
	const char *end = text, *begin = out ? find_user(text, &end) : NULL;

	if (!out)
		return NULL;
	while (begin || (begin = find_value(text, &end))) {
		memcpy(to, text, (size_t)(begin - text));
		to += begin - text;
		memcpy(to, MASK, strlen(MASK));
		to += strlen(MASK);
		text = end;
		begin = NULL;
	}
	memcpy(to, text, strlen(text) + 1);
	return out;
}

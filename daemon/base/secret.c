/* secret.c - finds passwords in connections. */
#include "config.h"

#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

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

/* Where the next password of the form KEY=VALUE is: returns its beginning, and *end receives its end; NULL: there is
 * none. */
static const char *find_value(const char *text, const char **end)
{
	static const char key[] = "password", blanks[] = " \t\n";

	for (const char *at = text; (at = strcasestr(at, key)); at++) {
		const char *value = at + strlen(key);
		value += strspn(value, blanks);
		if (*value != '=')
			continue;
		value += 1 + strspn(value + 1, blanks);
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

/* expand.c - replaces ${NAME} by what the environment says. */
#include "config.h"

#include "config/expand.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/paths.h"

#define NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

/* Write what stands for the variable at *text, which is just past "${", and move *text past its "}". */
static int expand_variable(const char **text, FILE *out, struct animed_error *err)
{
	const char *end = strchr(*text, '}');
	const size_t length = strspn(*text, NAME_CHARS);
	char name[128], standard[PATH_MAX];

	if (!end)
		return animed_fail(err, "\"${\" without its \"}\"; write $$ for a dollar sign");
	if (length == 0 || length >= sizeof name || (*text + length != end && strncmp(*text + length, ":-", 2) != 0))
		return animed_fail(err, "\"${%.*s}\" is neither ${NAME} nor ${NAME:-default}", (int)(end - *text),
				   *text);
	memcpy(name, *text, length);
	name[length] = '\0';
	const char *value = getenv(name);
	if (value && *value)
		(void)fputs(value, out);
	else if (*text + length != end)
		(void)fwrite(*text + length + 2, 1, (size_t)(end - *text) - length - 2, out);
	else if (path_xdg(name, standard, sizeof standard) == 0)
		(void)fputs(standard, out);
	else
		return animed_fail(err, "the environment variable %s is not set; set it, or write ${%s:-default}", name,
				   name);
	*text = end + 1;
	return 0;
}

char *expand_text(const char *text, struct animed_error *err)
{
	char *buffer = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&buffer, &size);
	int status = out ? 0 : animed_fail(err, "out of memory");

	while (status == 0 && *text) {
		if (strncmp(text, "$$", 2) == 0) {
			(void)fputc('$', out);
			text += 2;
		} else if (strncmp(text, "${", 2) == 0) {
			text += 2;
			status = expand_variable(&text, out, err);
		} else {
			(void)fputc(*text++, out);
		}
	}
	if (out && fclose(out) != 0)
		status = animed_fail(err, "out of memory");
	if (status == 0)
		return buffer;
	free(buffer);
	return NULL;
}

char *expand_path(const char *text, const char *base, struct animed_error *err)
{
	char *expanded = expand_text(text, err), *path = NULL;
	const char *home = getenv("HOME");

	if (!expanded)
		return NULL;
	if (*expanded == '\0') {
		animed_fail(err, "an empty path");
	} else if (strncmp(expanded, "~/", 2) == 0) {
		if (!home || !*home)
			animed_fail(err, "\"~/\" needs the environment variable HOME, which is not set");
		else if (asprintf(&path, "%s%s", home, expanded + 1) < 0)
			path = NULL;
	} else if (*expanded == '/') {
		return expanded;
	} else if (asprintf(&path, "%s/%s", base, expanded) < 0) {
		path = NULL;
	}
	free(expanded);
	return path;
}

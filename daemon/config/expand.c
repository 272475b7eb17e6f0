/* expand.c - replaces ${NAME} by the value of the environment variable. */
#include "config.h"

#include "config/expand.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "cli/paths.h"

#define NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

static int out_of_memory(struct animed_error *err)
{
	return animed_fail(err, "out of memory");
}

/* Add what stands for the variable at *text, which is just past "${", and move *text past its "}". */
static int expand_variable(const char **text, struct text_buffer *out, struct animed_error *err)
{
	const char *end = strchr(*text, '}');
	const size_t length = strspn(*text, NAME_CHARS);
	char name[128], standard[PATH_MAX];
	struct text value;

	if (!end)
		return animed_fail(err, "\"${\" without its \"}\"; write $$ for a dollar sign");
	if (length == 0 || length >= sizeof name || (*text + length != end && strncmp(*text + length, ":-", 2) != 0))
		return animed_fail(err, "\"${%.*s}\" is neither ${NAME} nor ${NAME:-default}", (int)(end - *text),
				   *text);
	memcpy(name, *text, length);
	name[length] = '\0';
	const char *set = getenv(name);
	if (set && *set)
		value = text_of(set);
	else if (*text + length != end)
		value = (struct text){*text + length + 2, (size_t)(end - *text) - length - 2};
	else if (path_xdg(name, standard, sizeof standard) == 0)
		value = text_of(standard);
	else
		return animed_fail(err, "the environment variable %s is not set; set it, or write ${%s:-default}", name,
				   name);
	*text = end + 1;
	return text_buffer_add(out, value.bytes, value.length) < 0 ? out_of_memory(err) : 0;
}

char *expand_text(const char *text, struct animed_error *err)
{
	struct text_buffer out = {NULL, 0, 0};
	int status = text_buffer_add(&out, "", 0) < 0 ? out_of_memory(err) : 0;

	while (status == 0 && *text) {
		if (strncmp(text, "${", 2) == 0) {
			text += 2;
			status = expand_variable(&text, &out, err);
		} else {
			status = text_buffer_add(&out, text, 1) < 0 ? out_of_memory(err) : 0;
			text += strncmp(text, "$$", 2) == 0 ? 2 : 1;
		}
	}
	if (status == 0)
		return out.bytes;
	free(out.bytes);
	return NULL;
}

static char *join(const char *first, const char *between, const char *second, struct animed_error *err)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", first, between, second) >= 0)
		return joined;
	(void)out_of_memory(err);
	return NULL;
}

char *expand_path(const char *text, const char *base, struct animed_error *err)
{
	char *expanded = expand_text(text, err), *path = NULL;
	const char *home = getenv("HOME");

	if (!expanded || *expanded == '/')
		return expanded;
	if (*expanded == '\0')
		animed_fail(err, "an empty path");
	else if (strncmp(expanded, "~/", 2) != 0)
		path = join(base, "/", expanded, err);
	else if (!home || !*home)
		animed_fail(err, "\"~/\" needs the environment variable HOME, which is not set");
	else
		path = join(home, "", expanded + 1, err);
	free(expanded);
	return path;
}

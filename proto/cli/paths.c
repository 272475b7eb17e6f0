/* paths.c - finds the XDG base directories and the default socket. */
#include "config.h"

#include "cli/paths.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Do what snprintf() does, but return -1 where the text does not fit. */
__attribute__((format(printf, 3, 4))) static int put(char *out, size_t size, const char *fmt, ...)
{
	va_list ap;
	int length;

	va_start(ap, fmt);
	length = vsnprintf(out, size, fmt, ap);
	va_end(ap);
	return length >= 0 && (size_t)length < size ? 0 : -1;
}

static int runtime_dir(char *out, size_t size)
{
	unsigned long uid = (unsigned long)getuid();
	struct stat st;

	if (put(out, size, "/run/user/%lu", uid) == 0 && stat(out, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	if (uid == 0)
		return put(out, size, "/run");
	return put(out, size, "/tmp/animed-%lu", uid);
}

int path_xdg(const char *name, char *out, size_t size)
{
	static const struct {
		const char *name;
		const char *below_home;
	} dirs[] = {
	    {"XDG_CONFIG_HOME", ".config"},    {"XDG_STATE_HOME", ".local/state"}, {"XDG_CACHE_HOME", ".cache"},
	    {"XDG_DATA_HOME", ".local/share"}, {"XDG_RUNTIME_DIR", NULL},
	};
	const char *home = getenv("HOME");

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		const char *value;

		if (strcmp(name, dirs[i].name) != 0)
			continue;
		value = getenv(name);
		if (value != NULL && *value != '\0')
			return put(out, size, "%s", value);
		if (dirs[i].below_home == NULL)
			return runtime_dir(out, size);
		if (home == NULL || *home == '\0')
			return -1;
		return put(out, size, "%s/%s", home, dirs[i].below_home);
	}
	return -1;
}

int path_default_socket(char *out, size_t size)
{
	static const char rest[] = "/animed/animed.sock";
	size_t length;

	if (path_xdg("XDG_RUNTIME_DIR", out, size) != 0)
		return -1;
	length = strlen(out);
	return put(out + length, size - length, "%s", rest);
}

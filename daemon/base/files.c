/* files.c - makes a directory with its parents. */
#include "config.h"

#include "base/files.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

int make_dirs(const char *dir, struct animed_error *err)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof path, "%s/", dir) >= (int)sizeof path)
		return animed_fail(err, "%s: the path is too long", dir);
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return animed_fail(err, "%s: cannot create: %s", path, strerror(errno));
		*slash = '/';
	}
	return 0;
}

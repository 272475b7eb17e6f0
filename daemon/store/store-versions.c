/* store-versions.c - lists versions, and reads and moves the links `current` and `pinned`. */
#include "config.h"

#include "store/store-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int store_lock(const char *dir, struct animed_error *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return animed_fail(err, "%s: cannot open: %s", dir, strerror(errno));
	while (flock(fd, LOCK_EX) < 0) {
		if (errno == EINTR)
			continue;
		animed_fail(err, "%s: cannot lock: %s", dir, strerror(errno));
		(void)close(fd);
		return -1;
	}
	return fd;
}

void store_unlock(int lock)
{
	if (lock >= 0)
		(void)close(lock);
}

int store_join(char *out, const char *dir, const char *name, struct animed_error *err)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);
	return n < 0 || n >= PATH_MAX ? animed_fail(err, "%s: the path is too long", dir) : 0;
}

void store_name(uint64_t version, char *out)
{
	(void)snprintf(out, STORE_NAME, "%" PRIu64 STORE_SUFFIX, version);
}

uint64_t store_version_of(const char *name)
{
	uint64_t version = 0;
	const char *at = name;

	if (*at < '1' || *at > '9')
		return 0;
	for (; *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(version, 10u, &version) ||
		    __builtin_add_overflow(version, (unsigned)(*at - '0'), &version))
			return 0;
	}
	return strcmp(at, STORE_SUFFIX) == 0 ? version : 0;
}

int store_sync(const char *dir, struct animed_error *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = fd < 0 || fsync(fd) < 0 ? animed_fail(err, "%s: cannot sync: %s", dir, strerror(errno)) : 0;

	if (fd >= 0)
		(void)close(fd);
	return status;
}

int store_point(const char *dir, const char *link_name, uint64_t version, struct animed_error *err)
{
	char name[STORE_NAME], temporary[STORE_NAME], from[PATH_MAX], to[PATH_MAX];

	store_name(version, name);
	/* who holds the lock is the only one to use the name */
	(void)snprintf(temporary, sizeof temporary, ".%s.tmp", link_name);
	if (store_join(from, dir, temporary, err) < 0 || store_join(to, dir, link_name, err) < 0)
		return -1;
	(void)unlink(from);
	if (symlink(name, from) < 0 || rename(from, to) < 0) {
		animed_fail(err, "%s: cannot point it at %s: %s", to, name, strerror(errno));
		(void)unlink(from);
		return -1;
	}
	return store_sync(dir, err);
}

int store_follow(const char *dir, const char *link_name, uint64_t *version, struct animed_error *err)
{
	char path[PATH_MAX], name[STORE_NAME];
	ssize_t n;

	if (store_join(path, dir, link_name, err) < 0)
		return -1;
	n = readlink(path, name, sizeof name - 1);
	if (n < 0 && errno == ENOENT)
		return 1;
	if (n < 0)
		return animed_fail(err, "%s: not a symbolic link that can be read: %s", path, strerror(errno));
	name[n] = '\0';
	*version = store_version_of(name);
	if (*version == 0)
		return animed_fail(err, "%s: leads to %s, should lead to <number>" STORE_SUFFIX " beside it", path,
				   name);
	return 0;
}

int store_path(const char *dir, uint64_t version, char *path, struct animed_error *err)
{
	char name[STORE_NAME];

	store_name(version, name);
	if (store_join(path, dir, name, err) < 0)
		return -1;
	return access(path, R_OK) < 0
		   ? animed_fail(err, "%s: version %" PRIu64 " cannot be read: %s", path, version, strerror(errno))
		   : 0;
}

int store_current(const char *dir, uint64_t *version, char *path, struct animed_error *err)
{
	int status = store_follow(dir, "current", version, err);
	struct animed_error why;

	if (status != 0 || store_path(dir, *version, path, &why) == 0)
		return status;
	return animed_fail(err, "%s/current: leads nowhere: %s", dir, why.text);
}

int store_pinned(const char *dir, uint64_t *version, struct animed_error *err)
{
	int status = store_follow(dir, "pinned", version, err);

	if (status != 0)
		*version = 0;
	return status < 0 ? -1 : 0;
}

/* Whether `current` may move to the version.  Returns 0, or 1 where the version *keeper keeps its place.  On failure
 * returns -1 and fills err. */
static int may_switch(const char *dir, uint64_t version, enum store_switch how, uint64_t *keeper,
		      struct animed_error *err)
{
	uint64_t current = 0;

	*keeper = 0;
	if (how == STORE_PIN)
		return 0;
	if (store_pinned(dir, keeper, err) < 0)
		return -1;
	if (*keeper)
		return *keeper != version;
	if (how == STORE_IN_TURN && store_follow(dir, "current", &current, err) < 0)
		return -1;
	*keeper = current > version ? current : 0;
	return *keeper != 0;
}

int store_switch(const char *dir, uint64_t version, enum store_switch how, uint64_t *keeper, struct animed_error *err)
{
	char path[PATH_MAX];
	int lock = store_lock(dir, err), status;

	if (lock < 0)
		return -1;
	status = store_path(dir, version, path, err);
	if (status == 0)
		status = may_switch(dir, version, how, keeper, err);
	/* `current` moves first, so that a crash leaves no pin on a version that is not current */
	if (status == 0)
		status = store_point(dir, "current", version, err);
	if (status == 0 && how == STORE_PIN)
		status = store_point(dir, "pinned", version, err);
	store_unlock(lock);
	return status;
}

int store_unpin(const char *dir, uint64_t *version, struct animed_error *err)
{
	char path[PATH_MAX];
	int lock = store_lock(dir, err), status;

	if (lock < 0)
		return -1;
	status = store_pinned(dir, version, err);
	if (status == 0 && *version) {
		status = store_join(path, dir, "pinned", err);
		if (status == 0 && unlink(path) < 0)
			status = animed_fail(err, "%s: cannot remove: %s", path, strerror(errno));
		if (status == 0)
			status = store_sync(dir, err);
	}
	store_unlock(lock);
	return status;
}

static int by_version(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x < y) - (x > y);
}

int store_list(const char *dir, uint64_t **versions, size_t *n, struct animed_error *err)
{
	struct dirent *entry;
	size_t room = 0;
	DIR *d = opendir(dir);

	*versions = NULL;
	*n = 0;
	if (!d)
		return errno == ENOENT ? 0 : animed_fail(err, "%s: cannot read: %s", dir, strerror(errno));
	while ((entry = readdir(d))) {
		uint64_t v = store_version_of(entry->d_name);
		if (v == 0)
			continue;
		if (*n == room) {
			room = room ? room * 2 : 16;
			uint64_t *more = realloc(*versions, room * sizeof *more);
			if (!more) {
				(void)closedir(d);
				free(*versions);
				*versions = NULL;
				*n = 0;
				return animed_fail(err, "out of memory");
			}
			*versions = more;
		}
		(*versions)[(*n)++] = v;
	}
	(void)closedir(d);
	if (*n > 0)
		qsort(*versions, *n, sizeof **versions, by_version);
	return 0;
}

static int prune(const char *dir, unsigned keep, struct animed_error *err)
{
	char path[PATH_MAX], name[STORE_NAME];
	uint64_t current = 0, pinned = 0, *versions;
	size_t n;
	int status = store_current(dir, &current, path, err);

	if (status < 0 || store_pinned(dir, &pinned, err) < 0 || store_list(dir, &versions, &n, err) < 0)
		return -1;
	status = 0;
	for (size_t i = keep; i < n; i++) {
		if (versions[i] == current || versions[i] == pinned)
			continue;
		store_name(versions[i], name);
		if (store_join(path, dir, name, err) < 0 || unlink(path) < 0)
			status = animed_fail(err, "%s: cannot remove: %s", path, strerror(errno));
	}
	free(versions);
	return status;
}

int store_prune(const char *dir, unsigned keep, struct animed_error *err)
{
	int lock = store_lock(dir, err);
	int status = lock < 0 ? -1 : prune(dir, keep, err);

	store_unlock(lock);
	return status;
}

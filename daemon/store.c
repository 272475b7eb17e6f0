/* store.c - the directory of model versions. */
#include "config.h"

#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".safetensors"

/* The number of "<n>.safetensors" without leading zeros, or 0. */
static uint64_t version_of(const char *name)
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
	return strcmp(at, SUFFIX) == 0 ? version : 0;
}

static int join(char *out, const char *dir, const char *name, struct animed_error *err)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);
	return n < 0 || n >= PATH_MAX ? animed_fail(err, "%s: the path is too long", dir) : 0;
}

/* Create `dir` and its parents. */
static int make_dirs(const char *dir, struct animed_error *err)
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

/* Remove drafts ".<pid>.XXXXXX.tmp" whose process is gone. */
static void sweep(const char *dir)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *d = opendir(dir);

	while (d && (entry = readdir(d))) {
		const size_t length = strlen(entry->d_name);
		long pid;
		if (sscanf(entry->d_name, ".%ld.", &pid) != 1 || length < 4 ||
		    strcmp(entry->d_name + length - 4, ".tmp") != 0)
			continue;
		if (pid > 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH && join(path, dir, entry->d_name, NULL) == 0)
			(void)unlink(path);
	}
	if (d)
		(void)closedir(d);
}

int store_begin(const char *dir, struct store_draft *draft, struct animed_error *err)
{
	char name[64];

	(void)snprintf(name, sizeof name, ".%ld.XXXXXX.tmp", (long)getpid());
	if (make_dirs(dir, err) < 0 || join(draft->path, dir, name, err) < 0)
		return -1;
	(void)snprintf(draft->dir, sizeof draft->dir, "%s", dir);
	sweep(dir);
	draft->fd = mkostemps(draft->path, 4, O_CLOEXEC);
	if (draft->fd < 0)
		return animed_fail(err, "%s: cannot create a file there: %s", dir, strerror(errno));
	return 0;
}

void store_abort(struct store_draft *draft)
{
	(void)close(draft->fd);
	(void)unlink(draft->path);
}

/* The greatest version in the store; 0 where there is none. */
static int newest(const char *dir, uint64_t *version, struct animed_error *err)
{
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (!d)
		return animed_fail(err, "%s: cannot read: %s", dir, strerror(errno));
	*version = 0;
	while ((entry = readdir(d))) {
		uint64_t v = version_of(entry->d_name);
		if (v > *version)
			*version = v;
	}
	(void)closedir(d);
	return 0;
}

static int sync_dir(const char *dir, struct animed_error *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = fd < 0 || fsync(fd) < 0 ? animed_fail(err, "%s: cannot sync: %s", dir, strerror(errno)) : 0;

	if (fd >= 0)
		(void)close(fd);
	return status;
}

/* Point `current` at `name` by renaming a new link over it. */
static int point_current(const char *dir, const char *name, struct animed_error *err)
{
	char link_name[64], from[PATH_MAX], to[PATH_MAX];

	(void)snprintf(link_name, sizeof link_name, ".%ld.current.tmp", (long)getpid());
	if (join(from, dir, link_name, err) < 0 || join(to, dir, "current", err) < 0)
		return -1;
	(void)unlink(from);
	if (symlink(name, from) < 0 || rename(from, to) < 0) {
		animed_fail(err, "%s: cannot point it at %s: %s", to, name, strerror(errno));
		(void)unlink(from);
		return -1;
	}
	return sync_dir(dir, err);
}

/* link() never overwrites: of several writers one gets a number, and the others try the next. */
static int take_number(const struct store_draft *draft, uint64_t *version, char *name, size_t size,
		       struct animed_error *err)
{
	char path[PATH_MAX];

	if (newest(draft->dir, version, err) < 0)
		return -1;
	do {
		++*version;
		(void)snprintf(name, size, "%" PRIu64 SUFFIX, *version);
		if (join(path, draft->dir, name, err) < 0)
			return -1;
		if (link(draft->path, path) == 0)
			return 0;
	} while (errno == EEXIST);
	return animed_fail(err, "%s: cannot create: %s", path, strerror(errno));
}

int store_commit(struct store_draft *draft, bool make_current, uint64_t *version, struct animed_error *err)
{
	char name[64];
	int status = fsync(draft->fd) < 0 ? animed_fail(err, "%s: cannot sync: %s", draft->path, strerror(errno)) : 0;

	if (status == 0)
		status = take_number(draft, version, name, sizeof name, err);
	store_abort(draft); /* its second name stays */
	if (status == 0)
		status = sync_dir(draft->dir, err);
	if (status == 0 && make_current)
		status = point_current(draft->dir, name, err);
	return status;
}

int store_current(const char *dir, uint64_t *version, char *path, struct animed_error *err)
{
	char link_path[PATH_MAX], name[64];
	ssize_t n;

	if (join(link_path, dir, "current", err) < 0)
		return -1;
	n = readlink(link_path, name, sizeof name - 1);
	if (n < 0 && errno == ENOENT)
		return 1;
	if (n < 0)
		return animed_fail(err, "%s: not a symbolic link that can be read: %s", link_path, strerror(errno));
	name[n] = '\0';
	*version = version_of(name);
	if (*version == 0)
		return animed_fail(err, "%s: leads to %s, should lead to <number>" SUFFIX " beside it", link_path,
				   name);
	if (join(path, dir, name, err) < 0)
		return -1;
	if (access(path, R_OK) < 0)
		return animed_fail(err, "%s: leads to %s, which cannot be read: %s", link_path, name, strerror(errno));
	return 0;
}

static int by_version(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x < y) - (x > y);
}

/* All versions, the newest first, in a new array. */
static int list_versions(const char *dir, uint64_t **versions, size_t *n, struct animed_error *err)
{
	struct dirent *entry;
	size_t room = 0;
	DIR *d = opendir(dir);

	*versions = NULL;
	*n = 0;
	if (!d)
		return animed_fail(err, "%s: cannot read: %s", dir, strerror(errno));
	while ((entry = readdir(d))) {
		uint64_t v = version_of(entry->d_name);
		if (v == 0)
			continue;
		if (*n == room) {
			room = room ? room * 2 : 16;
			uint64_t *more = realloc(*versions, room * sizeof *more);
			if (!more) {
				(void)closedir(d);
				free(*versions);
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

int store_prune(const char *dir, unsigned keep, struct animed_error *err)
{
	char path[PATH_MAX], name[64];
	uint64_t current = 0, *versions;
	size_t n;
	int status = store_current(dir, &current, path, err);

	if (status < 0 || list_versions(dir, &versions, &n, err) < 0)
		return -1;
	for (size_t i = keep; i < n; i++) {
		if (versions[i] == current)
			continue;
		(void)snprintf(name, sizeof name, "%" PRIu64 SUFFIX, versions[i]);
		if (join(path, dir, name, err) < 0 || unlink(path) < 0)
			status = animed_fail(err, "%s: cannot remove: %s", path, strerror(errno));
	}
	free(versions);
	return status < 0 ? -1 : 0;
}

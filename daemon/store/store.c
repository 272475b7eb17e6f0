/* store.c - how a new version comes into the store. */
#include "config.h"

#include "base/files.h"
#include "store/store-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
		if (pid > 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH &&
		    store_join(path, dir, entry->d_name, NULL) == 0)
			(void)unlink(path);
	}
	if (d)
		(void)closedir(d);
}

int store_begin(const char *dir, struct store_draft *draft, struct animed_error *err)
{
	char name[64];

	(void)snprintf(name, sizeof name, ".%ld.XXXXXX.tmp", (long)getpid());
	if (make_dirs(dir, err) < 0 || store_join(draft->path, dir, name, err) < 0)
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
	uint64_t *versions;
	size_t n;

	if (store_list(dir, &versions, &n, err) < 0)
		return -1;
	*version = n > 0 ? versions[0] : 0;
	free(versions);
	return 0;
}

/* The lock keeps other writers away; link() never overwrites what was put there by hand. */
static int take_number(const struct store_draft *draft, uint64_t *version, struct animed_error *err)
{
	char path[PATH_MAX], name[STORE_NAME];

	if (newest(draft->dir, version, err) < 0)
		return -1;
	do {
		++*version;
		store_name(*version, name);
		if (store_join(path, draft->dir, name, err) < 0)
			return -1;
		if (link(draft->path, path) < 0)
			continue;
		if (store_sync(draft->dir, err) == 0)
			return 0;
		(void)unlink(path);
		return -1;
	} while (errno == EEXIST);
	return animed_fail(err, "%s: cannot create: %s", path, strerror(errno));
}

/* 1: a pinned version keeps `current`. */
static int move_current(const char *dir, uint64_t version, struct animed_error *err)
{
	uint64_t pinned;

	if (store_pinned(dir, &pinned, err) < 0)
		return -1;
	return pinned ? 1 : store_point(dir, "current", version, err);
}

int store_commit(struct store_draft *draft, bool make_current, uint64_t *version, struct animed_error *err)
{
	int status = fsync(draft->fd) < 0 ? animed_fail(err, "%s: cannot sync: %s", draft->path, strerror(errno)) : 0;
	int lock = status == 0 ? store_lock(draft->dir, err) : -1;

	status = lock < 0 ? -1 : take_number(draft, version, err);
	store_abort(draft); /* its second name stays */
	if (status == 0 && make_current)
		status = move_current(draft->dir, *version, err);
	store_unlock(lock);
	return status;
}

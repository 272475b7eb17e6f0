/* store.c - brings new versions into the store. */
#include "config.h"

#include "base/files.h"
#include "store/store-private.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DRAFT_SUFFIX ".tmp"

/* Remove the drafts that dead processes have left. */
static void sweep(const char *dir)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *d = opendir(dir);

	while (d && (entry = readdir(d))) {
		const size_t length = strlen(entry->d_name), suffix = strlen(DRAFT_SUFFIX);
		if (entry->d_name[0] == '.' && length > suffix &&
		    strcmp(entry->d_name + length - suffix, DRAFT_SUFFIX) == 0 &&
		    store_join(path, dir, entry->d_name, NULL) == 0)
			draft_sweep(path);
	}
	if (d)
		(void)closedir(d);
}

int store_begin(const char *dir, struct store_draft *draft, struct animed_error *err)
{
	char path[PATH_MAX], name[STORE_NAME];
	int status = make_dirs(dir, err);

	(void)snprintf(draft->dir, sizeof draft->dir, "%s", dir);
	if (status == 0)
		sweep(dir);
	/* the first name that is free */
	for (unsigned n = 1; status == 0; n++) {
		(void)snprintf(name, sizeof name, ".%u" DRAFT_SUFFIX, n);
		if (store_join(path, dir, name, err) < 0)
			return -1;
		status = draft_open(&draft->file, path, 0600, err);
		if (status == 0)
			return 0;
		if (status > 0)
			status = 0;
	}
	return status;
}

void store_abort(struct store_draft *draft)
{
	draft_abort(&draft->file);
}

/* Read the greatest version in the store; *version is 0 where there is none. */
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

/* Give the draft the next number as a second name.  The lock keeps other writers away, and link() overwrites nothing
 * that was put there by hand. */
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
		if (link(draft->file.path, path) < 0)
			continue;
		if (store_sync(draft->dir, err) == 0)
			return 0;
		(void)unlink(path);
		return -1;
	} while (errno == EEXIST);
	return animed_fail(err, "%s: cannot create: %s", path, strerror(errno));
}

/* Point `current` at the version.  Returns 0, or 1 where a version is pinned, and `current` stays. */
static int move_current(const char *dir, uint64_t version, struct animed_error *err)
{
	uint64_t pinned;

	if (store_pinned(dir, &pinned, err) < 0)
		return -1;
	return pinned ? 1 : store_point(dir, "current", version, err);
}

/* Undo a commit that failed: remove the version, and point `current` at `before` again; 0: there was no `current`. */
static void take_back(const char *dir, uint64_t version, uint64_t before)
{
	char path[PATH_MAX], name[STORE_NAME];
	uint64_t current;

	if (store_follow(dir, "current", &current, NULL) == 0 && current == version) {
		if (before)
			(void)store_point(dir, "current", before, NULL);
		else if (store_join(path, dir, "current", NULL) == 0)
			(void)unlink(path);
	}
	store_name(version, name);
	if (store_join(path, dir, name, NULL) == 0)
		(void)unlink(path);
	(void)store_sync(dir, NULL);
}

/* Commit with the lock of the store held. */
static int commit(const struct store_draft *draft, bool make_current, uint64_t *version, struct animed_error *err)
{
	uint64_t before = 0;
	int status;

	if (take_number(draft, version, err) < 0)
		return -1;
	if (!make_current)
		return 0;
	if (store_follow(draft->dir, "current", &before, NULL) != 0)
		before = 0;
	status = move_current(draft->dir, *version, err);
	if (status < 0)
		take_back(draft->dir, *version, before);
	return status;
}

int store_commit(struct store_draft *draft, bool make_current, uint64_t *version, struct animed_error *err)
{
	const struct draft *file = &draft->file;
	int status = fsync(file->fd) < 0 ? animed_fail(err, "%s: cannot sync: %s", file->path, strerror(errno)) : 0;
	int lock = status == 0 ? store_lock(draft->dir, err) : -1;

	status = lock < 0 ? -1 : commit(draft, make_current, version, err);
	store_abort(draft); /* the file has its number as another name */
	store_unlock(lock);
	if (status < 0)
		*version = 0;
	return status;
}

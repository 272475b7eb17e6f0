/* files.c - directories, locks and drafts. */
#include "config.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

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

enum files_risk files_risk(const struct stat *st)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return FILES_FOREIGN;
	return st->st_mode & (S_IWGRP | S_IWOTH) ? FILES_WRITABLE : FILES_SAFE;
}

bool files_own_group(uid_t user, gid_t group)
{
	const struct passwd *owner = user != 0 ? getpwuid(user) : NULL;
	const struct group *own = owner ? getgrgid(group) : NULL;

	if (!own || strcmp(own->gr_name, owner->pw_name) != 0)
		return false;
	for (char *const *member = own->gr_mem; *member; member++) {
		if (strcmp(*member, owner->pw_name) != 0)
			return false;
	}
	return true;
}

static int check_directory(const char *dir, struct animed_error *err)
{
	char advice[PATH_MAX + 32] = "";
	struct stat st;

	if (stat(dir, &st) < 0)
		return animed_fail(err, "%s: %s", dir, strerror(errno));
	switch (files_risk(&st)) {
	case FILES_SAFE:
		break;
	case FILES_FOREIGN:
		return animed_fail(err,
				   "the directory %s belongs to user %u, who could replace what is in it; use one that "
				   "belongs to root or to the user animed runs as",
				   dir, (unsigned)st.st_uid);
	case FILES_WRITABLE:
		/* in a sticky directory a user can replace no files but their own */
		if ((st.st_mode & S_ISVTX) || (!(st.st_mode & S_IWOTH) && files_own_group(st.st_uid, st.st_gid)))
			break;
		if (st.st_uid == geteuid())
			(void)snprintf(advice, sizeof advice, "run `chmod go-w %s`, or ", dir);
		return animed_fail(
		    err,
		    "others than its owner may write the directory %s (mode %04o), and replace what is in it; "
		    "%suse another directory",
		    dir, (unsigned)(st.st_mode & 07777), advice);
	}
	return 0;
}

int files_check_path(const char *path, const char *beside, struct animed_error *err)
{
	char dir[PATH_MAX];
	const char *slash = path;

	while ((slash = strchr(slash, '/'))) {
		const size_t length = (size_t)(slash++ - path);
		if (strncmp(beside, path, length + 1) == 0)
			continue;
		(void)snprintf(dir, sizeof dir, "%.*s", length ? (int)length : 1, path);
		if (check_directory(dir, err) < 0)
			return -1;
	}
	return 0;
}

/* Whether `path` names the file that `fd` is open on. */
static bool is_named(int fd, const char *path)
{
	struct stat open, named;

	return fstat(fd, &open) == 0 && lstat(path, &named) == 0 && open.st_dev == named.st_dev &&
	       open.st_ino == named.st_ino;
}

/* Opening and locking are two steps.  Between them the process that had the lock may have removed the file: then this
 * lock is on a file without a name, which no other process can find, and the path is opened again. */
int files_lock(const char *path, int flags, mode_t mode)
{
	for (;;) {
		const int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
			const int why = errno;
			(void)close(fd);
			errno = why;
			return -1;
		}
		if (is_named(fd, path))
			return fd;
		(void)close(fd);
	}
}

/* Remove the file if no process has its lock.  Returns 0.  On failure returns -1 and sets errno like files_lock(). */
static int remove_abandoned(const char *path)
{
	const int fd = files_lock(path, O_RDWR | O_NONBLOCK, 0);
	int status = fd < 0 ? -1 : unlink(path);
	const int why = errno;

	if (fd >= 0)
		(void)close(fd);
	errno = why;
	return status;
}

int draft_open(struct draft *draft, const char *path, mode_t mode, struct animed_error *err)
{
	if (snprintf(draft->path, sizeof draft->path, "%s", path) >= (int)sizeof draft->path)
		return animed_fail(err, "%s: the path is too long", path);
	for (;;) {
		draft->fd = files_lock(path, O_RDWR | O_CREAT | O_EXCL, mode);
		if (draft->fd >= 0)
			return 0;
		if (errno == EEXIST && (remove_abandoned(path) == 0 || errno == ENOENT))
			continue;
		break;
	}
	if (errno != EWOULDBLOCK)
		return animed_fail(err, "%s: cannot create: %s", path, strerror(errno));
	(void)animed_fail(err, "%s: another process is writing it", path);
	return 1;
}

int draft_commit(struct draft *draft, const char *path, struct animed_error *err)
{
	if (rename(draft->path, path) < 0) {
		animed_fail(err, "%s: cannot rename it: %s", draft->path, strerror(errno));
		draft_abort(draft);
		return -1;
	}
	(void)close(draft->fd);
	return 0;
}

void draft_abort(struct draft *draft)
{
	(void)unlink(draft->path);
	(void)close(draft->fd);
}

void draft_sweep(const char *path)
{
	(void)remove_abandoned(path);
}

/* claim.c - lets one daemon serve on a socket: makes its directory, takes the lock, removes what a dead daemon has
 * left. */
#include "config.h"

#include "serve/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/files.h"

/* Write the directory of an absolute path to `out`. */
static void parent_of(const char *path, char *out, size_t size)
{
	size_t length = (size_t)(strrchr(path, '/') - path);

	if (length == 0)
		length = 1;
	(void)snprintf(out, size, "%.*s", (int)length, path);
}

/* Refuse a directory that another user may write, since this user could put another socket in place of the daemon's. */
static int check_directory(const char *dir, struct animed_error *err)
{
	char advice[PATH_MAX + 32] = "";
	struct stat st;

	if (stat(dir, &st) < 0)
		return animed_fail(err, "%s: %s", dir, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return animed_fail(err, "%s is not a directory; set `socket` to a path in one", dir);
	switch (files_risk(&st)) {
	case FILES_SAFE:
		break;
	case FILES_FOREIGN:
		return animed_fail(err,
				   "the socket's directory %s belongs to user %u, who could replace the socket; set "
				   "`socket` to a path in a directory of your own",
				   dir, (unsigned)st.st_uid);
	case FILES_WRITABLE:
		if ((st.st_mode & S_ISVTX) && st.st_uid == geteuid())
			break;
		if (st.st_uid == geteuid())
			(void)snprintf(advice, sizeof advice, "run `chmod 700 %s` or ", dir);
		return animed_fail(
		    err,
		    "others may write the socket's directory %s (mode %04o); %sset `socket` to a path in a "
		    "directory of your own",
		    dir, (unsigned)(st.st_mode & 07777), advice);
	}
	return 0;
}

static int make_directory(const char *dir, struct animed_error *err)
{
	struct animed_error why;

	if (make_dirs(dir, &why) < 0)
		return animed_fail(err, "the socket's directory: %s", why.text);
	return check_directory(dir, err);
}

/* Fail, and name the process that has the lock.  That process writes its pid into the file when it has the lock. */
static int fail_taken(const char *socket_path, const char *lock_path, struct animed_error *err)
{
	const int lock = open(lock_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char pid[32] = "";
	ssize_t n = lock < 0 ? -1 : pread(lock, pid, sizeof pid - 1, 0);

	if (lock >= 0)
		(void)close(lock);
	pid[n > 0 ? strspn(pid, "0123456789") : 0] = '\0';
	if (!*pid)
		return animed_fail(err, "another daemon is starting on %s", socket_path);
	return animed_fail(err,
			   "a daemon with pid %s already serves on %s; stop it first, or set `socket` to another path",
			   pid, socket_path);
}

static int take_lock(const char *socket_path, struct server_claim *claim, struct animed_error *err)
{
	claim->lock = files_lock(claim->lock_path, O_RDWR | O_CREAT, 0600);
	if (claim->lock < 0 && errno == EWOULDBLOCK)
		return fail_taken(socket_path, claim->lock_path, err);
	if (claim->lock < 0)
		return animed_fail(err, "cannot lock %s: %s", claim->lock_path, strerror(errno));
	if (ftruncate(claim->lock, 0) < 0 || dprintf(claim->lock, "%ld\n", (long)getpid()) < 0)
		return animed_fail(err, "cannot write the lock %s: %s", claim->lock_path, strerror(errno));
	return 0;
}

static int remove_stale(const char *socket_path, struct animed_error *err)
{
	struct stat st;

	if (lstat(socket_path, &st) < 0)
		return errno == ENOENT ? 0 : animed_fail(err, "%s: %s", socket_path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return animed_fail(err, "%s is there and is not a socket; move it away or set `socket` to another path",
				   socket_path);
	if (unlink(socket_path) < 0 && errno != ENOENT)
		return animed_fail(err, "cannot remove the stale socket %s: %s", socket_path, strerror(errno));
	return 0;
}

int server_check_path(const char *socket_path, struct animed_error *err)
{
	const size_t room = sizeof((struct sockaddr_un *)NULL)->sun_path - 1, length = strlen(socket_path);

	if (socket_path[0] != '/')
		return animed_fail(err, "the socket path \"%s\" is not absolute", socket_path);
	if (length > room)
		return animed_fail(err,
				   "the socket path %s has %zu bytes, but a socket can have %zu; set `socket` to a "
				   "shorter path",
				   socket_path, length, room);
	return 0;
}

int server_claim(const char *socket_path, struct server_claim *claim, struct animed_error *err)
{
	char dir[PATH_MAX];

	*claim = (struct server_claim){.lock = -1};
	if (server_check_path(socket_path, err) < 0)
		return -1;
	parent_of(socket_path, dir, sizeof dir);
	if (make_directory(dir, err) < 0)
		return -1;
	if (asprintf(&claim->lock_path, "%s.lock", socket_path) < 0) {
		claim->lock_path = NULL;
		return animed_fail(err, "out of memory");
	}
	if (take_lock(socket_path, claim, err) < 0 || remove_stale(socket_path, err) < 0) {
		server_release(claim);
		return -1;
	}
	return 0;
}

void server_release(struct server_claim *claim)
{
	if (claim->lock >= 0) {
		(void)unlink(claim->lock_path);
		close(claim->lock);
	}
	free(claim->lock_path);
	*claim = (struct server_claim){.lock = -1};
}

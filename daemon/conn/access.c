/* access.c - finds the configured group, gives it the socket, and looks for it in the groups of a peer. */
#include "config.h"

#include "conn/access.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Look the group up, in a buffer that is doubled until the members of the group fit.  Returns what getgrnam_r() does. */
static int look_up(const char *name, struct group *group, char **buffer, struct group **found)
{
	int status = ERANGE;

	*found = NULL;
	*buffer = NULL;
	for (size_t size = 4096; status == ERANGE && size <= INT_MAX; size *= 2) {
		char *larger = realloc(*buffer, size);
		if (!larger)
			return ENOMEM;
		*buffer = larger;
		status = getgrnam_r(name, group, larger, size, found);
	}
	return status;
}

/* That no group was found does not show that there is none: a database of groups that lacks the memory to look passes
 * the question on to the next one of nsswitch.conf, and what this one answers is all that getgrnam_r() tells. */
int access_find_group(const char *name, gid_t *group, struct animed_error *err)
{
	struct group entry, *found;
	char *buffer;
	const int status = look_up(name, &entry, &buffer, &found);

	if (found)
		*group = found->gr_gid;
	free(buffer);
	if (found)
		return 0;
	if (status == ENOMEM)
		return animed_fail(err, "access.group: out of memory for the group \"%s\"", name);
	return animed_fail(
	    err,
	    "access.group: no group \"%s\" was found; create it or name another, or, where it exists and "
	    "memory was short, start again",
	    name);
}

static int give(const char *path, gid_t group, mode_t mode, struct animed_error *err)
{
	if (chown(path, (uid_t)-1, group) == 0 && chmod(path, mode) == 0)
		return 0;
	return animed_fail(err,
			   "%s: cannot give it to the group of access.group (gid %u): %s; run the daemon as a member "
			   "of that group or as root",
			   path, (unsigned)group, strerror(errno));
}

int access_let_group(const char *socket_path, gid_t group, struct animed_error *err)
{
	char dir[PATH_MAX];
	struct stat st;

	(void)snprintf(dir, sizeof dir, "%.*s", (int)(strrchr(socket_path, '/') - socket_path), socket_path);
	if (*dir && stat(dir, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & S_IXOTH) &&
	    give(dir, group, (st.st_mode & 07700) | 0010, err) < 0)
		return -1;
	return give(socket_path, group, 0660, err);
}

bool access_in_groups(int fd, gid_t group)
{
	gid_t groups[65536]; /* the kernel's NGROUPS_MAX; on the stack, so that nobody is refused for want of memory */
	socklen_t size = sizeof groups;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0)
		return false; /* the kernel does not tell them */
	for (size_t i = 0; i < size / sizeof *groups; i++) {
		if (groups[i] == group)
			return true;
	}
	return false;
}

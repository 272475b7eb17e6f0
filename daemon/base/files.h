/* files.h - makes directories, locks files, replaces files in one step, and tells who else may change a file. */
#ifndef ANIMED_FILES_H
#define ANIMED_FILES_H

#include <limits.h>
#include <sys/stat.h>

#include "animed-plugin.h"

/* Make the directory `dir` (absolute) with its parents, each 0700, where they are missing.  Returns 0.  On failure
 * returns -1 and fills err. */
int make_dirs(const char *dir, struct animed_error *err);

/* ---- who else may change it ---- */

enum files_risk {
	FILES_SAFE,     /* this user and root alone may change it */
	FILES_FOREIGN,  /* it belongs to another user */
	FILES_WRITABLE, /* its group or others may write it */
};

/* What the owner and the mode of a file, or of a directory, say. */
enum files_risk files_risk(const struct stat *st);

/* Refuse a path that another user could make lead to another file: where a directory of the path belongs to another
 * user, or its group or others may write it and it is not sticky.  A group that has its owner as its only member, as
 * many systems make one for every user, is no other user.  Directories that `beside` lies in too are not looked at.
 * Both paths are absolute and without symbolic links, as realpath() gives them.  Returns 0.  Else returns -1 and
 * fills err with what to change. */
int files_check_path(const char *path, const char *beside, struct animed_error *err);

/* Whether the group is the user's own: it has the user's name, and no other members.  Never for root. */
bool files_own_group(uid_t user, gid_t group);

/* ---- files that only one process has ---- */

/* Open a file, not through a symbolic link, and lock it; `flags` and `mode` are of open().  Returns the descriptor,
 * which the caller closes, and with it the lock.  On failure returns -1 and sets errno: EWOULDBLOCK where another
 * descriptor has the lock. */
int files_lock(const char *path, int flags, mode_t mode);

/* A file under a temporary name, until it is whole and takes its place.  The descriptor has a lock, whatever
 * container or machine its process is in: what is not locked was left by a process that died, and may be removed. */
struct draft {
	int fd;
	char path[PATH_MAX];
};

/* Make the file anew.  Returns 0; 1 and fills err where another process has it; on failure -1 and fills err. */
int draft_open(struct draft *draft, const char *path, mode_t mode, struct animed_error *err);

/* Rename the file over `path`, whole or not at all, and close it.  Does not sync.  Returns 0.  On failure the file is
 * removed; returns -1 and fills err. */
int draft_commit(struct draft *draft, const char *path, struct animed_error *err);

/* Close the file and remove its name. */
void draft_abort(struct draft *draft);

/* Remove a draft whose process has died. */
void draft_sweep(const char *path);

#endif

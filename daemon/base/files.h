/* files.h - makes directories, locks files, writes files that appear whole or not at all, and tells which other users
 * may change a file. */
#ifndef ANIMED_FILES_H
#define ANIMED_FILES_H

#include <limits.h>
#include <sys/stat.h>

#include "animed-plugin.h"

/* Make the directory `dir`, an absolute path, and those of its parents that are missing, each with mode 0700.  Returns
 * 0.  On failure returns -1 and fills err. */
int make_dirs(const char *dir, struct animed_error *err);

/* ---- which other users may change a file ---- */

enum files_risk {
	FILES_SAFE,     /* only this user and root may change it */
	FILES_FOREIGN,  /* it belongs to another user */
	FILES_WRITABLE, /* its group or others may write it */
};

/* Returns who may change a file or a directory, judged by its owner and its mode. */
enum files_risk files_risk(const struct stat *st);

/* Check that no other user can make `path` lead to another file.  The path is refused if one of its directories belongs
 * to a user other than this one and root, or if its group or all users may write a directory that is not sticky.  A
 * group whose only member is the owner of the directory is allowed to write it; many systems make such a group for
 * every user.  Directories that `beside` lies in as well are not checked.  Both paths are absolute and without symbolic
 * links, as realpath() returns them.  Returns 0.  If the path is refused or a directory cannot be read, returns -1 and
 * fills err, with what to change. */
int files_check_path(const char *path, const char *beside, struct animed_error *err);

/* Whether the group is the user's own: it has the name of the user and no other member.  Always false for root. */
bool files_own_group(uid_t user, gid_t group);

/* ---- files that only one process has ---- */

/* Open a file with the `flags` and the `mode` of open(), and lock it.  A symbolic link is not followed.  Returns the
 * descriptor; the lock ends when the caller closes it.  On failure returns -1 and sets errno, to EWOULDBLOCK where
 * another descriptor has the lock. */
int files_lock(const char *path, int flags, mode_t mode);

/* A file that is written under a temporary name and renamed once it is whole.  The descriptor has a lock as long as the
 * file is written.  Other processes see the lock even from another container or machine, where the id of a process
 * would mean nothing.  A draft without a lock was left by a process that died, and may be removed. */
struct draft {
	int fd;
	char path[PATH_MAX];
};

/* Make the file `path` anew and lock it; a file that a dead process left there is removed.  Returns 0.  Returns 1 and
 * fills err if another process is writing the file.  On failure returns -1 and fills err. */
int draft_open(struct draft *draft, const char *path, mode_t mode, struct animed_error *err);

/* Rename the draft to `path`, in one step and over a file that has that name, and close it.  The bytes are not synced
 * to the disk: the caller does that before.  Returns 0.  On failure removes the draft, returns -1 and fills err. */
int draft_commit(struct draft *draft, const char *path, struct animed_error *err);

/* Remove the draft and close it. */
void draft_abort(struct draft *draft);

/* Remove the draft `path` if the process that wrote it has died. */
void draft_sweep(const char *path);

#endif

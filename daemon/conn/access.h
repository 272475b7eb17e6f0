/* access.h - the group that may use the socket and change what is served, beside the daemon's own user and root. */
#ifndef ANIMED_ACCESS_H
#define ANIMED_ACCESS_H

#include <sys/types.h>

#include "animed-plugin.h"

/* Find the group of this name.  Returns 0.  On failure returns -1 and fills err. */
int access_find_group(const char *name, gid_t *group, struct animed_error *err);

/* Let the group connect to the socket, to which only the daemon's user could connect before.  The socket gets the mode
 * 0660.  The group may also enter its directory, where this belongs to the daemon's user and is closed to others.
 * Returns 0.  On failure returns -1 and fills err. */
int access_let_group(const char *socket_path, gid_t group, struct animed_error *err);

/* Whether `group` is among the supplementary groups that the peer of the Unix socket `fd` had when it connected. */
bool access_in_groups(int fd, gid_t group);

#endif

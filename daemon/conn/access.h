/* access.h - who may reach the socket and change what is served, beside the daemon's own user and root. */
#ifndef ANIMED_ACCESS_H
#define ANIMED_ACCESS_H

#include <sys/types.h>

#include "animed-plugin.h"

/* The group of this name. */
int access_find_group(const char *name, gid_t *group, struct animed_error *err);

/* Let the group through to the socket, which nobody else can connect to yet: the socket gets mode 0660, its directory,
 * where it is the daemon's own, 0710. */
int access_let_group(const char *socket_path, gid_t group, struct animed_error *err);

/* Whether `group` is among the supplementary groups that the peer of a Unix socket had when it connected. */
bool access_in_groups(int fd, gid_t group);

#endif

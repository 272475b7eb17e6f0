/* claim.h - the right to serve on a socket, which at most one process has.
 *
 * The right is a lock on the file SOCKET.lock.  The socket does not show whether a daemon serves, since a daemon that
 * is killed leaves it behind.  The lock ends with the process. */
#ifndef ANIMED_CLAIM_H
#define ANIMED_CLAIM_H

#include "animed-plugin.h"

struct server_claim {
	int lock; /* a descriptor; -1: nothing is claimed */
	char *lock_path;
};

/* Check that a socket can have this path.  On failure, where it is too long or not absolute, returns -1 and fills err. */
int server_check_path(const char *socket_path, struct animed_error *err);

/* Make the socket's directory where it is missing (0700, with its parents), lock SOCKET.lock, and remove a socket
 * that a dead daemon has left.  The caller undoes it with server_release().  Returns 0.  On failure returns -1 and
 * fills err: the path is too long for a socket, others may write the directory, the path leads to something that is
 * no socket, or a daemon is there, whose pid the error names. */
int server_claim(const char *socket_path, struct server_claim *claim, struct animed_error *err);

/* Remove the lock and free the claim.  The claim may be one that failed. */
void server_release(struct server_claim *claim);

#endif

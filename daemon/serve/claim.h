/* claim.h - the right to serve on a socket, held by at most one process.
 *
 * A lock on SOCKET.lock decides, not the socket: a socket outlives a killed daemon, a lock does not. */
#ifndef ANIMED_CLAIM_H
#define ANIMED_CLAIM_H

#include "animed-plugin.h"

struct server_claim {
	int lock; /* an open descriptor, or -1: nothing is claimed */
	char *lock_path;
};

/* Make the socket's directory where it is missing (0700, with its parents), lock SOCKET.lock and remove a socket that
 * a dead daemon left.  Refused: a path too long for a socket, a directory that others may write, something at the path
 * that is no socket, and a daemon that is already there (the error names its pid).  Undo with server_release(). */
int server_claim(const char *socket_path, struct server_claim *claim, struct animed_error *err);

/* Remove and unlock the lock; also harmless on a claim that failed. */
void server_release(struct server_claim *claim);

#endif

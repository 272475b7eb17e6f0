/* notify.h - telling the service manager how the daemon is doing. */
#ifndef ANIMED_NOTIFY_H
#define ANIMED_NOTIFY_H

/* Send `state` ("READY=1", "STOPPING=1") to the socket that $NOTIFY_SOCKET names; nothing where it names none.  A
 * manager that does not listen is none of the daemon's business: failures are passed over. */
void notify_send(const char *state);

#endif

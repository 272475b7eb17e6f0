/* notify.h - tells the service manager the state of the daemon. */
#ifndef ANIMED_NOTIFY_H
#define ANIMED_NOTIFY_H

/* Send `state` ("READY=1", "STOPPING=1") to the socket that $NOTIFY_SOCKET names, if it names one.  Failures are
 * ignored: the service manager is optional. */
void notify_send(const char *state);

#endif

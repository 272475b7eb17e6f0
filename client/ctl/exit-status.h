/* exit-status.h - what the end of animectl says. */
#ifndef CLIENT_EXIT_STATUS_H
#define CLIENT_EXIT_STATUS_H

/* The exit status of animectl, which animectl(1) documents. */
enum ctl_exit {
	CTL_OK = 0,
	CTL_REFUSED = 1,   /* the request was at fault, such as an unknown title */
	CTL_USAGE = 2,     /* the command line was wrong */
	CTL_NO_DAEMON = 3, /* nobody listens, or connecting is not allowed */
	CTL_BROKEN = 4,    /* the connection ended, or what came was no reply */
	CTL_FAILED = 5,    /* the daemon failed at it */
};

#endif

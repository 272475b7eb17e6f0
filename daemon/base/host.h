/* host.h - hosts for plugins.  Every callback of a host made here is a real function, as animed-plugin.h promises. */
#ifndef ANIMED_HOST_H
#define ANIMED_HOST_H

#include "animed-plugin.h"

/* A host that writes to the daemon's log, drops progress and never cancels.  Its functions leave ctx alone, so that the
 * caller may set ctx and put functions of its own in the place of some. */
struct animed_host host_quiet(unsigned threads);

/* A host that hands calls on to another one.  ctx points to the relay.  A struct whose first member is a relay can put
 * callbacks of its own in the place of some: they cast ctx to that struct. */
struct host_relay {
	struct animed_host host; /* the one to hand out */
	const struct animed_host *to;
};

/* Let the relay hand all calls on to `to`, which must outlive it.  The relay must not move afterwards. */
void host_forward(struct host_relay *relay, const struct animed_host *to);

#endif

/* host.h - hosts for plugins.  Every callback of a host made here is a real function: a plugin may call all of them
 * without a look. */
#ifndef ANIMED_HOST_H
#define ANIMED_HOST_H

#include "animed-plugin.h"

/* A host that writes to the daemon's log, drops progress and never cancels.  Its functions leave ctx alone, so that the
 * caller may set ctx and put functions of its own in the place of some. */
struct animed_host host_quiet(unsigned threads);

/* A host before another one.  As the first member of a larger struct it lets that struct have callbacks of its own: they
 * get ctx, which points to the relay and so to the struct. */
struct host_relay {
	struct animed_host host; /* to be handed out */
	const struct animed_host *to;
};

/* Let the relay hand all calls on to `to`, which has to outlive it.  The relay may not move afterwards. */
void host_forward(struct host_relay *relay, const struct animed_host *to);

#endif

/* host.h - makes hosts for plugins.  No callback of such a host is NULL, as animed-plugin.h promises. */
#ifndef ANIMED_HOST_H
#define ANIMED_HOST_H

#include "animed-plugin.h"

/* Returns a host that writes to the daemon's log, drops progress and never cancels.  These callbacks do not read ctx,
 * so that the caller may set ctx and replace some of the callbacks. */
struct animed_host host_quiet(unsigned threads);

/* A host that forwards every call to another host.  Its ctx points to the relay.  A caller who wants to change some of
 * the callbacks makes the relay the first member of a struct and replaces them: they cast ctx to that struct. */
struct host_relay {
	struct animed_host host; /* the host to give to a plugin */
	const struct animed_host *to;
};

/* Make the relay forward all calls to `to`, which must outlive it.  The relay must not move afterwards, since host.ctx
 * points to it. */
void host_forward(struct host_relay *relay, const struct animed_host *to);

#endif

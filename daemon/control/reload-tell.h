/* reload-tell.h - tells clients, subscribers and the log the result of a reload. */
#ifndef ANIMED_RELOAD_TELL_H
#define ANIMED_RELOAD_TELL_H

#include "conn/events.h"
#include "control/reload-run.h"
#include "control/served.h"

/* The result of a reload, after the swap. */
struct reload_news {
	const struct reload_run *run;
	const struct served *served;
	uint64_t previous; /* the version that served before; 0: none */
};

/* Tell the result to the log, and to the subscribers with an event. */
void reload_tell(const struct reload_news *news, struct events *events);

/* A waiters_pack that packs the answer to a request that gave the order.  Its ctx is a struct reload_news. */
int reload_answer(const void *ctx, struct packed *out, uint32_t msgid);

#endif

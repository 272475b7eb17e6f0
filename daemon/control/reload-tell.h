/* reload-tell.h - telling clients, subscribers and the log what came of a reload. */
#ifndef ANIMED_RELOAD_TELL_H
#define ANIMED_RELOAD_TELL_H

#include "conn/events.h"
#include "control/reload-run.h"
#include "control/served.h"

/* What there is to tell, after the swap. */
struct reload_news {
	const struct reload_run *run;
	const struct served *served;
	uint64_t previous; /* the version that served before; 0: none */
};

/* Tell the log and, by an event, the subscribers. */
void reload_tell(const struct reload_news *news, struct events *events);

/* A waiters_pack whose ctx is a struct reload_news: the answer to the request that gave the order. */
int reload_answer(const void *ctx, struct packed *out, uint32_t msgid);

#endif

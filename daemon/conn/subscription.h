/* subscription.h - what one subscriber is told, and what it loses where it reads too slowly. */
#ifndef ANIMED_SUBSCRIPTION_H
#define ANIMED_SUBSCRIPTION_H

#include "base/pack.h"

/* Zeroed, it has subscribed to nothing. */
struct subscription {
	unsigned wanted; /* a bit an event */
	char *head;      /* [head_size] what comes before the map; NULL: as of a plain event */
	size_t head_size;
	size_t queued;  /* bytes of events in the output, */
	size_t writing; /* and with libuv */
	uint64_t lost;  /* since then; while it is not 0 no event is queued */
};

void subscription_free(struct subscription *subscription);

/* Have the events begin with a call of `method` with `first`.  -1: out of memory. */
int subscription_call(struct subscription *subscription, struct text method, struct text first);

/* Queue an event, a packed map, behind the output.  Where less than it needs is left of the `room` for events that lie
 * unread, it is lost. */
void subscription_add(struct subscription *subscription, struct packed *out, const char *map, size_t size, size_t room);

/* Queue the marker of what was lost, where something was and half of the room is free again. */
void subscription_catch_up(struct subscription *subscription, struct packed *out, size_t room);

/* Pack the head of an event's map with `entries` beside "event" and "time", and those two. */
void subscription_pack_head(msgpack_packer *packer, const char *event, uint32_t entries);

#endif

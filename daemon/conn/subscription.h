/* subscription.h - queues events for one subscriber, and counts those that it loses by reading too slowly. */
#ifndef ANIMED_SUBSCRIPTION_H
#define ANIMED_SUBSCRIPTION_H

#include "base/pack.h"

/* What one connection has subscribed to.  All zero means nothing. */
struct subscription {
	unsigned wanted; /* a bit for each event */
	char *head;      /* [head_size] the bytes before the map of an event; NULL: those of a plain event */
	size_t head_size;
	size_t queued;  /* bytes of events in the output of the connection */
	size_t writing; /* bytes of events that libuv is writing */
	uint64_t lost;  /* events lost since the last marker; while it is not 0 no event is queued */
};

void subscription_free(struct subscription *subscription);

/* Have the events begin with a call of `method` with `first`.  Returns 0.  Returns -1 where memory is short. */
int subscription_call(struct subscription *subscription, struct text method, struct text first);

/* Append an event, which is a packed map, to the output.  The event is lost where the unread events would take more
 * than `room` bytes with it. */
void subscription_add(struct subscription *subscription, struct packed *out, const char *map, size_t size, size_t room);

/* Append the marker that tells how many events were lost, if some were and half of the room is free again. */
void subscription_catch_up(struct subscription *subscription, struct packed *out, size_t room);

/* Pack the beginning of an event's map: its size, for `entries` entries beside "event" and "time", and these two. */
void subscription_pack_head(msgpack_packer *packer, const char *event, uint32_t entries);

#endif

/* events.h - what happens to the daemon, told to the clients that subscribed.
 *
 * An event is the notification [2, "event", [map]], or [2, METHOD, [FIRST, [map]]] for a subscriber that cannot be
 * called otherwise, such as Neovim, whose functions have names of their own; PROTOCOL.md has the maps.  It is put
 * together at once and handed to the subscribers in the loop's next round, so that it may come about in the middle of a
 * request.  What a subscriber has not read yet is bounded by limits.event_bytes; it loses what is beyond, and is told
 * how many with "lagged". */
#ifndef ANIMED_EVENTS_H
#define ANIMED_EVENTS_H

#include "conn/clients.h"

enum event {
	EVENT_MODEL_CHANGED,
	EVENT_RELOAD_REFUSED,
	EVENT_RETRAIN_STARTED,
	EVENT_RETRAIN_PROGRESS,
	EVENT_RETRAIN_FINISHED,
	EVENT_RETRAIN_FAILED,
	EVENT_N,
};

extern const char *const event_names[EVENT_N];

#define EVENT_ALL ((1u << EVENT_N) - 1)

struct events {
	struct clients *clients;
	uv_idle_t idle;         /* runs while there are some to hand over */
	struct packed maps;     /* of those that wait, one after the other */
	struct event_end *ends; /* [n] of each: its kind, and where it ends in `maps` */
	size_t n, size;
	enum event begun; /* that events_end() will complete */
};

void events_init(struct events *events, struct clients *clients);
void events_free(struct events *events);

/* Begin an event whose map has `entries` beside "event" and "time"; the caller packs those and calls events_end().
 * Where memory is short the event is lost; whatever it tells of is in the log and in `status` too. */
msgpack_packer *events_begin(struct events *events, enum event event, uint32_t entries);
void events_end(struct events *events);

#endif

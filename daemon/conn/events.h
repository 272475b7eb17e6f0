/* events.h - what happens to the daemon, told to the clients that subscribed.
 *
 * An event is the notification [2, "event", [map]], or [2, METHOD, [FIRST, [map]]] for a subscriber that cannot be
 * called otherwise, such as Neovim, whose functions have names of their own; PROTOCOL.md has the maps.  It is put
 * together at once and handed to the subscribers in the loop's next round, so that it may come about in the middle of a
 * request.  What a subscriber has not read yet is bounded by limits.event_bytes; it loses what is beyond, and is told
 * how many with "lagged". */
#ifndef ANIMED_EVENTS_H
#define ANIMED_EVENTS_H

#include <msgpack.h>
#include <uv.h>

#include "base/text.h"

struct conn;
struct server;

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

/* The daemon's side. */
struct events {
	uv_idle_t idle; /* runs while there are some to hand over */
	msgpack_sbuffer bytes;
	msgpack_packer packer;
	struct event_end *ends; /* of each that waits: its kind, and where it ends in `bytes` */
	size_t n, size;
};

/* A connection's side; zeroed, it has subscribed to nothing. */
struct subscription {
	unsigned wanted; /* a bit an event */
	char *head;      /* [head_size] what comes before the map; NULL: as of a plain event */
	size_t head_size;
	size_t queued;  /* bytes of events in the output, */
	size_t writing; /* and with libuv */
	uint64_t lost;  /* since then; while it is not 0 no event is queued */
};

/* -1: the loop could not take the handle. */
int events_init(struct server *server);
void events_free(struct events *events);

/* Have the events of this connection begin with a call of `method` with `first`.  -1: out of memory. */
int events_call(struct subscription *subscription, struct text method, struct text first);

/* Begin an event whose map has `entries` beside "event" and "time"; the caller packs those and calls events_end(). */
msgpack_packer *events_begin(struct server *server, enum event event, uint32_t entries);
void events_end(struct server *server, enum event event);

/* Queue the marker of what was lost, where something was and there is room. */
void events_catch_up(struct conn *conn);

#endif

/* events.h - tells the clients that have subscribed what happens in the daemon.
 *
 * An event is the notification [2, "event", [map]].  For a subscriber such as Neovim, which only takes calls of its own
 * functions, it is [2, METHOD, [FIRST, [map]]].  PROTOCOL.md describes the maps.  An event is packed at once and queued
 * for the subscribers in the next round of the loop, so that it can occur in the middle of a request.  The events that
 * a subscriber has not read take limits.event_bytes at most.  It loses further events, and is told how many with
 * "lagged". */
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
	uv_idle_t idle;         /* runs while events wait to be queued for the subscribers */
	struct packed maps;     /* maps of the events that wait, one after the other */
	struct event_end *ends; /* [n] for each event its kind, and where it ends in `maps` */
	size_t n, size;         /* events that wait; room in `ends` */
	enum event begun;       /* kind of the event that events_end() will complete */
};

void events_init(struct events *events, struct clients *clients);
void events_free(struct events *events);

/* Begin an event whose map has `entries` entries beside "event" and "time".  The caller packs these entries with the
 * packer that it returns, and calls events_end().  Where memory is short the event is lost; what it tells is in the log
 * and in `status` too. */
msgpack_packer *events_begin(struct events *events, enum event event, uint32_t entries);
void events_end(struct events *events);

#endif

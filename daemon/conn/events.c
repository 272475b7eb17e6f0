/* events.c - collects events, and queues them for the subscribers. */
#include "config.h"

#include "conn/events.h"

#include <stdlib.h>

struct event_end {
	enum event event;
	size_t at;
};

const char *const event_names[EVENT_N] = {
    [EVENT_MODEL_CHANGED] = "model-changed",       [EVENT_RELOAD_REFUSED] = "reload-refused",
    [EVENT_RETRAIN_STARTED] = "retrain-started",   [EVENT_RETRAIN_PROGRESS] = "retrain-progress",
    [EVENT_RETRAIN_FINISHED] = "retrain-finished", [EVENT_RETRAIN_FAILED] = "retrain-failed",
};

void events_init(struct events *events, struct clients *clients)
{
	*events = (struct events){.clients = clients};
	packed_init(&events->maps);
	(void)uv_idle_init(clients->loop, &events->idle); /* cannot fail */
	events->idle.data = events;
}

void events_free(struct events *events)
{
	packed_free(&events->maps);
	free(events->ends);
}

/* ---- the subscribers ---- */

static void hand_over(const struct events *events, struct conn *conn)
{
	size_t begin = 0;

	for (size_t i = 0; i < events->n; begin = events->ends[i++].at) {
		if (conn->events.wanted & (1u << events->ends[i].event))
			subscription_add(&conn->events, &conn->out, events->maps.bytes.data + begin,
					 events->ends[i].at - begin, conn_event_room(conn));
	}
}

static void on_idle(uv_idle_t *idle)
{
	struct events *events = idle->data;
	struct conn *conn;

	(void)uv_idle_stop(idle);
	LIST_FOREACH (conn, &events->clients->list, link) {
		if (conn->closed || conn->finishing || conn->events.wanted == 0)
			continue;
		hand_over(events, conn);
		conn_settle(conn);
	}
	events->n = 0;
	packed_cut(&events->maps, 0);
}

/* ---- the daemon ---- */

/* Where the event that is not complete begins. */
static size_t end_of_last(const struct events *events)
{
	return events->n > 0 ? events->ends[events->n - 1].at : 0;
}

msgpack_packer *events_begin(struct events *events, enum event event, uint32_t entries)
{
	events->begun = event;
	subscription_pack_head(&events->maps.packer, event_names[event], entries);
	return &events->maps.packer;
}

static int make_room(struct events *events)
{
	const size_t size = events->size ? events->size * 2 : 16;

	if (events->n < events->size)
		return 0;
	struct event_end *grown = realloc(events->ends, size * sizeof *grown);
	if (!grown)
		return -1;
	events->ends = grown;
	events->size = size;
	return 0;
}

void events_end(struct events *events)
{
	if (events->maps.broken || make_room(events) < 0) {
		packed_cut(&events->maps, end_of_last(events));
		return;
	}
	events->ends[events->n++] = (struct event_end){events->begun, events->maps.bytes.size};
	(void)uv_idle_start(&events->idle, on_idle);
}

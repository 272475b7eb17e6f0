/* events.c - events on their way to the subscribers. */
#include "config.h"

#include "conn/events.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/pack.h"
#include "conn/conn.h"

struct event_end {
	enum event event;
	size_t at;
};

const char *const event_names[EVENT_N] = {
    [EVENT_MODEL_CHANGED] = "model-changed",       [EVENT_RELOAD_REFUSED] = "reload-refused",
    [EVENT_RETRAIN_STARTED] = "retrain-started",   [EVENT_RETRAIN_PROGRESS] = "retrain-progress",
    [EVENT_RETRAIN_FINISHED] = "retrain-finished", [EVENT_RETRAIN_FAILED] = "retrain-failed",
};

int events_init(struct server *server)
{
	struct events *events = &server->events;

	msgpack_sbuffer_init(&events->bytes);
	msgpack_packer_init(&events->packer, &events->bytes, msgpack_sbuffer_write);
	events->idle.data = server;
	return uv_idle_init(&server->loop, &events->idle);
}

void events_free(struct events *events)
{
	msgpack_sbuffer_destroy(&events->bytes);
	free(events->ends);
}

static void pack_head(msgpack_packer *packer, const char *name, uint32_t entries)
{
	char now[TIME_TEXT];

	time_text_now(now);
	(void)msgpack_pack_map(packer, entries + 2);
	pack_str(packer, "event", name);
	pack_str(packer, "time", now);
}

/* [2, "event", [ */
static const char plain[] = "\x93\x02\xa5"
			    "event\x91";

static size_t head_of(const struct subscription *to, const char **head)
{
	*head = to->head ? to->head : plain;
	return to->head ? to->head_size : sizeof plain - 1;
}

/* [2, METHOD, [FIRST, [ */
int events_call(struct subscription *subscription, struct text method, struct text first)
{
	msgpack_sbuffer head;
	msgpack_packer packer;

	msgpack_sbuffer_init(&head);
	msgpack_packer_init(&packer, &head, msgpack_sbuffer_write);
	int bad = msgpack_pack_array(&packer, 3) | msgpack_pack_int(&packer, RPC_NOTIFICATION) |
		  msgpack_pack_str_with_body(&packer, method.bytes, method.length) | msgpack_pack_array(&packer, 2) |
		  msgpack_pack_str_with_body(&packer, first.bytes, first.length) | msgpack_pack_array(&packer, 1);
	if (bad) {
		msgpack_sbuffer_destroy(&head);
		return -1;
	}
	free(subscription->head);
	subscription->head_size = head.size;
	subscription->head = msgpack_sbuffer_release(&head);
	return 0;
}

/* Bytes of events that may lie unread. */
static size_t room(const struct conn *conn)
{
	const struct conf_limits *limits = &conn->server->conf->limits;

	return limits->event_bytes < limits->output_bytes / 2 ? limits->event_bytes : limits->output_bytes / 2;
}

void events_catch_up(struct conn *conn)
{
	struct subscription *to = &conn->events;
	const size_t before = conn->out.size;
	const char *head;
	const size_t head_size = head_of(to, &head);

	if (to->lost == 0 || to->queued + to->writing > room(conn) / 2)
		return;
	(void)conn->packer.callback(conn->packer.data, head, head_size);
	pack_head(&conn->packer, "lagged", 1);
	pack_uint(&conn->packer, "lost", to->lost);
	to->queued += conn->out.size - before;
	to->lost = 0;
}

static void hand_over(struct conn *conn, const char *bytes, size_t size)
{
	struct subscription *to = &conn->events;

	const char *head;
	const size_t head_size = head_of(to, &head);

	if (to->lost > 0 || to->queued + to->writing + head_size + size > room(conn)) {
		to->lost++;
		return;
	}
	/* where memory is short the connection is marked as broken, and ends */
	(void)conn->packer.callback(conn->packer.data, head, head_size);
	(void)conn->packer.callback(conn->packer.data, bytes, size);
	to->queued += head_size + size;
}

static void on_idle(uv_idle_t *idle)
{
	struct server *server = idle->data;
	struct events *events = &server->events;

	(void)uv_idle_stop(idle);
	for (struct conn *conn = server->conns; conn; conn = conn->next) {
		size_t begin = 0;
		if (conn->closed || conn->finishing || conn->events.wanted == 0)
			continue;
		for (size_t i = 0; i < events->n; begin = events->ends[i++].at) {
			if (conn->events.wanted & (1u << events->ends[i].event))
				hand_over(conn, events->bytes.data + begin, events->ends[i].at - begin);
		}
		conn_settle(conn);
	}
	events->n = 0;
	msgpack_sbuffer_clear(&events->bytes);
}

msgpack_packer *events_begin(struct server *server, enum event event, uint32_t entries)
{
	pack_head(&server->events.packer, event_names[event], entries);
	return &server->events.packer;
}

/* Where memory is short the event is lost; whatever it tells of is in the log and in `status` too. */
void events_end(struct server *server, enum event event)
{
	struct events *events = &server->events;
	const size_t begin = events->n ? events->ends[events->n - 1].at : 0;

	if (events->n == events->size) {
		size_t size = events->size ? events->size * 2 : 16;
		struct event_end *grown = realloc(events->ends, size * sizeof *grown);
		if (!grown) {
			events->bytes.size = begin;
			return;
		}
		events->ends = grown;
		events->size = size;
	}
	events->ends[events->n++] = (struct event_end){event, events->bytes.size};
	(void)uv_idle_start(&events->idle, on_idle);
}

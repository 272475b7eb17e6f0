/* message.c - finding where a message ends, unpacking it and what to do with its type. */
#include "config.h"

#include "conn/message.h"

#include "base/log.h"
#include "methods/methods.h"
#include "query/quick.h"

void conn_message_begin(struct conn *conn)
{
	const struct conf_limits *limits = &conn->server->conf->limits;

	frame_scanner_init(
	    &conn->scanner,
	    &(struct frame_limits){.bytes = limits->frame_bytes, .elements = limits->elements, .depth = limits->depth});
}

/* Answer with the error, then let the client go: after this nobody knows where its next message begins. */
static void give_up(struct conn *conn, uint32_t msgid, const struct rpc_error *err)
{
	log_write(ANIMED_DEBUG, "client %llu: %s; let go", (unsigned long long)conn->id, err->text);
	conn->server->errors++;
	rpc_pack_error(&conn->packer, msgid, err);
	conn->finishing = true;
}

/* The id that a faulty message has where a request and a response have theirs, or 0. */
static uint32_t msgid_of(const msgpack_object *object)
{
	const msgpack_object *id = NULL;

	if (object->type == MSGPACK_OBJECT_ARRAY && object->via.array.size > 1)
		id = &object->via.array.ptr[1];
	return id && id->type == MSGPACK_OBJECT_POSITIVE_INTEGER && id->via.u64 <= UINT32_MAX ? (uint32_t)id->via.u64
											      : 0;
}

static void take(struct conn *conn, const char *bytes, size_t size)
{
	msgpack_object object = {.type = MSGPACK_OBJECT_NIL};
	struct rpc_message message;
	struct rpc_error err;
	size_t end = 0;

	msgpack_zone_clear(&conn->zone);
	if (msgpack_unpack(bytes, size, &end, &conn->zone, &object) != MSGPACK_UNPACK_SUCCESS) {
		(void)rpc_fail(&err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE, "this is no MessagePack");
		give_up(conn, 0, &err);
		return;
	}
	if (rpc_decode(&object, &message, &err) < 0) {
		give_up(conn, msgid_of(&object), &err);
		return;
	}
	switch (message.type) {
	case RPC_REQUEST:
		methods_call(conn, &message, bytes, size);
		break;
	case RPC_NOTIFICATION: /* none is known, and none is answered */
		break;
	case RPC_RESPONSE:
		(void)rpc_fail(&err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE,
			       "the daemon asks nothing, so there is nothing to respond to");
		give_up(conn, message.msgid, &err);
		break;
	}
}

/* Bytes of the message that were used up; 0: it is for the general path. */
static size_t answer_quickly(struct conn *conn, const char *bytes, size_t size)
{
	struct server *server = conn->server;
	const struct shortlist *shortlist = server->served.shortlist;
	const size_t used = shortlist ? quick_answer(shortlist, server->conf, bytes, size, &conn->out) : 0;

	server->requests += used > 0;
	server->from_lists += used > 0;
	return used;
}

unsigned conn_message(struct conn *conn)
{
	const char *bytes = conn->at;
	const size_t size = (size_t)(conn->end - conn->at);
	const size_t quick = conn->scanner.used == 0 ? answer_quickly(conn, bytes, size) : 0;
	enum frame_status status;
	struct rpc_error err;

	if (quick > 0) {
		conn->at += quick;
		return COST_QUICK;
	}
	status = frame_scan(&conn->scanner, bytes, size);
	if (status == FRAME_MORE && size > conn->server->conf->limits.frame_bytes)
		status = FRAME_TOO_LARGE;
	switch (status) {
	case FRAME_MORE:
		return 0;
	case FRAME_DONE:
		break;
	case FRAME_TOO_LARGE:
	case FRAME_TOO_DEEP:
		(void)rpc_fail(&err, RPC_REQUEST_ERROR, RPC_TOO_LARGE, "%s", frame_status_text(status));
		give_up(conn, 0, &err);
		return 0;
	case FRAME_INVALID:
		(void)rpc_fail(&err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE, "%s", frame_status_text(status));
		give_up(conn, 0, &err);
		return 0;
	}
	take(conn, bytes, conn->scanner.used);
	conn->at += conn->scanner.used;
	conn_message_begin(conn);
	return conn->finishing ? 0 : COST_OTHER;
}

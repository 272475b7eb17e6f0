/* message.c - scans a frame, unpacks it as MessagePack, and decodes that as a message. */
#include "config.h"

#include "conn/message.h"

static void begin(struct message_reader *reader)
{
	frame_scanner_init(&reader->scanner, &reader->limits);
}

int message_reader_init(struct message_reader *reader, const struct conf_limits *limits)
{
	reader->limits =
	    (struct frame_limits){.bytes = limits->frame_bytes, .elements = limits->elements, .depth = limits->depth};
	begin(reader);
	return msgpack_zone_init(&reader->zone, MSGPACK_ZONE_CHUNK_SIZE) ? 0 : -1;
}

void message_reader_free(struct message_reader *reader)
{
	msgpack_zone_destroy(&reader->zone);
}

static enum message_status bad(struct rpc_error *err, enum rpc_class class, const char *name, const char *text)
{
	(void)rpc_fail(err, class, name, "%s", text);
	return MESSAGE_BAD;
}

/* The id of a faulty message, where it has one in the place of a request's id; else 0. */
static uint32_t msgid_of(const msgpack_object *object)
{
	const msgpack_object *id = NULL;

	if (object->type == MSGPACK_OBJECT_ARRAY && object->via.array.size > 1)
		id = &object->via.array.ptr[1];
	return id && id->type == MSGPACK_OBJECT_POSITIVE_INTEGER && id->via.u64 <= UINT32_MAX ? (uint32_t)id->via.u64
											      : 0;
}

static enum message_status decode(struct message_reader *reader, struct message *message, struct rpc_error *err)
{
	msgpack_object object = {.type = MSGPACK_OBJECT_NIL};
	size_t end = 0;

	msgpack_zone_clear(&reader->zone);
	/* the scanner has seen a whole value, so this fails only where memory is short */
	if (msgpack_unpack(message->bytes, message->size, &end, &reader->zone, &object) != MSGPACK_UNPACK_SUCCESS)
		return bad(err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory");
	if (rpc_decode(&object, &message->rpc, err) < 0) {
		message->rpc.msgid = msgid_of(&object);
		return MESSAGE_BAD;
	}
	if (message->rpc.type == RPC_RESPONSE)
		return bad(err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE,
			   "the daemon asks nothing, so there is nothing to respond to");
	return MESSAGE_TAKEN;
}

enum message_status message_take(struct message_reader *reader, const char *bytes, size_t size, struct message *message,
				 struct rpc_error *err)
{
	enum frame_status status = frame_scan(&reader->scanner, bytes, size);

	if (status == FRAME_MORE && size > reader->limits.bytes)
		status = FRAME_TOO_LARGE;
	*message = (struct message){.bytes = bytes, .size = reader->scanner.used};
	switch (status) {
	case FRAME_MORE:
		return MESSAGE_MORE;
	case FRAME_DONE:
		break;
	case FRAME_TOO_LARGE:
	case FRAME_TOO_DEEP:
		return bad(err, RPC_REQUEST_ERROR, RPC_TOO_LARGE, frame_status_text(status));
	case FRAME_INVALID:
		return bad(err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE, frame_status_text(status));
	}
	begin(reader);
	return decode(reader, message, err);
}

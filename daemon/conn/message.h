/* message.h - one message out of a stream of bytes: where it ends, what it says, and what is wrong with it.  It knows no
 * connection. */
#ifndef ANIMED_MESSAGE_H
#define ANIMED_MESSAGE_H

#include "config/conf.h"
#include "wire/frame.h"
#include "wire/rpc.h"

struct message_reader {
	struct frame_limits limits;
	struct frame_scanner scanner; /* of the message that is looked at */
	msgpack_zone zone;            /* of the message that was taken last */
};

/* A message and the bytes that it was unpacked of; all of it holds until the next one is taken. */
struct message {
	struct rpc_message rpc;
	const char *bytes;
	size_t size;
};

/* -1: out of memory. */
int message_reader_init(struct message_reader *reader, const struct conf_limits *limits);
void message_reader_free(struct message_reader *reader);

/* Whether nothing of the next message was looked at yet. */
static inline bool message_is_new(const struct message_reader *reader)
{
	return reader->scanner.used == 0;
}

enum message_status {
	MESSAGE_MORE,  /* it has not arrived whole */
	MESSAGE_TAKEN, /* a request or a notification */
	MESSAGE_BAD,   /* nobody can tell where the next one begins: err says why, message->rpc.msgid to whom */
};

/* Take the message that `bytes` begin with, which are those of the call before and what came behind them where that
 * returned MESSAGE_MORE. */
enum message_status message_take(struct message_reader *reader, const char *bytes, size_t size, struct message *message,
				 struct rpc_error *err);

#endif

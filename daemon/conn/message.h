/* message.h - takes messages out of a stream of bytes: where one ends, what it says, and what is wrong with it. */
#ifndef ANIMED_MESSAGE_H
#define ANIMED_MESSAGE_H

#include "config/conf.h"
#include "wire/frame.h"
#include "wire/rpc.h"

struct message_reader {
	struct frame_limits limits;
	struct frame_scanner scanner; /* of the message that is arriving */
	msgpack_zone zone;            /* memory of the message that was taken last */
};

/* A message, and the bytes from which it was unpacked.  It is valid until the next one is taken. */
struct message {
	struct rpc_message rpc;
	const char *bytes;
	size_t size;
};

/* Returns 0.  Returns -1 where memory is short.  Free with message_reader_free(). */
int message_reader_init(struct message_reader *reader, const struct conf_limits *limits);
void message_reader_free(struct message_reader *reader);

/* Whether no byte of the next message was scanned yet. */
static inline bool message_is_new(const struct message_reader *reader)
{
	return reader->scanner.used == 0;
}

enum message_status {
	MESSAGE_MORE,  /* the message is not complete yet */
	MESSAGE_TAKEN, /* a request or a notification */
	MESSAGE_BAD,   /* the message is faulty, and it is unknown where the next one begins */
};

/* Take the message that `bytes` begin with.  After MESSAGE_MORE the bytes must be those of the call before, with more
 * bytes behind them; they may have moved.  With MESSAGE_BAD, err says what is wrong, and message->rpc.msgid is the id
 * that the error has to answer, or 0. */
enum message_status message_take(struct message_reader *reader, const char *bytes, size_t size, struct message *message,
				 struct rpc_error *err);

#endif

/* progress-stream.h - what a training in a child process tells the daemon: MessagePack maps, one after the other,
 * through a pipe.
 *
 *   {epoch, epochs, fraction, done, train_loss, valid_loss, seconds}   as struct animed_progress; losses may be nil
 *   {model, store}                                                     at the end: the version and its store */
#ifndef ANIMED_PROGRESS_STREAM_H
#define ANIMED_PROGRESS_STREAM_H

#include <msgpack.h>
#include <stdatomic.h>

#include "animed-plugin.h"

/* The child's end. */
struct progress_stream {
	int fd;             /* -1: there is no daemon to tell */
	atomic_bool broken; /* the daemon has closed its end; read on any thread */
	uint64_t moment;    /* the tenth of a second in which something was sent last */
};

/* Tell of every finished epoch, and of what lies between at most ten times a second. */
void progress_stream_tell(struct progress_stream *stream, const struct animed_progress *now);
void progress_stream_model(struct progress_stream *stream, const char *store, uint64_t version);

/* What a map says. */
struct progress_message {
	uint64_t model;    /* 0: the map tells of progress */
	const char *store; /* not terminated; points into the object */
	size_t store_length;
	struct animed_progress progress;
};

/* Read a map into *out.  Returns false where `object` is no such map. */
bool progress_stream_decode(const msgpack_object *object, struct progress_message *out);

/* Pack the entries of a map of the first kind. */
enum { PROGRESS_STREAM_ENTRIES = 7 };
void progress_stream_pack(msgpack_packer *packer, const struct animed_progress *now);

#endif

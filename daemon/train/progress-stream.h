/* progress-stream.h - what a training in a child process tells the daemon: MessagePack maps, one after the other,
 * through a pipe.
 *
 *   {epoch, epochs, fraction, done, train_loss, valid_loss, seconds}   as struct animed_progress; losses nil: none
 *   {model, store}                                                     at the end: the version, and where it lies */
#ifndef ANIMED_RETRAIN_STREAM_H
#define ANIMED_RETRAIN_STREAM_H

#include <msgpack.h>

#include "animed-plugin.h"

/* The child's end. */
struct retrain_stream {
	int fd;          /* -1: nobody listens */
	bool broken;     /* somebody did, and is gone */
	uint64_t moment; /* of a tenth of a second, in which something was sent already */
};

/* Tell of every finished epoch, and else ten times a second at most. */
void retrain_stream_progress(struct retrain_stream *stream, const struct animed_progress *now);
void retrain_stream_model(struct retrain_stream *stream, const char *store, uint64_t version);

/* A map, taken apart. */
struct retrain_message {
	uint64_t model;    /* 0: it is about progress */
	const char *store; /* not terminated; points into the object */
	size_t store_length;
	struct animed_progress progress;
};

/* Whether `object` is such a map. */
bool retrain_decode(const msgpack_object *object, struct retrain_message *out);

/* Pack the entries of the first map; `done` and the rest, 7 in all. */
enum { RETRAIN_PROGRESS_ENTRIES = 7 };
void retrain_pack_progress(msgpack_packer *packer, const struct animed_progress *now);

#endif

/* progress-stream.c - packs the maps of the stream, and reads them. */
#include "config.h"

#include "train/progress-stream.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pack.h"
#include "wire/rpc.h"

void progress_stream_pack(msgpack_packer *packer, const struct animed_progress *now)
{
	const bool done = now->epoch_done;

	pack_int(packer, "epoch", now->epoch);
	pack_int(packer, "epochs", now->epochs);
	pack_real(packer, "fraction", done ? 1.0 : now->fraction);
	pack_flag(packer, "done", done);
	pack_finite(packer, "train_loss", done ? now->train_loss : NAN);
	pack_finite(packer, "valid_loss", done ? now->valid_loss : NAN);
	pack_finite(packer, "seconds", done ? now->seconds : NAN);
}

/* A map on its way out.  It needs no memory, so that the daemon is told of a model however short that is. */
struct outgoing {
	msgpack_packer packer;
	size_t n;
	char bytes[PATH_MAX + 256]; /* a store that can be opened has a shorter path */
};

static int write_outgoing(void *data, const char *bytes, size_t size)
{
	struct outgoing *map = data;

	if (size > sizeof map->bytes - map->n)
		return -1;
	if (size > 0)
		memcpy(map->bytes + map->n, bytes, size);
	map->n += size;
	return 0;
}

static void begin_map(struct outgoing *map, size_t entries)
{
	map->n = 0;
	msgpack_packer_init(&map->packer, map, write_outgoing);
	(void)msgpack_pack_map(&map->packer, entries);
}

/* The daemon's end of a pair of sockets takes what it has room for; this end blocks until that is all, or until a signal
 * comes, and then some bytes may be written and the rest not. */
static void send_map(struct progress_stream *stream, const struct outgoing *map)
{
	for (size_t sent = 0; sent < map->n;) {
		const ssize_t n = write(stream->fd, map->bytes + sent, map->n - sent);
		if (n < 0 && errno != EINTR) {
			atomic_store(&stream->broken, true);
			return;
		}
		sent += n > 0 ? (size_t)n : 0;
	}
}

void progress_stream_tell(struct progress_stream *stream, const struct animed_progress *now)
{
	struct outgoing map;

	if (stream->fd < 0)
		return;
	const uint64_t moment = clock_begin() / (CLOCK_SECOND / 10);
	if (!now->epoch_done && moment == stream->moment)
		return;
	stream->moment = moment;
	begin_map(&map, PROGRESS_STREAM_ENTRIES);
	progress_stream_pack(&map.packer, now);
	send_map(stream, &map);
}

void progress_stream_model(struct progress_stream *stream, const char *store, uint64_t version)
{
	struct outgoing map;

	if (stream->fd < 0)
		return;
	begin_map(&map, 2);
	pack_uint(&map.packer, "model", version);
	pack_str(&map.packer, "store", store);
	send_map(stream, &map);
}

static bool read_int(const msgpack_object *map, const char *key, int *out)
{
	const msgpack_object *value = rpc_map_get(map, key);

	if (!value || value->type != MSGPACK_OBJECT_POSITIVE_INTEGER || value->via.u64 > INT32_MAX)
		return false;
	*out = (int)value->via.u64;
	return true;
}

static bool read_real(const msgpack_object *map, const char *key, double *out)
{
	const msgpack_object *value = rpc_map_get(map, key);

	*out = NAN;
	if (!value || (value->type != MSGPACK_OBJECT_FLOAT64 && value->type != MSGPACK_OBJECT_NIL))
		return false;
	if (value->type == MSGPACK_OBJECT_FLOAT64)
		*out = value->via.f64;
	return true;
}

bool progress_stream_decode(const msgpack_object *object, struct progress_message *out)
{
	const msgpack_object *model = rpc_map_get(object, "model"), *store = rpc_map_get(object, "store");
	const msgpack_object *done = rpc_map_get(object, "done");
	struct animed_progress *now = &out->progress;

	*out = (struct progress_message){.model = 0};
	if (model) {
		if (model->type != MSGPACK_OBJECT_POSITIVE_INTEGER || model->via.u64 == 0 || !store ||
		    store->type != MSGPACK_OBJECT_STR)
			return false;
		out->model = model->via.u64;
		out->store = store->via.str.ptr;
		out->store_length = store->via.str.size;
		return true;
	}
	if (!done || done->type != MSGPACK_OBJECT_BOOLEAN || !read_int(object, "epoch", &now->epoch) ||
	    !read_int(object, "epochs", &now->epochs) || !read_real(object, "fraction", &now->fraction) ||
	    !read_real(object, "train_loss", &now->train_loss) || !read_real(object, "valid_loss", &now->valid_loss) ||
	    !read_real(object, "seconds", &now->seconds))
		return false;
	now->epoch_done = done->via.boolean;
	return now->fraction >= 0 && now->fraction <= 1;
}

/* progress-stream.c - packs the maps of the stream, and reads them. */
#include "config.h"

#include "train/progress-stream.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pack.h"
#include "wire/rpc.h"

void retrain_pack_progress(msgpack_packer *packer, const struct animed_progress *now)
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

/* Well below PIPE_BUF, so it is written whole. */
static void send_map(struct progress_stream *stream, const msgpack_sbuffer *map)
{
	ssize_t n;

	do
		n = write(stream->fd, map->data, map->size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		atomic_store(&stream->broken, true);
}

void progress_stream_tell(struct progress_stream *stream, const struct animed_progress *now)
{
	msgpack_sbuffer map;
	msgpack_packer packer;

	if (stream->fd < 0)
		return;
	const uint64_t moment = clock_begin() / (CLOCK_SECOND / 10);
	if (!now->epoch_done && moment == stream->moment)
		return;
	stream->moment = moment;
	msgpack_sbuffer_init(&map);
	msgpack_packer_init(&packer, &map, msgpack_sbuffer_write);
	(void)msgpack_pack_map(&packer, RETRAIN_PROGRESS_ENTRIES);
	retrain_pack_progress(&packer, now);
	send_map(stream, &map);
	msgpack_sbuffer_destroy(&map);
}

void progress_stream_model(struct progress_stream *stream, const char *store, uint64_t version)
{
	msgpack_sbuffer map;
	msgpack_packer packer;

	if (stream->fd < 0)
		return;
	msgpack_sbuffer_init(&map);
	msgpack_packer_init(&packer, &map, msgpack_sbuffer_write);
	(void)msgpack_pack_map(&packer, 2);
	pack_uint(&packer, "model", version);
	pack_str(&packer, "store", store);
	send_map(stream, &map);
	msgpack_sbuffer_destroy(&map);
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

bool retrain_decode(const msgpack_object *object, struct retrain_message *out)
{
	const msgpack_object *model = rpc_map_get(object, "model"), *store = rpc_map_get(object, "store");
	const msgpack_object *done = rpc_map_get(object, "done");
	struct animed_progress *now = &out->progress;

	*out = (struct retrain_message){.model = 0};
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

/* method-models.c - models() - the versions in the store. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pack.h"
#include "data/safetensors.h"
#include "methods/method.h"
#include "query/params.h"
#include "store/store.h"

enum { VERSION_ENTRIES = 9 };

/* Headers are read from files, which may be many and on a slow disk: in a thread of the pool. */
struct listing {
	uv_work_t work;
	const char *dir;
	uint64_t current, pinned;
	size_t n;
	msgpack_sbuffer versions; /* packed, without what the loop knows */
	struct waiters waiters;
	struct animed_error error;
	int status;
};

/* What the file says of itself; all but the version and the size nil where it cannot be read. */
static void pack_version(struct listing *listing, msgpack_packer *packer, uint64_t version)
{
	struct animed_error err;
	struct st_file *file = NULL;
	char path[PATH_MAX];

	if (store_path(listing->dir, version, path, &err) < 0 || st_peek(path, &file, &err) < 0)
		log_write(ANIMED_WARN, "models: %s", err.text);
	(void)msgpack_pack_map(packer, VERSION_ENTRIES);
	pack_uint(packer, "version", version);
	pack_flag(packer, "current", version == listing->current);
	pack_flag(packer, "pinned", version == listing->pinned);
	pack_count(packer, "bytes", file ? (int64_t)st_size(file) : 0);
	pack_str_or_nil(packer, "created", file ? st_metadata(file, "created") : NULL);
	pack_str_or_nil(packer, "variant", file ? st_metadata(file, "variant") : NULL);
	pack_int_of(packer, "ratings", file ? st_metadata(file, "dataset_ratings") : NULL);
	pack_real_of(packer, "valid_loss", file ? st_metadata(file, "valid_loss") : NULL);
	pack_str_or_nil(packer, "error", file ? NULL : err.text);
	st_close(file);
}

static void list(uv_work_t *work)
{
	struct listing *listing = work->data;
	char path[PATH_MAX];
	msgpack_packer packer;
	uint64_t *versions = NULL;

	msgpack_packer_init(&packer, &listing->versions, msgpack_sbuffer_write);
	if (store_current(listing->dir, &listing->current, path, &listing->error) != 0)
		listing->current = 0; /* `models` is how one finds that out */
	listing->status = store_pinned(listing->dir, &listing->pinned, &listing->error);
	if (listing->status == 0)
		listing->status = store_list(listing->dir, &versions, &listing->n, &listing->error);
	for (size_t i = 0; i < listing->n; i++)
		pack_version(listing, &packer, versions[i]);
	free(versions);
}

static void answer(struct server *server, struct conn *conn, uint32_t msgid, const void *ctx)
{
	const struct listing *listing = ctx;
	msgpack_packer *packer = &conn->packer;
	struct rpc_error err;

	if (listing->status < 0) {
		(void)rpc_fail(&err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", listing->error.text);
		server->errors++;
		rpc_pack_error(packer, msgid, &err);
		return;
	}
	rpc_pack_result(packer, msgid);
	(void)msgpack_pack_map(packer, 4);
	pack_count(packer, "model", server->served.model ? (int64_t)server->served.model->version : 0);
	pack_count(packer, "current", (int64_t)listing->current);
	pack_count(packer, "pinned", (int64_t)listing->pinned);
	pack_array(packer, "versions", listing->n);
	if (listing->n > 0)
		(void)packer->callback(packer->data, listing->versions.data, listing->versions.size);
}

static void listed(uv_work_t *work, int status)
{
	struct listing *listing = work->data;

	if (status < 0)
		listing->status = animed_fail(&listing->error, "cancelled");
	waiters_answer(&listing->waiters, work->loop->data, answer, listing);
	waiters_free(&listing->waiters);
	msgpack_sbuffer_destroy(&listing->versions);
	free(listing);
}

static enum method_result act(struct request *request)
{
	struct listing *listing = calloc(1, sizeof *listing);

	if (!listing || waiters_add(&listing->waiters, request->conn, request->question.msgid) < 0) {
		free(listing);
		(void)question_out_of_memory(&request->question);
		return METHOD_FAILED;
	}
	msgpack_sbuffer_init(&listing->versions);
	listing->dir = request->server->conf->models;
	listing->work.data = listing;
	/* fails only without a work function */
	(void)uv_queue_work(&request->server->loop, &listing->work, list, listed);
	return METHOD_LATER;
}

const struct method method_models = {
    .name = "models",
    .act = act,
    .params = "",
    .summary = "the versions in the store",
};

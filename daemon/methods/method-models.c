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

/* The answer of a thread of the pool, which reads the header of every version; there may be many, on a slow disk. */
struct listing {
	uv_work_t work;
	const char *dir;
	uint64_t current, pinned;
	size_t n;
	struct packed versions; /* a packed map for each version */
	struct waiters waiters;
	struct service *service;
	struct animed_error error;
	int status;
};

/* Pack what the file of a version says.  Where the file cannot be read, its entries are nil and "error" says why. */
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
	uint64_t *versions = NULL;

	if (store_current(listing->dir, &listing->current, path, &listing->error) != 0)
		listing->current = 0; /* no error: the answer of `models` shows that there is no valid `current` */
	listing->status = store_pinned(listing->dir, &listing->pinned, &listing->error);
	if (listing->status == 0)
		listing->status = store_list(listing->dir, &versions, &listing->n, &listing->error);
	for (size_t i = 0; i < listing->n; i++)
		pack_version(listing, &listing->versions.packer, versions[i]);
	if (listing->versions.broken)
		listing->status = animed_fail(&listing->error, "out of memory for %zu versions", listing->n);
	free(versions);
}

static int answer(const void *ctx, struct packed *out, uint32_t msgid)
{
	const struct listing *listing = ctx;
	const struct model *model = listing->service->served.model;
	struct rpc_error err;

	if (listing->status < 0) {
		(void)rpc_fail(&err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", listing->error.text);
		rpc_pack_error(&out->packer, msgid, &err);
		return -1;
	}
	rpc_pack_result(&out->packer, msgid);
	(void)msgpack_pack_map(&out->packer, 4);
	pack_count(&out->packer, "model", model ? (int64_t)model->version : 0);
	pack_count(&out->packer, "current", (int64_t)listing->current);
	pack_count(&out->packer, "pinned", (int64_t)listing->pinned);
	pack_array(&out->packer, "versions", listing->n);
	packed_append(out, listing->versions.bytes.data, listing->versions.bytes.size);
	return 0;
}

static void listed(uv_work_t *work, int status)
{
	struct listing *listing = work->data;
	struct service *service = listing->service;

	if (status < 0)
		listing->status = animed_fail(&listing->error, "cancelled");
	waiters_answer(&listing->waiters, &service->clients, answer, listing);
	waiters_free(&listing->waiters);
	packed_free(&listing->versions);
	free(listing);
}

static enum method_result act(struct request *request)
{
	struct service *service = request->service;
	struct listing *listing = calloc(1, sizeof *listing);

	if (!listing || waiters_add(&listing->waiters, request->conn, request->question.msgid) < 0) {
		free(listing);
		(void)question_out_of_memory(&request->question);
		return METHOD_FAILED;
	}
	packed_init(&listing->versions);
	listing->dir = service->conf->models;
	listing->service = service;
	listing->work.data = listing;
	/* fails only without a work function */
	(void)uv_queue_work(service->clients.loop, &listing->work, list, listed);
	return METHOD_LATER;
}

const struct method method_models = {
    .name = "models",
    .act = act,
    .params = "",
    .summary = "the versions in the store",
};

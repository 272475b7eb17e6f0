/* method-status.c - status() - how the daemon is, and what it serves. */
#include "config.h"

#include <unistd.h>

#include "base/pack.h"
#include "methods/methods.h"
#include "store/store.h"

static void pack_model(msgpack_packer *reply, const struct model *model, const struct conf *conf)
{
	const struct animed_factors *factors = &model->file.factors;

	(void)msgpack_pack_map(reply, 12);
	reply_key(reply, "version");
	(void)msgpack_pack_uint64(reply, model->version);
	reply_key(reply, "path");
	rpc_pack_str(reply, model->path);
	reply_key(reply, "variant");
	rpc_pack_str(reply, model->file.variant);
	reply_key(reply, "factors");
	(void)msgpack_pack_uint32(reply, factors->k);
	reply_key(reply, "users");
	(void)msgpack_pack_uint32(reply, factors->n_users);
	reply_key(reply, "items");
	(void)msgpack_pack_uint32(reply, factors->n_items);
	reply_key(reply, "ratings");
	reply_integer_or_nil(reply, st_metadata(model->file.file, "dataset_ratings"));
	reply_key(reply, "created");
	reply_text_or_nil(reply, st_metadata(model->file.file, "created"));
	reply_key(reply, "valid_loss");
	reply_number_or_nil(reply, st_metadata(model->file.file, "valid_loss"));
	reply_key(reply, "similarity");
	rpc_pack_str(reply, conf->similarity.plugin.info->name);
	reply_key(reply, "neighbours");
	(void)msgpack_pack_unsigned_int(reply, model->neighbours ? conf->neighbours : 0);
	reply_key(reply, "scan_seconds");
	(void)msgpack_pack_double(reply, model->scan_cost);
}

static void pack_last_reload(msgpack_packer *reply, const struct reload *reload)
{
	if (!reload->ran) {
		(void)msgpack_pack_nil(reply);
		return;
	}
	(void)msgpack_pack_map(reply, 4);
	reply_key(reply, "ok");
	(void)(reload->last_ok ? msgpack_pack_true(reply) : msgpack_pack_false(reply));
	reply_key(reply, "time");
	rpc_pack_str(reply, reload->last_time);
	reply_key(reply, "error");
	reply_text_or_nil(reply, reload->last_ok ? NULL : reload->last_error);
	reply_key(reply, "model");
	reply_count(reply, (int64_t)reload->last_version);
}

static void pack_process(msgpack_packer *reply, const struct server *server)
{
	size_t memory = 0;
	unsigned subscribers = 0;

	(void)uv_resident_set_memory(&memory);
	reply_key(reply, "version");
	rpc_pack_str(reply, PACKAGE_VERSION);
	reply_key(reply, "pid");
	(void)msgpack_pack_int64(reply, getpid());
	reply_key(reply, "uptime");
	(void)msgpack_pack_double(reply, (double)(uv_hrtime() - server->started) / 1e9);
	reply_key(reply, "socket");
	rpc_pack_str(reply, server->conf->socket);
	reply_key(reply, "config");
	reply_text_or_nil(reply, server->conf->file);
	reply_key(reply, "clients");
	(void)msgpack_pack_unsigned_int(reply, server->clients);
	for (const struct conn *conn = server->conns; conn; conn = conn->next)
		subscribers += !conn->closed && conn->events.wanted != 0;
	reply_key(reply, "subscribers");
	(void)msgpack_pack_unsigned_int(reply, subscribers);
	reply_key(reply, "requests");
	(void)msgpack_pack_uint64(reply, server->requests);
	reply_key(reply, "from_lists");
	(void)msgpack_pack_uint64(reply, server->from_lists);
	reply_key(reply, "errors");
	(void)msgpack_pack_uint64(reply, server->errors);
	reply_key(reply, "memory");
	(void)msgpack_pack_uint64(reply, memory);
}

static enum method_result call(struct request *request)
{
	msgpack_packer *reply = request->reply;
	uint64_t pinned;

	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 15);
	pack_process(reply, request->server);
	reply_key(reply, "model");
	if (request->model)
		pack_model(reply, request->model, request->server->conf);
	else
		(void)msgpack_pack_nil(reply);
	reply_key(reply, "last_reload");
	pack_last_reload(reply, &request->server->reload);
	reply_key(reply, "pinned");
	reply_count(reply, store_pinned(request->server->conf->models, &pinned, NULL) == 0 ? (int64_t)pinned : 0);
	reply_key(reply, "retrain");
	retrain_pack_status(reply, request->server);
	return METHOD_DONE;
}

const struct method method_status = {
    .name = "status",
    .call = call,
    .params = "",
    .summary = "how the daemon is, and what it serves",
};

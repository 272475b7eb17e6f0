/* method-status.c - status() - how the daemon is, and what it serves. */
#include "config.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/pack.h"
#include "methods/method.h"
#include "store/store.h"

static void pack_model(msgpack_packer *reply, const struct served *served, const struct conf *conf)
{
	const struct model *model = served->model;
	const struct animed_factors *factors = &model->file.factors;

	(void)msgpack_pack_map(reply, 12);
	pack_uint(reply, "version", model->version);
	pack_str(reply, "path", model->path);
	pack_str(reply, "variant", model->file.variant);
	pack_uint(reply, "factors", factors->k);
	pack_uint(reply, "users", factors->n_users);
	pack_uint(reply, "items", factors->n_items);
	pack_int_of(reply, "ratings", st_metadata(model->file.file, "dataset_ratings"));
	pack_str_or_nil(reply, "created", st_metadata(model->file.file, "created"));
	pack_real_of(reply, "valid_loss", st_metadata(model->file.file, "valid_loss"));
	pack_str(reply, "similarity", conf->similarity.plugin.info->name);
	pack_uint(reply, "neighbours", served->shortlist ? conf->neighbours : 0);
	pack_real(reply, "scan_seconds", model->scan_cost);
}

static void pack_last_reload(msgpack_packer *reply, const struct reload *reload)
{
	if (!reload->ran) {
		(void)msgpack_pack_nil(reply);
		return;
	}
	(void)msgpack_pack_map(reply, 4);
	pack_flag(reply, "ok", reload->last_ok);
	pack_str(reply, "time", reload->last_time);
	pack_str_or_nil(reply, "error", reload->last_ok ? NULL : reload->last_error);
	pack_count(reply, "model", (int64_t)reload->last_version);
}

static void pack_process(msgpack_packer *reply, const struct server *server)
{
	size_t memory = 0;
	unsigned subscribers = 0;

	(void)uv_resident_set_memory(&memory);
	pack_str(reply, "version", PACKAGE_VERSION);
	pack_int(reply, "pid", getpid());
	pack_real(reply, "uptime", clock_seconds(server->started));
	pack_str(reply, "socket", server->conf->socket);
	pack_str_or_nil(reply, "config", server->conf->file);
	pack_uint(reply, "clients", server->clients);
	for (const struct conn *conn = server->conns; conn; conn = conn->next)
		subscribers += !conn->closed && conn->events.wanted != 0;
	pack_uint(reply, "subscribers", subscribers);
	pack_uint(reply, "requests", server->requests);
	pack_uint(reply, "from_lists", server->from_lists);
	pack_uint(reply, "errors", server->errors);
	pack_uint(reply, "memory", memory);
}

static enum method_result act(struct request *request)
{
	msgpack_packer *reply = request->question.reply;
	uint64_t pinned;

	rpc_pack_result(reply, request->question.msgid);
	(void)msgpack_pack_map(reply, 15);
	pack_process(reply, request->server);
	pack_key(reply, "model");
	if (request->question.model)
		pack_model(reply, &request->server->served, request->server->conf);
	else
		(void)msgpack_pack_nil(reply);
	pack_key(reply, "last_reload");
	pack_last_reload(reply, &request->server->reload);
	pack_count(reply, "pinned",
		   store_pinned(request->server->conf->models, &pinned, NULL) == 0 ? (int64_t)pinned : 0);
	pack_key(reply, "retrain");
	retrain_pack_status(reply, request->server);
	return METHOD_DONE;
}

const struct method method_status = {
    .name = "status",
    .act = act,
    .params = "",
    .summary = "how the daemon is, and what it serves",
};

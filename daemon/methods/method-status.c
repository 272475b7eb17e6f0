/* method-status.c - status() - how the daemon is, and what it serves. */
#include "config.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/pack.h"
#include "control/retrain-status.h"
#include "methods/method.h"
#include "query/query.h"

static void pack_name(msgpack_packer *reply, const char *name)
{
	(void)msgpack_pack_str_with_body(reply, name, strlen(name));
}

/* Whether a similarity or ranking of the configuration learns, and the model file has nothing that it has learnt. */
static bool is_missing(const struct model *model, const struct conf_stage *stage)
{
	const char *name = stage->plugin.info ? stage->plugin.info->name : NULL;

	if (!conf_stage_learn(stage))
		return false;
	return stage->plugin.info->kind == ANIMED_RANKING ? model->ranking.ops == NULL
							  : model_measure(model, text_of(name)) == NULL;
}

/* Pack the names of the plugins that have learnt nothing in this model file, whose place others take. */
static void pack_missing(msgpack_packer *reply, const struct model *model, const struct conf *conf)
{
	const struct conf_stage *missing[CONF_SIMILARITIES + 1];
	size_t n = 0;

	for (unsigned i = 0; i < conf->n_similarities; i++) {
		if (is_missing(model, &conf->similarities[i]))
			missing[n++] = &conf->similarities[i];
	}
	if (is_missing(model, &conf->ranking))
		missing[n++] = &conf->ranking;
	pack_array(reply, "missing", n);
	for (size_t i = 0; i < n; i++)
		pack_name(reply, missing[i]->plugin.info->name);
}

static void pack_model(msgpack_packer *reply, const struct served *served, const struct conf *conf)
{
	const struct model *model = served->model;

	if (!model) {
		pack_nil(reply, "model");
		return;
	}
	pack_map(reply, "model", 15);
	pack_uint(reply, "version", model->version);
	pack_str(reply, "path", model->path);
	pack_str(reply, "variant", model->file.variant);
	pack_uint(reply, "factors", model->file.factors.k);
	pack_uint(reply, "users", model->file.factors.n_users);
	pack_uint(reply, "items", model->file.factors.n_items);
	pack_int_of(reply, "ratings", st_metadata(model->file.file, "dataset_ratings"));
	pack_str_or_nil(reply, "created", st_metadata(model->file.file, "created"));
	pack_real_of(reply, "valid_loss", st_metadata(model->file.file, "valid_loss"));
	pack_str(reply, "similarity", model->measures[0].name);
	pack_array(reply, "similarities", model->n_measures);
	for (unsigned i = 0; i < model->n_measures; i++)
		pack_name(reply, model->measures[i].name);
	pack_str(reply, "ranking", model->ranking.name ? model->ranking.name : RANKED_BY_PREDICTION);
	pack_missing(reply, model, conf);
	pack_uint(reply, "neighbours", served->shortlist ? conf->neighbours : 0);
	pack_real(reply, "scan_seconds", model->measures[0].cost);
}

static void pack_last_reload(msgpack_packer *reply, const struct reload *reload)
{
	if (!reload->ran) {
		pack_nil(reply, "last_reload");
		return;
	}
	pack_map(reply, "last_reload", 4);
	pack_flag(reply, "ok", reload->last_ok);
	pack_str(reply, "time", reload->last_time);
	pack_str_or_nil(reply, "error", reload->last_ok ? NULL : reload->last_error);
	pack_count(reply, "model", (int64_t)reload->last_version);
}

static void pack_process(msgpack_packer *reply, const struct service *service)
{
	const struct clients *clients = &service->clients;
	size_t memory = 0;

	(void)uv_resident_set_memory(&memory);
	pack_str(reply, "version", PACKAGE_VERSION);
	pack_int(reply, "pid", getpid());
	pack_real(reply, "uptime", clock_seconds(service->started));
	pack_str(reply, "socket", service->conf->socket);
	pack_str_or_nil(reply, "config", service->conf->file);
	pack_uint(reply, "clients", clients->n);
	pack_uint(reply, "subscribers", clients_subscribed(clients));
	pack_uint(reply, "requests", service->requests);
	pack_uint(reply, "from_lists", service->from_lists);
	pack_uint(reply, "errors", clients->errors);
	pack_uint(reply, "memory", memory);
}

static enum method_result act(struct request *request)
{
	const struct service *service = request->service;
	msgpack_packer *reply = request->question.reply;

	rpc_pack_result(reply, request->question.msgid);
	(void)msgpack_pack_map(reply, 15);
	pack_process(reply, service);
	pack_model(reply, &service->served, service->conf);
	pack_last_reload(reply, &service->reload);
	pack_count(reply, "pinned", (int64_t)service->reload.pinned);
	retrain_pack_status(reply, &service->retrain, &service->schedule);
	return METHOD_DONE;
}

const struct method method_status = {
    .name = "status",
    .act = act,
    .params = "",
    .summary = "how the daemon is, and what it serves",
};

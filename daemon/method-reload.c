/* method-reload.c - reload([options]) - serve the model that the store calls current; answered when that is done. */
#include "config.h"

#include "methods.h"

static int read_options(struct request *request, bool *dry_run)
{
	const msgpack_object *options = request->n_params > 0 ? &request->params[0] : NULL;

	*dry_run = false;
	if (!options || (options->type == MSGPACK_OBJECT_ARRAY && options->via.array.size == 0))
		return 0;
	for (uint32_t i = 0; options->type == MSGPACK_OBJECT_MAP && i < options->via.map.size; i++) {
		const msgpack_object_kv *entry = &options->via.map.ptr[i];
		if (!rpc_str_is(&entry->key, "dry_run") || entry->val.type != MSGPACK_OBJECT_BOOLEAN)
			return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
					"the only option is \"dry_run\", true or false");
		*dry_run = entry->val.via.boolean;
	}
	return options->type == MSGPACK_OBJECT_MAP ? 0
						   : rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
							      "parameter 1, the options, must be a map");
}

static enum method_result call(struct request *request)
{
	struct reload_order order = {.kind = RELOAD_CURRENT, .origin = RELOAD_BY_CLIENT};

	if (read_options(request, &order.dry_run) < 0)
		return METHOD_FAILED;
	return methods_reload(request, &order);
}

const struct method method_reload = {
    .name = "reload",
    .max_params = 1,
    .flags = METHOD_MUTATING,
    .call = call,
    .params = "{dry_run}",
    .summary = "serve the model that the store calls current",
};

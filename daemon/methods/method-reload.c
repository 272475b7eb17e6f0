/* method-reload.c - reload([options]) - serve the model that the store calls current; answered when that is done. */
#include "config.h"

#include "methods/methods.h"
#include "query/params.h"

static int read_dry_run(struct request *request, const msgpack_object *value, const char *what, void *to)
{
	return param_flag(request, value, what, to);
}

static enum method_result call(struct request *request)
{
	static const struct param_option rows[] = {{"dry_run", 1, read_dry_run}};
	struct reload_order order = {.kind = RELOAD_CURRENT, .origin = RELOAD_BY_CLIENT};

	if (param_options(request, 0, rows, 1, 1, &order.dry_run) < 0)
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

/* method-rollback.c - rollback([version]) - make a version current that is in the store, by default the one before. */
#include "config.h"

#include "methods/methods.h"

static enum method_result call(struct request *request)
{
	struct reload_order order = {.kind = RELOAD_BACK, .origin = RELOAD_BY_CLIENT};

	if (methods_version(request, &order.version) < 0)
		return METHOD_FAILED;
	return methods_reload(request, &order);
}

const struct method method_rollback = {
    .name = "rollback",
    .max_params = 1,
    .flags = METHOD_MUTATING,
    .call = call,
    .params = "version",
    .summary = "serve an earlier version",
};

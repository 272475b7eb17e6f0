/* method-pin.c - pin([version]) - serve a version, by default the current one, whatever trainings bring. */
#include "config.h"

#include "methods/methods.h"

static enum method_result call(struct request *request)
{
	struct reload_order order = {.kind = RELOAD_PIN, .origin = RELOAD_BY_CLIENT};

	if (methods_version(request, &order.version) < 0)
		return METHOD_FAILED;
	return methods_reload(request, &order);
}

const struct method method_pin = {
    .name = "pin",
    .max_params = 1,
    .flags = METHOD_MUTATING,
    .call = call,
    .params = "version",
    .summary = "serve a version whatever trainings bring",
};

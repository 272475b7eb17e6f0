/* method-unpin.c - unpin() - let the next training's model be served again. */
#include "config.h"

#include "methods/methods.h"

static enum method_result call(struct request *request)
{
	return methods_reload(request, &(const struct reload_order){.kind = RELOAD_UNPIN, .origin = RELOAD_BY_CLIENT});
}

const struct method method_unpin = {
    .name = "unpin",
    .flags = METHOD_MUTATING,
    .call = call,
    .params = "",
    .summary = "let the next training's model be served again",
};

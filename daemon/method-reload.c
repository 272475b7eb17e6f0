/* method-reload.c - reload() - serve the model that the store calls current; answered when that is done. */
#include "config.h"

#include "methods.h"

static enum method_result call(struct request *request)
{
	if (reload_request(request->server, request->conn, request->msgid) < 0) {
		(void)rpc_fail(&request->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory");
		return METHOD_FAILED;
	}
	request->conn->in_flight++;
	return METHOD_LATER;
}

const struct method method_reload = {
    .name = "reload",
    .flags = METHOD_MUTATING,
    .call = call,
    .params = "",
    .summary = "serve the model that the store calls current",
};

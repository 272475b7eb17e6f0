/* method-retrain.c - retrain() - train a new model in a child process; answered when that is started. */
#include "config.h"

#include "base/pack.h"
#include "methods/methods.h"

static enum method_result call(struct request *request)
{
	msgpack_packer *reply = request->reply;
	const struct retrain *retrain = &request->server->retrain;

	if (retrain_start(request->server, request->conn, &request->err) < 0)
		return METHOD_FAILED;
	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 2);
	pack_int(reply, "pid", retrain->pid);
	pack_str(reply, "by", retrain->by);
	return METHOD_DONE;
}

const struct method method_retrain = {
    .name = "retrain",
    .flags = METHOD_MUTATING,
    .call = call,
    .params = "",
    .summary = "train a new model in the background",
};

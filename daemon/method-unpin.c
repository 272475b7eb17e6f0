/* method-unpin.c - unpin() - let the next training's model be served again. */
#include "config.h"

#include "log.h"
#include "methods.h"
#include "reply.h"
#include "store.h"

static enum method_result call(struct request *request)
{
	msgpack_packer *reply = request->reply;
	struct animed_error err;
	uint64_t pinned;

	/* short enough for the loop: a link is removed */
	if (store_unpin(request->server->conf->models, &pinned, &err) < 0) {
		(void)rpc_fail(&request->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", err.text);
		return METHOD_FAILED;
	}
	if (pinned)
		log_write(ANIMED_INFO, "model %llu is not pinned any more", (unsigned long long)pinned);
	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 2);
	reply_key(reply, "model");
	reply_count(reply, request->model ? (int64_t)request->model->version : 0);
	reply_key(reply, "unpinned");
	reply_count(reply, (int64_t)pinned);
	return METHOD_DONE;
}

const struct method method_unpin = {
    .name = "unpin",
    .flags = METHOD_MUTATING,
    .call = call,
    .params = "",
    .summary = "let the next training's model be served again",
};

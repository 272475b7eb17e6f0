/* method-hello.c - hello([about]) - greet a client: the protocol, the daemon's version and its methods. */
#include "config.h"

#include "base/pack.h"
#include "methods/method.h"

static int check_protocol(struct question *question)
{
	const msgpack_object *about = question->n_params ? &question->params[0] : NULL;

	if (!about || (about->type == MSGPACK_OBJECT_ARRAY && about->via.array.size == 0))
		return 0;
	if (about->type != MSGPACK_OBJECT_MAP)
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"parameter 1 must be a map that says client, version and protocol");
	const msgpack_object *protocol = rpc_map_get(about, "protocol");
	if (protocol &&
	    (protocol->type != MSGPACK_OBJECT_POSITIVE_INTEGER || protocol->via.u64 != RPC_PROTOCOL_VERSION))
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"this daemon speaks protocol %d only; use a client of the same version",
				RPC_PROTOCOL_VERSION);
	return 0;
}

static enum method_result act(struct request *request)
{
	const struct model *model = request->question.model;
	msgpack_packer *reply = request->question.reply;
	size_t n = 0;

	if (check_protocol(&request->question) < 0)
		return METHOD_FAILED;
	rpc_pack_result(reply, request->question.msgid);
	(void)msgpack_pack_map(reply, 7);
	pack_int(reply, "protocol", RPC_PROTOCOL_VERSION);
	pack_str(reply, "server", PACKAGE_NAME);
	pack_str(reply, "version", PACKAGE_VERSION);
	while (methods[n])
		n++;
	pack_array(reply, "methods", n);
	for (size_t i = 0; i < n; i++)
		rpc_pack_str(reply, methods[i]->name);
	pack_array(reply, "events", EVENT_N);
	for (int i = 0; i < EVENT_N; i++)
		rpc_pack_str(reply, event_names[i]);
	pack_flag(reply, "permitted", request->conn->trusted);
	pack_count(reply, "model", model ? (int64_t)model->version : 0);
	return METHOD_DONE;
}

const struct method method_hello = {
    .name = "hello",
    .max_params = 1,
    .act = act,
    .params = "{client, version, protocol}",
    .summary = "greet: the protocol, the daemon's version and its methods",
};

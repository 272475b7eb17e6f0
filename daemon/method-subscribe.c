/* method-subscribe.c - subscribe([names]), unsubscribe([names]) - which events this connection is told of. */
#include "config.h"

#include "methods.h"
#include "params.h"
#include "reply.h"

static int find_event(struct request *request, const msgpack_object *name, unsigned *bit)
{
	char known[256], quoted[QUOTE_SIZE];
	size_t used = 0;

	if (name->type != MSGPACK_OBJECT_STR)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"parameter 1 must be an array of names of events");
	for (unsigned i = 0; i < EVENT_N; i++) {
		if (rpc_str_is(name, event_names[i])) {
			*bit = 1u << i;
			return 0;
		}
		used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", event_names[i]);
	}
	text_quote((struct text){name->via.str.ptr, name->via.str.size}, quoted);
	return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS, "there is no event %s; there are %s", quoted,
			known);
}

/* The events that the request names; all where it names none. */
static int read_names(struct request *request, unsigned *bits)
{
	const msgpack_object *names = request->n_params > 0 ? &request->params[0] : NULL;

	*bits = EVENT_ALL;
	if (!names || names->type == MSGPACK_OBJECT_NIL)
		return 0;
	if (names->type != MSGPACK_OBJECT_ARRAY)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"parameter 1 must be an array of names of events");
	*bits = 0;
	for (uint32_t i = 0; i < names->via.array.size; i++) {
		unsigned bit;
		if (find_event(request, &names->via.array.ptr[i], &bit) < 0)
			return -1;
		*bits |= bit;
	}
	return 0;
}

static int take_text(struct request *request, const msgpack_object *object, struct text *out)
{
	enum { MOST = 4096 };

	if (object->type != MSGPACK_OBJECT_STR || object->via.str.size == 0 || object->via.str.size > MOST)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"the option \"as\" must be [method, first], two strings of 1 to %d bytes", MOST);
	*out = (struct text){object->via.str.ptr, object->via.str.size};
	return 0;
}

/* {as: [method, first]}: how to call the client. */
static int read_options(struct request *request)
{
	const msgpack_object *options = request->n_params > 1 ? &request->params[1] : NULL;
	const msgpack_object *as = options ? rpc_map_get(options, "as") : NULL;
	struct text method, first;

	if (!options || (options->type == MSGPACK_OBJECT_ARRAY && options->via.array.size == 0) ||
	    (options->type == MSGPACK_OBJECT_MAP && options->via.map.size == 0))
		return 0;
	if (!as || options->via.map.size != 1 || as->type != MSGPACK_OBJECT_ARRAY || as->via.array.size != 2)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"the only option is \"as\", [method, first]");
	if (take_text(request, &as->via.array.ptr[0], &method) < 0 ||
	    take_text(request, &as->via.array.ptr[1], &first) < 0)
		return -1;
	return events_call(&request->conn->events, method, first) < 0
		   ? rpc_fail(&request->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory")
		   : 0;
}

static enum method_result answer(struct request *request, unsigned wanted)
{
	msgpack_packer *reply = request->reply;

	request->conn->events.wanted = wanted;
	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 1);
	reply_key(reply, "events");
	(void)msgpack_pack_array(reply, (size_t)__builtin_popcount(wanted));
	for (unsigned i = 0; i < EVENT_N; i++) {
		if (wanted & (1u << i))
			rpc_pack_str(reply, event_names[i]);
	}
	return METHOD_DONE;
}

static enum method_result subscribe(struct request *request)
{
	unsigned bits;

	if (read_names(request, &bits) < 0 || read_options(request) < 0)
		return METHOD_FAILED;
	return answer(request, request->conn->events.wanted | bits);
}

static enum method_result unsubscribe(struct request *request)
{
	unsigned bits;

	return read_names(request, &bits) < 0 ? METHOD_FAILED : answer(request, request->conn->events.wanted & ~bits);
}

const struct method method_subscribe = {
    .name = "subscribe",
    .max_params = 2,
    .call = subscribe,
    .params = "[event...], {as}",
    .summary = "be told of events",
};

const struct method method_unsubscribe = {
    .name = "unsubscribe",
    .max_params = 1,
    .call = unsubscribe,
    .params = "[event...]",
    .summary = "be told of them no more",
};

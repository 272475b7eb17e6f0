/* methods.c - the table of methods, and the way of a request to its handler. */
#include "config.h"

#include "methods/methods.h"

#include <string.h>
#include <unistd.h>

#include "methods/job.h"
#include "query/params.h"

const struct method *const methods[] = {
    &method_cancel,    &method_cult,   &method_hello,     &method_models,   &method_pin,         &method_predict,
    &method_recommend, &method_reload, &method_retrain,   &method_rollback, &method_search,      &method_show,
    &method_similar,   &method_status, &method_subscribe, &method_unpin,    &method_unsubscribe, NULL,
};

int methods_version(struct request *request, uint64_t *version)
{
	const msgpack_object *number = request->n_params > 0 ? &request->params[0] : NULL;
	int64_t given;

	*version = 0;
	if (!number || number->type == MSGPACK_OBJECT_NIL)
		return 0;
	if (param_integer(request, number, "parameter 1, the version,", 1, INT64_MAX, &given) < 0)
		return -1;
	*version = (uint64_t)given;
	return 0;
}

enum method_result methods_reload(struct request *request, const struct reload_order *order)
{
	if (reload_request(request->server, order, request->conn, request->msgid) == 0)
		return METHOD_LATER;
	(void)request_out_of_memory(request);
	return METHOD_FAILED;
}

static int find_method(const msgpack_object *name, const struct method **out, struct rpc_error *err)
{
	char known[512], quoted[QUOTE_SIZE];
	size_t used = 0;

	for (const struct method *const *m = methods; *m; m++) {
		if (rpc_str_is(name, (*m)->name)) {
			*out = *m;
			return 0;
		}
	}
	known[0] = '\0';
	for (const struct method *const *m = methods; *m && used < sizeof known; m++)
		used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", (*m)->name);
	text_quote((struct text){name->via.str.ptr, name->via.str.size}, quoted);
	return rpc_fail(err, RPC_REQUEST_ERROR, RPC_UNKNOWN_METHOD, "there is no method %s; there are %s", quoted,
			known);
}

static int check_call(const struct method *method, struct request *request)
{
	const char *group = request->server->conf->group;

	if ((method->flags & METHOD_MUTATING) && !request->conn->trusted)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_NOT_PERMITTED,
				"%s is for the daemon's own user (uid %u), root%s%s, not for uid %u", method->name,
				(unsigned)geteuid(),
				*group ? " and the group " : " and, where access.group names one, a group", group,
				(unsigned)request->conn->uid);
	if (request->n_params < method->min_params || request->n_params > method->max_params)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"%s takes (%s), %u to %u parameters; there are %u", method->name, method->params,
				method->min_params, method->max_params, (unsigned)request->n_params);
	if ((method->flags & METHOD_MODEL) && !request->model)
		return rpc_fail(&request->err, RPC_DAEMON_ERROR, RPC_NO_MODEL,
				"no model is loaded; make one with `animed train`, then reload");
	return 0;
}

/* Answer at once, or have a thread of the pool do it, so that the next client need not wait. */
static enum method_result call(const struct method *method, struct request *request)
{
	const bool work = (method->flags & METHOD_WORK) && method->cost(request) > request->conf->inline_cost;

	if (!work)
		return method->call(request);
	if (job_start(request, method) == 0)
		return METHOD_LATER;
	(void)request_out_of_memory(request);
	return METHOD_FAILED;
}

void methods_call(struct conn *conn, const struct rpc_message *message)
{
	struct server *server = conn->server;
	const size_t before = conn->out.size;
	const struct method *method = NULL;
	enum method_result result = METHOD_FAILED;
	struct request request = {
	    .server = server,
	    .conn = conn,
	    .conf = server->conf,
	    .model = server->model,
	    .msgid = message->msgid,
	    .params = message->params.via.array.ptr,
	    .n_params = message->params.via.array.size,
	    .reply = &conn->packer,
	};

	server->requests++;
	if (find_method(&message->method, &method, &request.err) == 0 && check_call(method, &request) == 0)
		result = call(method, &request);
	if (result == METHOD_FAILED) {
		conn->out.size = before;
		server->errors++;
		rpc_pack_error(&conn->packer, message->msgid, &request.err);
	}
}

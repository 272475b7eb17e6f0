/* methods.c - the table of methods, and the functions that connections call to run them. */
#include "config.h"

#include "methods/methods.h"

#include <string.h>
#include <unistd.h>

#include "methods/job.h"
#include "query/quick.h"

const struct method *const methods[] = {
    &method_cancel, &method_compare,     &method_cult,
    &method_hello,  &method_models,      &method_next,
    &method_pin,    &method_predict,     &method_recommend,
    &method_reload, &method_retrain,     &method_rollback,
    &method_search, &method_show,        &method_similar,
    &method_status, &method_subscribe,   &method_taste,
    &method_unpin,  &method_unsubscribe, NULL,
};

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
	struct question *question = &request->question;
	const char *group = question->conf->group;

	if (method->mutating && !request->conn->trusted)
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_NOT_PERMITTED,
				"%s is for the daemon's own user (uid %u), root%s%s, not for uid %u", method->name,
				(unsigned)geteuid(),
				*group ? " and the group " : " and, where access.group names one, a group", group,
				(unsigned)request->conn->uid);
	if (question->n_params < method->min_params || question->n_params > method->max_params)
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"%s takes (%s), %u to %u parameters; there are %u", method->name, method->params,
				method->min_params, method->max_params, (unsigned)question->n_params);
	if (method->ask && !question->model)
		return rpc_fail(&question->err, RPC_DAEMON_ERROR, RPC_NO_MODEL,
				"no model is loaded; make one with `animed train`, then reload");
	return 0;
}

/* Answer at once or, where that takes long, in a thread of the pool, so that other clients need not wait. */
static enum method_result call(const struct method *method, struct request *request, const struct message *message)
{
	struct question *question = &request->question;

	if (method->act)
		return method->act(request);
	if (method->cost(question) <= question->conf->inline_us * 1e-6)
		return method->ask(question) == 0 ? METHOD_DONE : METHOD_FAILED;
	if (job_start(request, method, message) == 0)
		return METHOD_LATER;
	(void)question_out_of_memory(question);
	return METHOD_FAILED;
}

static void on_call(struct conn *conn, const struct message *message)
{
	struct service *service = conn->clients->owner;
	const size_t before = conn->out.bytes.size;
	const struct method *method = NULL;
	enum method_result result = METHOD_FAILED;
	struct request request = {
	    .question = {.conf = service->conf,
			 .model = service->served.model,
			 .msgid = message->rpc.msgid,
			 .params = message->rpc.params.via.array.ptr,
			 .n_params = message->rpc.params.via.array.size,
			 .reply = &conn->out.packer},
	    .service = service,
	    .conn = conn,
	};

	service->requests++;
	if (find_method(&message->rpc.method, &method, &request.question.err) == 0 && check_call(method, &request) == 0)
		result = call(method, &request, message);
	if (result == METHOD_FAILED) {
		packed_cut(&conn->out, before);
		conn->clients->errors++;
		rpc_pack_error(&conn->out.packer, message->rpc.msgid, &request.question.err);
	}
}

static size_t on_quick(struct conn *conn, const char *bytes, size_t size)
{
	struct service *service = conn->clients->owner;
	const struct shortlist *shortlist = service->served.shortlist;
	const size_t used = shortlist ? quick_answer(shortlist, service->conf, bytes, size, &conn->out.bytes) : 0;

	service->requests += used > 0;
	service->from_lists += used > 0;
	return used;
}

static void on_closing(struct conn *conn)
{
	jobs_cancel(conn->clients->owner, conn->id);
}

const struct conn_calls methods_conn_calls = {on_quick, on_call, on_closing};

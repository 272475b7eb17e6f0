/* method-reload.c - reload([options]), rollback([version]), pin([version]), unpin() - change which version is served;
 * answered when that is done. */
#include "config.h"

#include "methods/method.h"
#include "query/params.h"

static enum method_result give_order(struct request *request, const struct reload_order *order)
{
	if (reload_request(&request->service->reload, order, request->conn, request->question.msgid) == 0)
		return METHOD_LATER;
	(void)question_out_of_memory(&request->question);
	return METHOD_FAILED;
}

static int read_dry_run(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	return param_flag(question, value, what, to);
}

static enum method_result reload(struct request *request)
{
	static const struct param_option rows[] = {{"dry_run", 1, read_dry_run}};
	struct reload_order order = {.kind = RELOAD_CURRENT, .origin = RELOAD_BY_CLIENT};

	if (param_options(&request->question, 0, rows, 1, 1, &order.dry_run) < 0)
		return METHOD_FAILED;
	return give_order(request, &order);
}

/* Give an order for the version that the first parameter names.  Where it names none the version is 0, for which enum
 * reload_kind has a meaning. */
static enum method_result order_version(struct request *request, enum reload_kind kind)
{
	struct question *question = &request->question;
	const msgpack_object *number = question->n_params > 0 ? &question->params[0] : NULL;
	int64_t version = 0;

	if (number && number->type != MSGPACK_OBJECT_NIL &&
	    param_integer(question, number, "parameter 1, the version,", 1, INT64_MAX, &version) < 0)
		return METHOD_FAILED;
	return give_order(request, &(const struct reload_order){
				       .kind = kind, .origin = RELOAD_BY_CLIENT, .version = (uint64_t)version});
}

static enum method_result rollback(struct request *request)
{
	return order_version(request, RELOAD_BACK);
}

static enum method_result pin(struct request *request)
{
	return order_version(request, RELOAD_PIN);
}

static enum method_result unpin(struct request *request)
{
	return give_order(request, &(const struct reload_order){.kind = RELOAD_UNPIN, .origin = RELOAD_BY_CLIENT});
}

const struct method method_reload = {
    .name = "reload",
    .max_params = 1,
    .mutating = true,
    .act = reload,
    .params = "{dry_run}",
    .summary = "serve the model that the store calls current",
};

const struct method method_rollback = {
    .name = "rollback",
    .max_params = 1,
    .mutating = true,
    .act = rollback,
    .params = "version",
    .summary = "serve an earlier version",
};

const struct method method_pin = {
    .name = "pin",
    .max_params = 1,
    .mutating = true,
    .act = pin,
    .params = "version",
    .summary = "serve a version whatever trainings bring",
};

const struct method method_unpin = {
    .name = "unpin",
    .mutating = true,
    .act = unpin,
    .params = "",
    .summary = "let the next training's model be served again",
};

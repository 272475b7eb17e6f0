/* method-subscribe.c - subscribe([names]), unsubscribe([names]) - which events this connection is told of. */
#include "config.h"

#include "base/pack.h"
#include "methods/method.h"
#include "query/params.h"

static int find_event(struct question *question, const msgpack_object *name, unsigned *bit)
{
	char known[256], quoted[QUOTE_SIZE];
	size_t used = 0;
	struct text text;

	if (!param_bytes(name, &text))
		return question_refuse(question, "parameter 1 must be an array of names of events");
	for (unsigned i = 0; i < EVENT_N; i++) {
		if (rpc_str_is(name, event_names[i])) {
			*bit = 1u << i;
			return 0;
		}
		used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", event_names[i]);
	}
	text_quote(text, quoted);
	return question_refuse(question, "there is no event %s; there are %s", quoted, known);
}

/* Read which events the request names, as bits.  Without names they are all events. */
static int read_names(struct question *question, unsigned *bits)
{
	const msgpack_object *names = question->n_params > 0 ? &question->params[0] : NULL;

	*bits = EVENT_ALL;
	if (!names || names->type == MSGPACK_OBJECT_NIL ||
	    (names->type == MSGPACK_OBJECT_ARRAY && names->via.array.size == 0))
		return 0;
	if (names->type != MSGPACK_OBJECT_ARRAY)
		return question_refuse(question, "parameter 1 must be an array of names of events");
	*bits = 0;
	for (uint32_t i = 0; i < names->via.array.size; i++) {
		unsigned bit;
		if (find_event(question, &names->via.array.ptr[i], &bit) < 0)
			return -1;
		*bits |= bit;
	}
	return 0;
}

/* Read the option {as: [method, first]}, which says how to call the client. */
static int read_as(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct text parts[2];

	if (value->type != MSGPACK_OBJECT_ARRAY || value->via.array.size != 2)
		return question_refuse(question, "%s must be [method, first]", what);
	for (int i = 0; i < 2; i++) {
		if (param_text(question, &value->via.array.ptr[i], "a part of the option \"as\"", &parts[i]) < 0)
			return -1;
	}
	return subscription_call(to, parts[0], parts[1]) < 0 ? question_out_of_memory(question) : 0;
}

static enum method_result answer(struct request *request, unsigned wanted)
{
	msgpack_packer *reply = request->question.reply;

	request->conn->events.wanted = wanted;
	rpc_pack_result(reply, request->question.msgid);
	(void)msgpack_pack_map(reply, 1);
	pack_array(reply, "events", (size_t)__builtin_popcount(wanted));
	for (unsigned i = 0; i < EVENT_N; i++) {
		if (wanted & (1u << i))
			rpc_pack_str(reply, event_names[i]);
	}
	return METHOD_DONE;
}

static enum method_result subscribe(struct request *request)
{
	static const struct param_option rows[] = {{"as", 1, read_as}};
	unsigned bits;

	if (read_names(&request->question, &bits) < 0 ||
	    param_options(&request->question, 1, rows, 1, 1, &request->conn->events) < 0)
		return METHOD_FAILED;
	return answer(request, request->conn->events.wanted | bits);
}

static enum method_result unsubscribe(struct request *request)
{
	unsigned bits;

	return read_names(&request->question, &bits) < 0 ? METHOD_FAILED
							 : answer(request, request->conn->events.wanted & ~bits);
}

const struct method method_subscribe = {
    .name = "subscribe",
    .max_params = 2,
    .act = subscribe,
    .params = "[event...], {as}",
    .summary = "be told of events",
};

const struct method method_unsubscribe = {
    .name = "unsubscribe",
    .max_params = 1,
    .act = unsubscribe,
    .params = "[event...]",
    .summary = "be told of them no more",
};

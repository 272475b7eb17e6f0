/* method-predict.c - predict(user, title or id) - the score that a user of the training data would give a show. */
#include "config.h"

#include <inttypes.h>

#include "methods.h"
#include "params.h"
#include "reply.h"

/* Names that look like numbers come as numbers from languages that guess; `number` has room for one in decimal. */
static int read_user(struct request *request, char number[32], struct text *name)
{
	const msgpack_object *object = &request->params[0];
	int length;

	if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
		length = snprintf(number, 32, "%" PRIu64, object->via.u64);
	else if (object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
		length = snprintf(number, 32, "%" PRId64, object->via.i64);
	else
		return param_text(request, 0, "user", name);
	*name = (struct text){number, (size_t)length};
	return 0;
}

static enum method_result call(struct request *request)
{
	const struct model *model = request->model;
	msgpack_packer *reply = request->reply;
	char number[32], quoted[QUOTE_SIZE];
	struct named_item named;
	struct text name;

	if (read_user(request, number, &name) < 0 || param_item(request, 1, &named) < 0)
		return METHOD_FAILED;
	uint32_t user = model_find_user(model, name.bytes, name.length);
	if (user == UINT32_MAX) {
		text_quote(name, quoted);
		(void)rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_USER,
			       "the model knows no user %s; only users of its training data can be predicted", quoted);
		return METHOD_FAILED;
	}
	if (!model_rated(model, named.item)) {
		text_quote(strings_at(&model->file.catalogue.titles, named.item), quoted);
		(void)rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_NO_RATINGS,
			       "nobody has rated %s, so no score can be predicted", quoted);
		return METHOD_FAILED;
	}
	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 5);
	reply_key(reply, "model");
	(void)msgpack_pack_uint64(reply, model->version);
	reply_key(reply, "user");
	reply_text(reply, name);
	reply_key(reply, "item");
	reply_item_map(reply, &model->file.catalogue, named.item);
	reply_key(reply, "matched");
	rpc_pack_str(reply, named.matched);
	reply_key(reply, "score");
	(void)msgpack_pack_double(reply, (double)model->model->predict(&model->file.factors, user, named.item));
	return METHOD_DONE;
}

const struct method method_predict = {
    .name = "predict",
    .min_params = 2,
    .max_params = 2,
    .flags = METHOD_MODEL,
    .call = call,
    .params = "user, title or id",
    .summary = "the score that a user would give a show",
};

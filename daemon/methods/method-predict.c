/* method-predict.c - predict(user, title or id) - the score that a user of the training data would give a show. */
#include "config.h"

#include "base/pack.h"
#include "methods/methods.h"
#include "query/params.h"
#include "query/reply.h"

static enum method_result call(struct request *request)
{
	const struct model *model = request->model;
	msgpack_packer *reply = request->reply;
	char number[PARAM_NUMBER], quoted[QUOTE_SIZE];
	struct named_item named;
	struct text name;
	uint32_t user;

	if (param_user(request, &request->params[0], "parameter 1, the user,", number, &name, &user) < 0 ||
	    param_item(request, &request->params[1], "parameter 2", &named) < 0)
		return METHOD_FAILED;
	if (!model_rated(model, named.item)) {
		text_quote(strings_at(&model->file.catalogue.titles, named.item), quoted);
		(void)rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_NO_RATINGS,
			       "nobody has rated %s, so no score can be predicted", quoted);
		return METHOD_FAILED;
	}
	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 5);
	pack_uint(reply, "model", model->version);
	pack_text(reply, "user", name);
	pack_key(reply, "item");
	reply_item_map(reply, &model->file.catalogue, named.item);
	pack_str(reply, "matched", named.matched);
	pack_real(reply, "score", (double)model->model->predict(&model->file.factors, user, named.item));
	return METHOD_DONE;
}

static double cost(const struct request *request)
{
	return param_item_cost(request, &request->params[1]);
}

const struct method method_predict = {
    .name = "predict",
    .min_params = 2,
    .max_params = 2,
    .flags = METHOD_MODEL | METHOD_WORK,
    .call = call,
    .cost = cost,
    .params = "user, title or id",
    .summary = "the score that a user would give a show",
};

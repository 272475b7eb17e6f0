/* method-predict.c - predict(user, title or id) - the score that a user of the training data would give a show. */
#include "config.h"

#include "base/pack.h"
#include "methods/method.h"
#include "query/params.h"
#include "query/reply.h"

static int ask(struct question *question)
{
	const struct model *model = question->model;
	msgpack_packer *reply = question->reply;
	char number[PARAM_NUMBER], quoted[QUOTE_SIZE];
	struct named_item named;
	struct text name;
	uint32_t user;

	if (param_user(question, &question->params[0], "parameter 1, the user,", number, &name, &user) < 0 ||
	    param_item(question, &question->params[1], "the title", &named) < 0)
		return -1;
	if (!model_rated(model, named.item)) {
		text_quote(strings_at(&model->file.catalogue.titles, named.item), quoted);
		(void)rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_NO_RATINGS,
			       "nobody has rated %s, so no score can be predicted", quoted);
		return -1;
	}
	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, 5);
	pack_uint(reply, "model", model->version);
	pack_text(reply, "user", name);
	pack_key(reply, "item");
	reply_item_map(reply, &model->file.catalogue, named.item);
	pack_str(reply, "matched", named.matched);
	pack_real(reply, "score", (double)model->model->predict(&model->file.factors, user, named.item));
	return 0;
}

static double cost(struct question *question)
{
	return param_item_cost(question, &question->params[1]);
}

const struct method method_predict = {
    .name = "predict",
    .min_params = 2,
    .max_params = 2,
    .ask = ask,
    .cost = cost,
    .params = "user, title or id",
    .summary = "the score that a user would give a show",
};

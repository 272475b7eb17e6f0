/* method-cult.c - cult([options]) - shows that few people know, and that these people love. */
#include "config.h"

#include "base/pack.h"
#include "methods/method.h"
#include "query/query.h"

static void pack(struct question *question, const struct query *query, const struct query_result *result)
{
	msgpack_packer *reply = question->reply;

	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, 2 + query_common_entries(query, result));
	pack_uint(reply, "model", question->model->version);
	pack_flag(reply, "devotion", question->model->traits.cult.favourites);
	query_pack_common(question, query, result, NULL);
}

static int ask(struct question *question)
{
	struct query_result result = {0};
	struct query query;
	int status = query_read_options(question, 0, QUERY_CULT, &query);

	if (status == 0 && !question->model->traits.cult.values)
		status =
		    rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_NO_RATINGS,
			     "the model has neither its ratings nor the number and mean of the ratings of each show");
	if (status == 0)
		status = query_run(question, &query, &result);
	if (status == 0)
		pack(question, &query, &result);
	query_result_free(&result);
	query_free(&query);
	return status;
}

static double cost(struct question *question)
{
	return query_cost(question, QUERY_CULT);
}

const struct method method_cult = {
    .name = "cult",
    .max_params = 1,
    .ask = ask,
    .cost = cost,
    .params = "{limit, min_ratings, genre, ...}",
    .summary = "shows that few know and those love",
};

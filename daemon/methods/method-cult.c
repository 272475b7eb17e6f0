/* method-cult.c - cult([options]) - shows that few know and those love. */
#include "config.h"

#include "base/pack.h"
#include "query/query.h"

static void pack(struct request *request, const struct query *query, const struct query_result *result)
{
	msgpack_packer *reply = request->reply;

	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 2 + query_common_entries(query, result));
	pack_uint(reply, "model", request->model->version);
	pack_flag(reply, "devotion", request->model->traits.devotion);
	query_pack_common(request, query, result, NULL);
}

static enum method_result call(struct request *request)
{
	struct query_result result = {0};
	struct query query;
	int status = query_read_options(request, 0, QUERY_CULT, &query);

	if (status == 0 && !request->model->traits.cult)
		status = rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_NO_RATINGS,
				  "the model does not know the number and mean of the ratings of a show");
	if (status == 0)
		status = query_run(request, &query, &result);
	if (status == 0)
		pack(request, &query, &result);
	query_result_free(&result);
	query_free(&query);
	return status == 0 ? METHOD_DONE : METHOD_FAILED;
}

/* No vectors, but all items. */
static double cost(const struct request *request)
{
	return request->model->scan_cost;
}

const struct method method_cult = {
    .name = "cult",
    .max_params = 1,
    .flags = METHOD_MODEL | METHOD_WORK,
    .call = call,
    .cost = cost,
    .params = "{limit, min_ratings, genre, ...}",
    .summary = "shows that few know and those love",
};

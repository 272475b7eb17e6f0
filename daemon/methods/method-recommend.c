/* method-recommend.c - recommend(user or [[show, score], ...], [options]) - the shows that a user would score highest.
 */
#include "config.h"

#include "base/pack.h"
#include "query/query.h"

static void pack(struct request *request, const struct query *query, const struct query_result *result,
		 struct text user)
{
	msgpack_packer *reply = request->reply;
	const bool known = query->user != UINT32_MAX;

	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 3 + query_common_entries(query, result));
	pack_uint(reply, "model", request->model->version);
	if (known) {
		pack_text(reply, "user", user);
	} else {
		pack_key(reply, "ratings");
		query_pack_terms(request, query);
	}
	if (result->seen_known)
		pack_uint(reply, "seen", result->seen);
	else
		pack_nil(reply, "seen");
	query_pack_common(request, query, result, NULL);
}

/* A list is of ratings; anything else names a user. */
static int read_whose(struct request *request, struct query *query, char number[PARAM_NUMBER], struct text *user)
{
	const msgpack_object *whose = &request->params[0];

	if (whose->type == MSGPACK_OBJECT_ARRAY)
		return query_read_terms(request, 0, query);
	return param_user(request, whose, "parameter 1, the user,", number, user, &query->user);
}

static enum method_result call(struct request *request)
{
	struct query_result result = {0};
	char number[PARAM_NUMBER];
	struct text user = {"", 0};
	struct query query;
	int status = query_read_options(request, 1, QUERY_RECOMMEND, &query);

	if (status == 0)
		status = read_whose(request, &query, number, &user);
	if (status == 0)
		status = query_run(request, &query, &result);
	if (status == 0)
		pack(request, &query, &result, user);
	query_result_free(&result);
	query_free(&query);
	return status == 0 ? METHOD_DONE : METHOD_FAILED;
}

const struct method method_recommend = {
    .name = "recommend",
    .min_params = 1,
    .max_params = 2,
    .flags = METHOD_MODEL | METHOD_WORK,
    .call = call,
    .cost = query_cost,
    .params = "user or [[show, score], ...], {limit, min_ratings, genre, ...}",
    .summary = "the shows that a user would score highest",
};

/* method-recommend.c - recommend(user or a list of entries, [options]) - what somebody should watch next. */
#include "config.h"

#include "base/pack.h"
#include "methods/method.h"
#include "query/query.h"

static void pack(struct question *question, const struct query *query, const struct query_result *result,
		 struct text user, const struct explainer *explainer)
{
	msgpack_packer *reply = question->reply;
	const bool known = query->user != UINT32_MAX, used = !known && query->person.entries.maps;

	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, 3U + (used ? ENTRIES_REPLY : 1U) + (query->with ? 1U : 0U) +
					  query_common_entries(query, result));
	pack_uint(reply, "model", question->model->version);
	if (known) {
		pack_text(reply, "user", user);
	} else if (used) {
		entries_pack(question, &query->person.entries);
	} else {
		pack_key(reply, "ratings");
		query_pack_terms(question, query, query->person.terms, query->person.n_terms);
	}
	if (query->with) {
		pack_map(reply, "with", ENTRIES_REPLY);
		entries_pack(question, &query->other.entries);
	}
	if (result->seen_known)
		pack_uint(reply, "seen", result->seen);
	else
		pack_nil(reply, "seen");
	pack_str(reply, "by", result->by);
	query_pack_common(question, query, result, explainer);
}

/* Pack the answer, with explanations where they were asked for. */
static int reply(struct question *question, const struct query *query, const struct query_result *result,
		 struct text user)
{
	struct explainer *explainer = NULL;

	if (query->explain) {
		explainer = explain_open(question, query, result);
		if (!explainer)
			return question_out_of_memory(question);
	}
	pack(question, query, result, user, explainer);
	explain_close(explainer);
	return 0;
}

/* Read parameter 1: a list of entries, or the name of a user, which goes to *user. */
static int read_whose(struct question *question, struct query *query, char number[PARAM_NUMBER], struct text *user)
{
	const msgpack_object *whose = &question->params[0];

	if (whose->type == MSGPACK_OBJECT_ARRAY)
		return query_read_list(question, 0, query);
	if (query_check_user(question, query) < 0)
		return -1;
	return param_user(question, whose, "parameter 1, the user,", number, user, &query->user);
}

static int ask(struct question *question)
{
	struct query_result result = {0};
	char number[PARAM_NUMBER];
	struct text user = {"", 0};
	struct query query;
	int status = query_read_options(question, 1, QUERY_RECOMMEND, &query);

	if (status == 0)
		status = read_whose(question, &query, number, &user);
	if (status == 0)
		status = query_run(question, &query, &result);
	if (status == 0)
		status = reply(question, &query, &result, user);
	query_result_free(&result);
	query_free(&query);
	return status;
}

static double cost(struct question *question)
{
	return query_cost(question, QUERY_RECOMMEND);
}

const struct method method_recommend = {
    .name = "recommend",
    .min_params = 1,
    .max_params = 2,
    .ask = ask,
    .cost = cost,
    .params = "user or list, {limit, min_ratings, genre, ...}",
    .summary = "what somebody should watch next",
};

/* method-similar.c - similar(title or id or a list of them, [options]) - the shows most similar to one, or to
 * several. */
#include "config.h"

#include "base/pack.h"
#include "methods/method.h"
#include "query/query.h"
#include "query/reply.h"

/* Returns how much is known of the show that was asked about, or of the least known of those that lead towards the
 * answer. */
static const char *evidence(const struct question *question, const struct query *query)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	uint32_t least = query->terms[0].item;

	for (size_t t = 1; catalogue->counts && t < query->n_terms; t++) {
		const uint32_t item = query->terms[t].item;
		if (query->terms[t].weight > 0 && catalogue->counts[item] < catalogue->counts[least])
			least = item;
	}
	return reply_evidence(catalogue, least);
}

static void pack(struct question *question, const struct query *query, const struct query_result *result,
		 const struct explainer *explainer)
{
	msgpack_packer *reply = question->reply;

	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, (query->single ? 5 : 4) + query_common_entries(query, result));
	pack_uint(reply, "model", question->model->version);
	if (query->single) {
		pack_key(reply, "item");
		reply_item_map(reply, &question->model->file.catalogue, query->terms[0].item);
		pack_str(reply, "matched", query->terms[0].matched);
	} else {
		pack_key(reply, "terms");
		query_pack_terms(question, query, query->terms, query->n_terms);
	}
	pack_str(reply, "by", result->by);
	pack_str_or_nil(reply, "evidence", evidence(question, query));
	query_pack_common(question, query, result, explainer);
}

/* Pack the answer, with explanations where they were asked for. */
static int reply(struct question *question, const struct query *query, const struct query_result *result)
{
	struct explainer *explainer = NULL;

	if (query->explain) {
		explainer = explain_open(question, query, result);
		if (!explainer)
			return question_out_of_memory(question);
	}
	pack(question, query, result, explainer);
	explain_close(explainer);
	return 0;
}

static int ask(struct question *question)
{
	struct query_result result = {0};
	struct query query;
	int status = query_read_options(question, 1, QUERY_SIMILAR, &query);

	if (status == 0)
		status = query_read_terms(question, 0, &query);
	if (status == 0)
		status = query_run(question, &query, &result);
	if (status == 0)
		status = reply(question, &query, &result);
	query_result_free(&result);
	query_free(&query);
	return status;
}

static double cost(struct question *question)
{
	return query_cost(question, QUERY_SIMILAR);
}

const struct method method_similar = {
    .name = "similar",
    .min_params = 1,
    .max_params = 2,
    .ask = ask,
    .cost = cost,
    .params = "show or [show, [show, weight], ...], {limit, min_ratings, genre, ...}",
    .summary = "the shows most similar to one, or to several",
};

/* method-search.c - search(text, [options]) - the shows whose titles match a text. */
#include "config.h"

#include <stdlib.h>

#include "base/pack.h"
#include "methods/method.h"
#include "query/query.h"
#include "query/reply.h"

static void pack(struct question *question, const struct query *query, const struct lookup_hit *hits, size_t n,
		 const char *way)
{
	msgpack_packer *reply = question->reply;

	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, 3U + query_named_entries(query));
	pack_uint(reply, "model", question->model->version);
	pack_str(reply, "matched", n ? way : "none");
	query_pack_named(question, query);
	pack_array(reply, "items", n);
	for (size_t i = 0; i < n; i++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 1);
		reply_item(reply, &question->model->file.catalogue, hits[i].item);
		pack_real(reply, "match", (double)hits[i].score);
	}
}

static int search(struct question *question, const struct query *query, struct text text)
{
	struct lookup_hit hits[QUERY_MAX_ITEMS];
	enum lookup_way way = LOOKUP_FUZZY;
	uint64_t *mask = NULL;

	if (query->filter.given) {
		mask = filter_mask(question->model, &query->filter, ~0u);
		if (!mask)
			return question_out_of_memory(question);
	}
	size_t n = query->limit;
	const int status = lookup_search(question->model->lookup, text, mask, hits, &n, &way);
	uint32_t item = n == 0 ? param_item_of_id(&question->model->file.catalogue, text) : ANIMED_NO_ITEM;
	if (item != ANIMED_NO_ITEM && mask && !mask_has(mask, item))
		item = ANIMED_NO_ITEM;
	free(mask);
	if (status < 0)
		return question_out_of_memory(question);
	if (item != ANIMED_NO_ITEM)
		hits[n++] = (struct lookup_hit){item, 0};
	pack(question, query, hits, n, item != ANIMED_NO_ITEM ? "id" : lookup_way_name(way));
	return 0;
}

static int ask(struct question *question)
{
	struct query query;
	struct text text;
	int status = param_text(question, &question->params[0], "the text", &text);

	if (status < 0)
		return -1;
	status = query_read_options(question, 1, QUERY_SEARCH, &query);
	if (status == 0)
		status = search(question, &query, text);
	query_free(&query);
	return status;
}

static double cost(struct question *question)
{
	return query_cost(question, QUERY_SEARCH);
}

const struct method method_search = {
    .name = "search",
    .min_params = 1,
    .max_params = 2,
    .ask = ask,
    .cost = cost,
    .params = "text, {limit, min_ratings, genre, ...}",
    .summary = "the shows whose titles match a text",
};

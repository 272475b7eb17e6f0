/* method-search.c - search(text, [options]) - the shows whose titles match a text. */
#include "config.h"

#include <stdlib.h>

#include "base/pack.h"
#include "query/query.h"
#include "query/reply.h"

static void pack(struct request *request, const struct lookup_hit *hits, size_t n, enum lookup_way way)
{
	msgpack_packer *reply = request->reply;

	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 3);
	pack_uint(reply, "model", request->model->version);
	pack_str(reply, "matched", n ? lookup_way_name(way) : "none");
	pack_array(reply, "items", n);
	for (size_t i = 0; i < n; i++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 1);
		reply_item(reply, &request->model->file.catalogue, hits[i].item);
		pack_real(reply, "match", (double)hits[i].score);
	}
}

static int search(struct request *request, const struct query *query, struct text text)
{
	struct lookup_hit hits[QUERY_MAX_ITEMS];
	enum lookup_way way = LOOKUP_FUZZY;
	uint64_t *mask = NULL;

	if (query->filter.given) {
		mask = filter_mask(request->model, &query->filter, ~0u);
		if (!mask)
			return request_out_of_memory(request);
	}
	size_t n = lookup_search(request->model->lookup, text.bytes, text.length, mask, query->limit, hits, &way);
	free(mask);
	pack(request, hits, n, way);
	return 0;
}

static enum method_result call(struct request *request)
{
	struct query query;
	struct text text;
	int status = param_text(request, &request->params[0], "parameter 1, the text,", &text);

	if (status < 0)
		return METHOD_FAILED;
	status = query_read_options(request, 1, QUERY_SEARCH, &query);
	if (status == 0)
		status = search(request, &query, text);
	query_free(&query);
	return status == 0 ? METHOD_DONE : METHOD_FAILED;
}

/* Every title is compared. */
static double cost(const struct request *request)
{
	return lookup_cost(request->model->lookup);
}

const struct method method_search = {
    .name = "search",
    .min_params = 1,
    .max_params = 2,
    .flags = METHOD_MODEL | METHOD_WORK,
    .call = call,
    .cost = cost,
    .params = "text, {limit, min_ratings, genre, ...}",
    .summary = "the shows whose titles match a text",
};

/* method-similar.c - similar(title or id, [options]) - the shows whose vectors point the same way. */
#include "config.h"

#include <stdlib.h>

#include "methods.h"
#include "params.h"
#include "reply.h"

#define MAX_ITEMS 1000

static void pack(struct request *request, const struct named_item *named, const struct animed_hit *hits, size_t n)
{
	const struct catalogue *catalogue = &request->model->file.catalogue;
	msgpack_packer *reply = request->reply;

	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 4);
	reply_key(reply, "model");
	(void)msgpack_pack_uint64(reply, request->model->version);
	reply_key(reply, "item");
	reply_item_map(reply, catalogue, named->item);
	reply_key(reply, "matched");
	rpc_pack_str(reply, named->matched);
	reply_key(reply, "items");
	(void)msgpack_pack_array(reply, n);
	for (size_t i = 0; i < n; i++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 1);
		reply_item(reply, catalogue, hits[i].item);
		reply_key(reply, "similarity");
		(void)msgpack_pack_double(reply, (double)hits[i].score);
	}
}

static enum method_result call(struct request *request)
{
	const struct model *model = request->model;
	const struct conf *conf = request->server->conf;
	struct option options[] = {
	    {"limit", 1, MAX_ITEMS, conf->limit < MAX_ITEMS ? conf->limit : MAX_ITEMS},
	    {"min_ratings", 0, INT64_MAX, conf->min_ratings},
	};
	struct animed_hit hits[MAX_ITEMS];
	struct named_item named;
	uint64_t *own_mask = NULL;

	if (param_options(request, 1, options, 2) < 0 || param_item(request, 0, &named) < 0)
		return METHOD_FAILED;
	if (!model_rated(model, named.item)) {
		char title[QUOTE_SIZE];
		text_quote(strings_at(&model->file.catalogue.titles, named.item), title);
		(void)rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_NO_RATINGS,
			       "nobody has rated %s, so nothing is known to be similar", title);
		return METHOD_FAILED;
	}
	if (options[1].value != conf->min_ratings) {
		own_mask = model_mask(model, options[1].value);
		if (!own_mask) {
			(void)rpc_fail(&request->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory");
			return METHOD_FAILED;
		}
	}
	struct animed_query query = {.item = named.item, .mask = own_mask ? own_mask : model->mask};
	size_t n = model->similarity->top_k(model->index, &query, (size_t)options[0].value, hits);
	free(own_mask);
	pack(request, &named, hits, n);
	return METHOD_DONE;
}

const struct method method_similar = {
    .name = "similar",
    .min_params = 1,
    .max_params = 2,
    .flags = METHOD_MODEL,
    .call = call,
    .params = "title or id, {limit, min_ratings}",
    .summary = "the shows most similar to one",
};

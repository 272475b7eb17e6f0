/* method-search.c - search(text, [options]) - the shows whose titles match a text. */
#include "config.h"

#include "methods.h"
#include "params.h"
#include "reply.h"

#define MAX_ITEMS 1000

static enum method_result call(struct request *request)
{
	const struct catalogue *catalogue = &request->model->file.catalogue;
	const unsigned limit = request->server->conf->limit;
	struct option options[] = {{"limit", 1, MAX_ITEMS, limit < MAX_ITEMS ? limit : MAX_ITEMS}};
	msgpack_packer *reply = request->reply;
	struct lookup_hit hits[MAX_ITEMS];
	enum lookup_way way = LOOKUP_FUZZY;
	struct text text;

	if (param_text(request, 0, "text", &text) < 0 || param_options(request, 1, options, 1) < 0)
		return METHOD_FAILED;
	size_t n = lookup_search(request->model->lookup, text.bytes, text.length, (size_t)options[0].value, hits, &way);
	rpc_pack_result(reply, request->msgid);
	(void)msgpack_pack_map(reply, 3);
	reply_key(reply, "model");
	(void)msgpack_pack_uint64(reply, request->model->version);
	reply_key(reply, "matched");
	rpc_pack_str(reply, n ? lookup_way_name(way) : "none");
	reply_key(reply, "items");
	(void)msgpack_pack_array(reply, n);
	for (size_t i = 0; i < n; i++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 1);
		reply_item(reply, catalogue, hits[i].item);
		reply_key(reply, "match");
		(void)msgpack_pack_double(reply, (double)hits[i].score);
	}
	return METHOD_DONE;
}

const struct method method_search = {
    .name = "search",
    .min_params = 1,
    .max_params = 2,
    .flags = METHOD_MODEL,
    .call = call,
    .params = "text, {limit}",
    .summary = "the shows whose titles match a text",
};

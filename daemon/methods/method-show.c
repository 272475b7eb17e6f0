/* method-show.c - show(title, id or map of ids) - all that is known of a show. */
#include "config.h"

#include <string.h>

#include "base/pack.h"
#include "methods/method.h"
#include "query/entries.h"
#include "query/reply.h"

/* Refuse a map whose show was not found.  Where it has ids that only a file could tell apart, and there is none, say so. */
static int fail_map(struct question *question, const msgpack_object *map)
{
	const msgpack_object *ids = rpc_map_get(map, "ids");
	const bool given = ids && ids->type == MSGPACK_OBJECT_MAP && ids->via.map.size > 0;
	char name[QUOTE_SIZE];

	entries_show_name(map, name);
	return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_TITLE, "there is no show %s%s", name,
			given && question->model->ids.pairs == 0
			    ? "; the daemon knows no ids of other services: set lists.ids in animed.yaml"
			    : "");
}

/* Find the show: by its title or id, or by a map as in a list of entries. */
static int find(struct question *question, struct named_item *named)
{
	const msgpack_object *show = &question->params[0];

	if (show->type != MSGPACK_OBJECT_MAP)
		return param_item(question, show, "the title", named);
	if (entries_read_show(question, show, "the show", named) < 0)
		return -1;
	return named->item == ANIMED_NO_ITEM ? fail_map(question, show) : 0;
}

static int ask(struct question *question)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	msgpack_packer *reply = question->reply;
	struct named_item named;

	if (find(question, &named) < 0)
		return -1;
	const bool exact = strcmp(named.matched, "exact") == 0;
	const uint32_t also = exact ? lookup_also(question->model->lookup, named.typed, named.item) : ANIMED_NO_ITEM;
	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, 3U + (also != ANIMED_NO_ITEM));
	pack_uint(reply, "model", question->model->version);
	pack_str(reply, "matched", named.matched);
	pack_map(reply, "item", REPLY_ITEM_ENTRIES + 7);
	reply_item(reply, catalogue, named.item);
	pack_list(reply, "alt_titles", strings_at(&catalogue->alt_titles, named.item));
	pack_text(reply, "synopsis", strings_at(&catalogue->synopses, named.item));
	pack_list(reply, "tags", strings_at(&catalogue->tags, named.item));
	pack_text_or_nil(reply, "link", strings_at(&catalogue->links, named.item));
	pack_text_or_nil(reply, "picture", strings_at(&catalogue->pictures, named.item));
	pack_count(reply, "episodes", catalogue->episodes ? catalogue->episodes[named.item] : 0);
	pack_count(reply, "members", catalogue->members ? catalogue->members[named.item] : 0);
	if (also != ANIMED_NO_ITEM) {
		pack_key(reply, "also");
		reply_item_map(reply, catalogue, also);
	}
	return 0;
}

static double cost(struct question *question)
{
	return param_item_cost(question, &question->params[0]);
}

const struct method method_show = {
    .name = "show",
    .min_params = 1,
    .max_params = 1,
    .ask = ask,
    .cost = cost,
    .params = "title, id or map of ids",
    .summary = "all that is known of a show",
};

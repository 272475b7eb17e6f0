/* method-next.c - next(list, [options]) - what continues what somebody has finished. */
#include "config.h"

#include "base/pack.h"
#include "methods/method.h"
#include "query/next.h"
#include "query/reply.h"

/* How many further shows of a franchise are told. */
#define MORE_SHOWS 20

static const char *const kinds[] = {[NEXT_AFTER] = "after", [NEXT_BEFORE] = "before", [NEXT_ASIDE] = "aside"};

static void pack_series(struct question *question, const struct next_result *result, const struct next_series *series)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	const struct next_item *items = result->items + series->begin;
	const size_t more = series->n - 1 < MORE_SHOWS ? series->n - 1 : MORE_SHOWS;
	msgpack_packer *reply = question->reply;

	(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 3);
	reply_item(reply, catalogue, items[0].item);
	pack_str(reply, "kind", kinds[items[0].kind]);
	pack_key(reply, "after");
	reply_item_map(reply, catalogue, series->after);
	pack_array(reply, "more", more);
	for (size_t m = 1; m <= more; m++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 1);
		reply_item(reply, catalogue, items[m].item);
		pack_str(reply, "kind", kinds[items[m].kind]);
	}
}

static void pack(struct question *question, const struct query *query, const struct next_result *result)
{
	msgpack_packer *reply = question->reply;
	const size_t n = result->n < query->limit ? result->n : query->limit;

	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, 4U + ENTRIES_REPLY + query_named_entries(query));
	pack_uint(reply, "model", question->model->version);
	entries_pack(question, &query->person.entries);
	pack_uint(reply, "series", result->n);
	pack_uint(reply, "filtered_out", result->filtered_out);
	query_pack_named(question, query);
	pack_array(reply, "items", n);
	for (size_t s = 0; s < n; s++)
		pack_series(question, result, &result->series[s]);
}

static int ask(struct question *question)
{
	struct next_result result = {.n = 0};
	struct query query;
	int status = query_read_options(question, 1, QUERY_NEXT, &query);

	if (status == 0)
		status = query_read_list(question, 0, &query);
	if (status == 0)
		status = next_find(question, &query, &result);
	if (status == 0)
		pack(question, &query, &result);
	next_free(&result);
	query_free(&query);
	return status;
}

static double cost(struct question *question)
{
	return query_cost(question, QUERY_NEXT);
}

const struct method method_next = {
    .name = "next",
    .min_params = 1,
    .max_params = 2,
    .ask = ask,
    .cost = cost,
    .params = "list, {limit, genre, type, ...}",
    .summary = "what continues what somebody has finished",
};

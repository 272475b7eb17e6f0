/* method-compare.c - compare(list, list, [options]) - what two people have in common, and what either should see. */
#include "config.h"

#include <math.h>

#include "base/pack.h"
#include "methods/method.h"
#include "query/compare.h"
#include "query/reply.h"

/* The number of a parameter that no call has. */
#define NO_OPTIONS UINT32_MAX

/* The two people, and what is found of them. */
struct pair {
	struct query of[2];
	struct query_result for_one[2]; /* what the one should see of what the other likes */
	struct comparison comparison;
};

static void pack_shows(struct question *question, const char *key, const struct compare_show *shows, size_t n)
{
	msgpack_packer *reply = question->reply;

	pack_array(reply, key, n);
	for (size_t s = 0; s < n; s++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 1);
		reply_item(reply, &question->model->file.catalogue, shows[s].item);
		pack_array(reply, "scores", 2);
		(void)msgpack_pack_double(reply, (double)shows[s].scores[0]);
		(void)msgpack_pack_double(reply, (double)shows[s].scores[1]);
	}
}

static void pack_for(struct question *question, const struct pair *pair, const char *key, int p)
{
	const struct query_result *result = &pair->for_one[p];
	msgpack_packer *reply = question->reply;

	pack_array(reply, key, result->n);
	for (size_t h = 0; h < result->n; h++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 2);
		reply_item(reply, &question->model->file.catalogue, result->hits[h].item);
		pack_finite(reply, "predicted", (double)result->hits[h].predicted[0]);
		pack_real(reply, "match", query_match(question->model, &pair->of[p], result, result->hits[h].score));
	}
}

static void pack(struct question *question, const struct pair *pair)
{
	const struct comparison *c = &pair->comparison;
	const size_t limit = pair->of[0].limit;
	msgpack_packer *reply = question->reply;

	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, 10);
	pack_uint(reply, "model", question->model->version);
	pack_array(reply, "lists", 2);
	for (int p = 0; p < 2; p++) {
		(void)msgpack_pack_map(reply, ENTRIES_REPLY);
		entries_pack(question, &pair->of[p].person.entries);
	}
	pack_uint(reply, "seen", c->seen);
	pack_uint(reply, "common", c->n);
	pack_finite(reply, "correlation", c->correlation);
	pack_finite(reply, "affinity", c->affinity);
	pack_shows(question, "both_like", c->liked, c->n_liked < limit ? c->n_liked : limit);
	pack_shows(question, "differ", c->differ, c->n_differ < limit ? c->n_differ : limit);
	pack_for(question, pair, "for_first", 0);
	pack_for(question, pair, "for_second", 1);
}

struct options {
	int64_t limit; /* 0: that of the configuration */
	const msgpack_object *scales[2];
};

static int read_limit(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	return param_integer(question, value, what, 1, QUERY_MAX_ITEMS, &((struct options *)to)->limit);
}

static int keep_scale(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	(void)question;
	(void)what;
	((struct options *)to)->scales[0] = value;
	return 0;
}

static int keep_with_scale(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	(void)question;
	(void)what;
	((struct options *)to)->scales[1] = value;
	return 0;
}

static int read_all(struct question *question, struct pair *pair)
{
	static const struct param_option rows[] = {
	    {"limit", 1, read_limit}, {"scale", 1, keep_scale}, {"with_scale", 1, keep_with_scale}};
	struct options options = {.limit = 0};

	if (param_options(question, 2, rows, sizeof rows / sizeof *rows, 1, &options) < 0)
		return -1;
	for (uint32_t p = 0; p < 2; p++) {
		struct query *query = &pair->of[p];
		if (query_read_options(question, NO_OPTIONS, QUERY_RECOMMEND, query) < 0)
			return -1;
		query->limit = options.limit > 0 ? (size_t)options.limit : query->limit;
		query->scale = options.scales[p];
		if (query_read_list(question, p, query) < 0)
			return -1;
	}
	return 0;
}

/* Read the lists and find what is asked for. */
static int find(struct question *question, struct pair *pair)
{
	const struct entries *a = &pair->of[0].person.entries, *b = &pair->of[1].person.entries;

	if (read_all(question, pair) < 0 || compare_find(question, a, b, &pair->comparison) < 0 ||
	    compare_limit(question, &pair->of[0], b) < 0 || compare_limit(question, &pair->of[1], a) < 0)
		return -1;
	for (int p = 0; p < 2; p++) {
		if (query_run(question, &pair->of[p], &pair->for_one[p]) < 0)
			return -1;
	}
	return 0;
}

static int ask(struct question *question)
{
	struct pair pair = {.comparison = {.n = 0}};
	const int status = find(question, &pair);

	if (status == 0)
		pack(question, &pair);
	for (int p = 0; p < 2; p++) {
		query_result_free(&pair.for_one[p]);
		query_free(&pair.of[p]);
	}
	compare_free(&pair.comparison);
	return status;
}

static double cost(struct question *question)
{
	double cost = 0;

	for (int p = 0; p < 2; p++) {
		const msgpack_object *list = &question->params[p];
		const double scans = list->type == MSGPACK_OBJECT_ARRAY ? 1.0 + list->via.array.size : 0;
		cost += entries_cost(question, list) + scans * question->model->measures[0].cost;
	}
	return cost;
}

const struct method method_compare = {
    .name = "compare",
    .min_params = 2,
    .max_params = 3,
    .ask = ask,
    .cost = cost,
    .params = "list, list, {limit, scale, with_scale}",
    .summary = "what two people have in common, and what either should see",
};

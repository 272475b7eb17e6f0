/* query-pack.c - packs what the replies to all queries have in common. */
#include "config.h"

#include <math.h>

#include "base/pack.h"
#include "query/query.h"
#include "query/reply.h"

const char *query_value_name(enum query_kind kind)
{
	return kind == QUERY_RECOMMEND ? "predicted" : kind == QUERY_CULT ? "cult" : "similarity";
}

/* Returns the value that the reply shows.  Predictions are ranked by what lies beyond the ends of the scale, too, but
 * shown within it, since no rating lies outside. */
static double shown_value(const struct model *model, const struct query *query, float value)
{
	const struct animed_scale *scale = &model->file.factors.scale;

	return (double)(query->kind == QUERY_RECOMMEND ? fminf(fmaxf(value, scale->low), scale->high) : value);
}

static uint32_t parts_loosened(const struct query *query)
{
	uint32_t n = 0;

	for (unsigned part = 0; part < FILTER_PARTS; part++)
		n += (query->filter.given & FILTER_BIT(part)) != 0;
	return n;
}

uint32_t query_common_entries(const struct query *query, const struct query_result *result)
{
	const bool none = result->passed == 0;

	return 1U + (query->filter.by_request != 0 || none) + none;
}

static void pack_filters(msgpack_packer *reply, const struct query *query, const struct query_result *result)
{
	if (query->filter.by_request != 0 || result->passed == 0) {
		pack_uint(reply, "passed", result->passed);
	}
	if (result->passed > 0)
		return;
	pack_map(reply, "loosen", parts_loosened(query));
	for (unsigned part = 0; part < FILTER_PARTS; part++) {
		if (!(query->filter.given & FILTER_BIT(part)))
			continue;
		pack_uint(reply, filter_part_name((enum filter_part)part), result->loosened[part]);
	}
}

void query_pack_common(struct question *question, const struct query *query, const struct query_result *result,
		       const struct explainer *explainer)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	msgpack_packer *reply = question->reply;

	pack_array(reply, "items", result->n);
	for (size_t h = 0; h < result->n; h++) {
		const struct query_hit *hit = &result->hits[h];
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 1U + result->weighed + (explainer != NULL));
		reply_item(reply, catalogue, hit->item);
		pack_real(reply, query_value_name(query->kind), shown_value(question->model, query, hit->value));
		if (result->weighed) {
			pack_real(reply, "score", (double)hit->score);
		}
		if (explainer) {
			pack_key(reply, "explain");
			explain_pack(explainer, h, reply);
		}
	}
	pack_filters(reply, query, result);
}

void query_pack_terms(struct question *question, const struct query *query)
{
	msgpack_packer *reply = question->reply;

	(void)msgpack_pack_array(reply, query->n_terms);
	for (size_t t = 0; t < query->n_terms; t++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 2);
		reply_item(reply, &question->model->file.catalogue, query->terms[t].item);
		pack_str(reply, "matched", query->terms[t].matched);
		pack_real(reply, query->kind == QUERY_RECOMMEND ? "score" : "weight", (double)query->terms[t].weight);
	}
}

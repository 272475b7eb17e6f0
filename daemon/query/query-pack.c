/* query-pack.c - packs what the replies to all queries have in common. */
#include "config.h"

#include <math.h>

#include "base/pack.h"
#include "query/query.h"
#include "query/reply.h"

double query_match(const struct model *model, const struct query *query, const struct query_result *result, float score)
{
	const struct animed_ranking_ops *ops = model->ranking.ops;
	const struct animed_scale *scale = &model->file.factors.scale;

	if (query->kind == QUERY_SIMILAR)
		return (double)measure_match(query->measure, score);
	if (result->popular)
		return fmin(fmax((double)score, 0), 1);
	if (ops && ops->match)
		return (double)ops->match(score);
	return scale->low < scale->high ? fmin(fmax((double)((score - scale->low) / (scale->high - scale->low)), 0), 1)
					: 1;
}

/* Returns the score that the reply shows.  Predictions are ranked by what lies beyond the ends of the scale, too, but
 * shown within it, since no rating lies outside. */
static double shown_score(const struct model *model, const struct query_result *result, float score)
{
	const struct animed_scale *scale = &model->file.factors.scale;

	return (double)(query_ranking_learns(model) || result->popular ? score
								       : fminf(fmaxf(score, scale->low), scale->high));
}

/* Returns how many entries pack_values() packs. */
static uint32_t value_entries(const struct query *query, const struct query_result *result)
{
	switch (query->kind) {
	case QUERY_SIMILAR:
		return 2U + result->weighed;
	case QUERY_RECOMMEND:
		return 3;
	case QUERY_CULT:
	case QUERY_SEARCH:
	case QUERY_NEXT:
		break;
	}
	return 1;
}

/* Pack what the model predicts: a number or nil, or for two people an array of two of these. */
static void pack_predicted(msgpack_packer *reply, const struct query *query, const struct query_hit *hit)
{
	if (!query->with) {
		pack_finite(reply, "predicted", (double)hit->predicted[0]);
		return;
	}
	pack_array(reply, "predicted", 2);
	for (int p = 0; p < 2; p++) {
		if (isnan(hit->predicted[p]))
			(void)msgpack_pack_nil(reply);
		else
			(void)msgpack_pack_double(reply, (double)hit->predicted[p]);
	}
}

/* Pack what the hit is an answer by. */
static void pack_values(struct question *question, const struct query *query, const struct query_result *result,
			const struct query_hit *hit)
{
	const struct model *model = question->model;
	msgpack_packer *reply = question->reply;

	if (query->kind == QUERY_CULT) {
		pack_real(reply, "cult", (double)hit->value);
		return;
	}
	if (query->kind == QUERY_RECOMMEND) {
		pack_predicted(reply, query, hit);
		pack_real(reply, "match", query_match(model, query, result, hit->score));
		pack_real(reply, "score", shown_score(model, result, hit->score));
		return;
	}
	pack_real(reply, "similarity", (double)hit->value);
	pack_real(reply, "match", query_match(model, query, result, hit->score));
	if (result->weighed)
		pack_real(reply, "score", (double)hit->score);
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

	return 1U + query_named_entries(query) + (query->filter.by_request != 0 || none) + none;
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

/* Pack how a show was found that was asked for. */
static void pack_found(msgpack_packer *reply, const char *matched, struct text typed)
{
	pack_str(reply, "matched", matched);
	if (typed.bytes)
		pack_text(reply, "typed", typed);
	else
		pack_nil(reply, "typed");
}

uint32_t query_named_entries(const struct query *query)
{
	return 0U + (query->n_excluded > 0) + (query->not_excluded.n > 0) + (query->not_only.n > 0);
}

void query_pack_named(struct question *question, const struct query *query)
{
	msgpack_packer *reply = question->reply;

	if (query->not_excluded.n > 0)
		entries_pack_missing(reply, "exclude_not_found", &query->not_excluded);
	if (query->not_only.n > 0)
		entries_pack_missing(reply, "only_not_found", &query->not_only);
	if (query->n_excluded == 0)
		return;
	pack_array(reply, "excluded", query->n_excluded);
	for (size_t e = 0; e < query->n_excluded; e++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 2);
		reply_item(reply, &question->model->file.catalogue, query->excluded[e].item);
		pack_found(reply, query->excluded[e].matched, query->excluded[e].typed);
	}
}

void query_pack_common(struct question *question, const struct query *query, const struct query_result *result,
		       const struct explainer *explainer)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	msgpack_packer *reply = question->reply;

	query_pack_named(question, query);
	pack_array(reply, "items", result->n);
	for (size_t h = 0; h < result->n; h++) {
		const struct query_hit *hit = &result->hits[h];
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + value_entries(query, result) + (explainer != NULL));
		reply_item(reply, catalogue, hit->item);
		pack_values(question, query, result, hit);
		if (explainer) {
			pack_key(reply, "explain");
			explain_pack(explainer, h, reply);
		}
	}
	pack_filters(reply, query, result);
}

void query_pack_terms(struct question *question, const struct query *query, const struct query_term *terms, size_t n)
{
	msgpack_packer *reply = question->reply;

	(void)msgpack_pack_array(reply, n);
	for (size_t t = 0; t < n; t++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 3);
		reply_item(reply, &question->model->file.catalogue, terms[t].item);
		pack_found(reply, terms[t].matched, terms[t].typed);
		pack_real(reply, query->kind == QUERY_RECOMMEND ? "score" : "weight", (double)terms[t].weight);
	}
}

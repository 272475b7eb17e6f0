/* query-explain.c - explains why an item is an answer: what adds most to its score, and how many people rated both it and
 * the show that was asked about. */
#include "config.h"

#include <stdlib.h>

#include "base/pack.h"
#include "query/query-explain-private.h"

/* ---- the explainer ---- */

void explain_close(struct explainer *e)
{
	if (!e)
		return;
	person_close(&e->person);
	free(e->poles);
	free(e->hits);
	free(e);
}

/* Explain the hits of a `similar` query. */
static int explain_similar(struct explainer *e, struct question *question)
{
	struct animed_part *parts = malloc(e->k * sizeof *parts);
	struct animed_query asked;
	void *scratch = NULL;
	int status = -1;

	for (size_t t = 0; t < e->query->n_terms && e->n_terms < TERMS; t++) {
		if (e->query->terms[t].weight > 0)
			e->terms[e->n_terms++] = e->query->terms[t].item;
	}
	if (parts && query_compose(question, e->query, &asked, &scratch) == 0)
		status = 0;
	for (size_t h = 0; h < e->result->n && status == 0; h++)
		status = measure_learns(e->query->measure) ? explain_parts(e, &asked, h)
							   : explain_factors(e, &asked, h, parts);
	if (status == 0 && e->model->file.ratings.offsets)
		status = explain_raters(e);
	free(scratch);
	free(parts);
	return status;
}

/* Explain the hits of a `recommend` query. */
static int explain_recommended(struct explainer *e, struct question *question)
{
	return person_open(question, e->query, &e->query->person, &e->person) < 0 ? -1 : explain_known(e);
}

struct explainer *explain_open(struct question *question, const struct query *query, const struct query_result *result)
{
	const struct model *model = question->model;
	struct explainer *e = calloc(1, sizeof *e);

	if (!e)
		return NULL;
	*e = (struct explainer){.model = model, .query = query, .result = result};
	model->model->item_vectors(&model->file.factors, &e->rows, &e->k);
	e->hits = calloc(result->n + 1, sizeof *e->hits);
	if (!e->hits ||
	    (query->kind == QUERY_SIMILAR ? explain_similar(e, question) : explain_recommended(e, question)) < 0) {
		explain_close(e);
		return NULL;
	}
	return e;
}

/* ---- packing ---- */

static void pack_share(const struct explainer *e, const struct share *share, uint32_t item, msgpack_packer *reply)
{
	const struct pole *pole = &e->poles[share->pole];
	uint32_t titles[TITLES];
	const size_t n = explain_describing(e, pole, item, titles);

	(void)msgpack_pack_map(reply, 3);
	pack_uint(reply, "factor", pole->factor);
	pack_real(reply, "part", (double)share->part);
	pack_array(reply, "titles", n);
	for (size_t i = 0; i < n; i++) {
		const struct text title = strings_at(&e->model->file.catalogue.titles, titles[i]);
		(void)msgpack_pack_str_with_body(reply, title.bytes, title.length);
	}
}

static const char *kind_name(enum animed_part_kind kind)
{
	switch (kind) {
	case ANIMED_PART_RATINGS:
		return "ratings";
	case ANIMED_PART_GENRE:
		return "genre";
	case ANIMED_PART_WORD:
		return "word";
	case ANIMED_PART_FACTOR:
		break;
	}
	return "factor";
}

static void pack_part(const struct animed_part *part, msgpack_packer *reply)
{
	(void)msgpack_pack_map(reply, 3);
	pack_str(reply, "kind", kind_name(part->kind));
	pack_text_or_nil(reply, "name", (struct text){part->text, part->text ? part->length : 0});
	pack_real(reply, "part", (double)part->value);
}

static double mean(double sum, uint32_t n)
{
	return n > 0 ? sum / n : 0;
}

static void pack_raters(const struct explainer *e, size_t term, const struct raters *raters, msgpack_packer *reply)
{
	(void)msgpack_pack_map(reply, 4);
	pack_int(reply, "id", e->model->file.catalogue.ids[e->terms[term]]);
	pack_uint(reply, "both", raters->both);
	pack_mean(reply, "mean", mean(raters->sum_hit, raters->both));
	pack_mean(reply, "mean_of_id", mean(raters->sum_term, raters->both));
}

/* Pack what a show of the person gave. */
static void pack_known(const struct explainer *e, const struct known_part *part, msgpack_packer *reply)
{
	const struct catalogue *catalogue = &e->model->file.catalogue;
	const uint32_t item = e->person.items[part->known];

	(void)msgpack_pack_map(reply, 4);
	pack_int(reply, "id", catalogue->ids[item]);
	pack_text(reply, "title", strings_at(&catalogue->titles, item));
	if (e->person.scored[part->known])
		pack_real(reply, "score", (double)e->person.scores[part->known]);
	else
		pack_nil(reply, "score");
	pack_real(reply, "part", (double)part->part);
}

static void pack_similar(const struct explainer *e, const struct why *why, uint32_t item, msgpack_packer *reply)
{
	pack_array(reply, "factors", why->n_shares);
	for (size_t s = 0; s < why->n_shares; s++)
		pack_share(e, &why->shares[s], item, reply);
	pack_array(reply, "parts", why->n_parts);
	for (size_t i = 0; i < why->n_parts; i++)
		pack_part(&why->parts[i], reply);
	if (!e->model->file.ratings.offsets) {
		pack_nil(reply, "raters");
		return;
	}
	pack_array(reply, "raters", e->n_terms);
	for (size_t t = 0; t < e->n_terms; t++)
		pack_raters(e, t, &why->raters[t], reply);
}

void explain_pack(const struct explainer *e, size_t hit, msgpack_packer *reply)
{
	const struct why *why = &e->hits[hit];
	/* enough for 4 shows, and 3 factors with 2 shows each, if all titles are quoted at their longest */
	char text[2048];

	explain_text(e, hit, text, sizeof text);
	(void)msgpack_pack_map(reply, e->query->kind == QUERY_SIMILAR ? 5 : 3);
	pack_str(reply, "text", text);
	pack_real(reply, "rest", (double)why->rest);
	if (e->query->kind == QUERY_SIMILAR) {
		pack_similar(e, why, e->result->hits[hit].item, reply);
		return;
	}
	pack_array(reply, "known", why->n_known);
	for (size_t r = 0; r < why->n_known; r++)
		pack_known(e, &why->known[r], reply);
}

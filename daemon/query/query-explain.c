/* query-explain.c - why an item is an answer: the factors that carry its score, and who rated it beside what was asked
 * about. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pack.h"
#include "base/sorted.h"
#include "query/query.h"

enum {
	FACTORS = 3, /* that an explanation names, those that add most */
	TITLES = 2,  /* by which a factor is described; one more is kept, since a show does not describe itself */
	TERMS = 4,   /* of the query whose raters are counted */
};

/* A factor is described by shows that people know. */
#define WELL_KNOWN 0.9F

/* One end of a factor, and the shows that lie farthest out there. */
struct pole {
	uint32_t factor;
	bool negative;
	uint32_t items[TITLES + 1];
	size_t n;
};

struct share {
	float part;
	size_t pole;
};

/* Who rated both a term and a hit. */
struct raters {
	uint32_t both;
	double sum_term, sum_hit;
};

struct why {
	struct share shares[FACTORS];
	size_t n_shares;
	float rest;
	struct raters raters[TERMS];
};

struct explainer {
	const struct model *model;
	const struct query *query;
	const struct query_result *result;
	const float *rows;
	uint32_t k;
	uint32_t terms[TERMS];
	size_t n_terms;
	struct pole *poles;
	size_t n_poles, poles_room;
	struct why *hits; /* [result->n] */
};

/* ---- factors ---- */

/* An item's coordinate, at length 1 where only the direction counts. */
static float coordinate(const struct explainer *e, uint32_t item, uint32_t factor)
{
	const float *row = e->rows + (size_t)item * e->k;
	double length = 1;

	if (e->model->similarity->directional) {
		length = 0;
		for (uint32_t j = 0; j < e->k; j++)
			length += (double)row[j] * (double)row[j];
		length = sqrt(length);
	}
	return length > 0 ? (float)((double)row[factor] / length) : 0;
}

static bool describes(const struct explainer *e, uint32_t item)
{
	const float *popularity = e->model->traits.popularity;

	for (size_t t = 0; t < e->query->n_terms; t++) {
		if (e->query->terms[t].item == item)
			return false;
	}
	return mask_has(e->model->mask, item) && (!popularity || popularity[item] >= WELL_KNOWN);
}

/* Find the shows farthest out on the pole, one a franchise. */
static void describe(const struct explainer *e, struct pole *pole)
{
	const uint32_t *franchises = e->model->traits.franchises;
	float far[TITLES + 1];

	for (uint32_t i = 0; i < e->model->file.factors.n_items; i++) {
		if (!describes(e, i))
			continue;
		const float x = coordinate(e, i, pole->factor) * (pole->negative ? -1.0F : 1.0F);
		size_t at = 0, same = 0;
		while (same < pole->n && franchises[pole->items[same]] != franchises[i])
			same++;
		if (!(x > 0) || (same < pole->n && far[same] >= x))
			continue;
		/* the other one of the franchise, or the last, makes room */
		size_t last = same < pole->n ? same : pole->n;
		if (last == TITLES + 1)
			last--;
		else if (last == pole->n)
			pole->n++;
		if (same == TITLES + 1 && x <= far[last])
			continue;
		while (at < last && far[at] >= x)
			at++;
		memmove(far + at + 1, far + at, (last - at) * sizeof *far);
		memmove(pole->items + at + 1, pole->items + at, (last - at) * sizeof *pole->items);
		far[at] = x;
		pole->items[at] = i;
	}
}

/* The place of a pole; a new one is described.  SIZE_MAX: out of memory. */
static size_t find_pole(struct explainer *e, uint32_t factor, bool negative)
{
	size_t at = 0;

	while (at < e->n_poles && (e->poles[at].factor != factor || e->poles[at].negative != negative))
		at++;
	if (at < e->n_poles)
		return at;
	if (grow((void **)&e->poles, &e->poles_room, at + 1, sizeof *e->poles) < 0)
		return SIZE_MAX;
	e->poles[at] = (struct pole){.factor = factor, .negative = negative};
	describe(e, &e->poles[at]);
	e->n_poles++;
	return at;
}

/* The factors that add most to the score of a hit, and what all others come to. */
static int find_shares(struct explainer *e, const struct animed_query *asked, size_t hit, float *parts)
{
	struct why *why = &e->hits[hit];
	const uint32_t item = e->result->hits[hit].item;
	float ignored;

	why->rest = e->result->hits[hit].value;
	if (!e->model->similarity->parts)
		return 0;
	e->model->similarity->parts(e->model->index, asked, item, parts, &ignored);
	while (why->n_shares < FACTORS) {
		uint32_t most = 0;
		for (uint32_t j = 1; j < e->k; j++) {
			if (parts[j] > parts[most])
				most = j;
		}
		if (!(parts[most] > 0))
			break;
		const size_t pole = find_pole(e, most, coordinate(e, item, most) < 0);
		if (pole == SIZE_MAX)
			return -1;
		why->shares[why->n_shares++] = (struct share){parts[most], pole};
		why->rest -= parts[most];
		parts[most] = 0;
	}
	return 0;
}

/* ---- raters ---- */

/* Go over all users once. */
static int count_raters(struct explainer *e)
{
	const struct rating_lists *lists = &e->model->file.ratings;
	const uint32_t items = e->model->file.factors.n_items;
	uint32_t *hit_of = malloc(((size_t)items + 1) * sizeof *hit_of);

	if (!hit_of)
		return -1;
	memset(hit_of, 0xff, ((size_t)items + 1) * sizeof *hit_of);
	for (uint32_t h = 0; h < e->result->n; h++)
		hit_of[e->result->hits[h].item] = h;
	for (uint32_t u = 0; u < e->model->file.factors.n_users; u++) {
		const uint64_t begin = lists->offsets[u], n = lists->offsets[u + 1] - begin;
		for (size_t t = 0; t < e->n_terms; t++) {
			const size_t found = sorted_find(lists->items + begin, n, e->terms[t]);
			for (uint64_t r = begin; found < n && r < begin + n; r++) {
				const uint32_t hit = hit_of[lists->items[r]];
				if (hit == UINT32_MAX)
					continue;
				struct raters *raters = &e->hits[hit].raters[t];
				raters->both++;
				raters->sum_term += (double)lists->scores[begin + found];
				raters->sum_hit += (double)lists->scores[r];
			}
		}
	}
	free(hit_of);
	return 0;
}

/* ---- all of it ---- */

void explain_close(struct explainer *e)
{
	if (!e)
		return;
	free(e->poles);
	free(e->hits);
	free(e);
}

struct explainer *explain_open(struct question *question, const struct query *query, const struct query_result *result)
{
	const struct model *model = question->model;
	struct explainer *e = calloc(1, sizeof *e);
	struct animed_query asked;
	float *vector = NULL, *parts = NULL;
	int status = -1;

	if (!e)
		return NULL;
	*e = (struct explainer){.model = model, .query = query, .result = result};
	model->model->item_vectors(&model->file.factors, &e->rows, &e->k);
	for (size_t t = 0; t < query->n_terms && e->n_terms < TERMS; t++) {
		if (query->terms[t].weight > 0)
			e->terms[e->n_terms++] = query->terms[t].item;
	}
	e->hits = calloc(result->n + 1, sizeof *e->hits);
	parts = malloc(e->k * sizeof *parts);
	if (!e->hits || !parts || query_compose(question, query, &asked, &vector) < 0)
		goto out;
	status = 0;
	for (size_t h = 0; h < result->n && status == 0; h++)
		status = find_shares(e, &asked, h, parts);
	if (status == 0 && model->file.ratings.offsets)
		status = count_raters(e);
out:
	free(vector);
	free(parts);
	if (status < 0) {
		explain_close(e);
		e = NULL;
	}
	return e;
}

/* ---- packing ---- */

static struct text title_of(const struct explainer *e, uint32_t item)
{
	return strings_at(&e->model->file.catalogue.titles, item);
}

/* Shows by which a pole is described to those who look at `item`: none of its own franchise. */
static size_t describing(const struct explainer *e, const struct pole *pole, uint32_t item, uint32_t titles[TITLES])
{
	const uint32_t *franchises = e->model->traits.franchises;
	size_t n = 0;

	for (size_t i = 0; i < pole->n && n < TITLES; i++) {
		if (franchises[pole->items[i]] != franchises[item])
			titles[n++] = pole->items[i];
	}
	return n;
}

static double mean(double sum, uint32_t n)
{
	return n > 0 ? sum / n : 0;
}

/* "31 people rated both, 8.9 and 8.7 on average; both are like \"A\", \"B\" (0.12), \"C\", \"D\" (0.08)" */
static void write_text(const struct explainer *e, const struct why *why, uint32_t item, char *out, size_t size)
{
	uint32_t titles[TITLES];
	char quoted[QUOTE_SIZE];
	size_t used = 0;

	out[0] = '\0';
	for (size_t t = 0; t < e->n_terms && e->model->file.ratings.offsets && used < size; t++) {
		const struct raters *raters = &why->raters[t];
		text_quote(title_of(e, e->terms[t]), quoted);
		used += (size_t)snprintf(out + used, size - used, "%s%u %s rated it and %s", used ? "; " : "",
					 raters->both, raters->both == 1 ? "person" : "people", quoted);
		if (raters->both > 0 && used < size)
			used +=
			    (size_t)snprintf(out + used, size - used, ", %.1f and %.1f on average",
					     mean(raters->sum_hit, raters->both), mean(raters->sum_term, raters->both));
	}
	for (size_t s = 0; s < why->n_shares && used < size; s++) {
		const struct pole *pole = &e->poles[why->shares[s].pole];
		used += (size_t)snprintf(out + used, size - used, "%s%s",
					 s      ? ", "
					 : used ? "; "
						: "",
					 s ? "" : "shares what marks ");
		const size_t n = describing(e, pole, item, titles);
		for (size_t i = 0; i < n && used < size; i++) {
			text_quote(title_of(e, titles[i]), quoted);
			used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " and " : "", quoted);
		}
		if (used < size)
			used += (size_t)snprintf(out + used, size - used, " (%.2f)", (double)why->shares[s].part);
	}
}

static void pack_share(const struct explainer *e, const struct share *share, uint32_t item, msgpack_packer *reply)
{
	const struct pole *pole = &e->poles[share->pole];
	uint32_t titles[TITLES];
	const size_t n = describing(e, pole, item, titles);

	(void)msgpack_pack_map(reply, 3);
	pack_uint(reply, "factor", pole->factor);
	pack_real(reply, "part", (double)share->part);
	pack_array(reply, "titles", n);
	for (size_t i = 0; i < n; i++) {
		const struct text title = title_of(e, titles[i]);
		(void)msgpack_pack_str_with_body(reply, title.bytes, title.length);
	}
}

static void pack_raters(const struct explainer *e, size_t term, const struct raters *raters, msgpack_packer *reply)
{
	(void)msgpack_pack_map(reply, 4);
	pack_int(reply, "id", e->model->file.catalogue.ids[e->terms[term]]);
	pack_uint(reply, "both", raters->both);
	pack_mean(reply, "mean", mean(raters->sum_hit, raters->both));
	pack_mean(reply, "mean_of_id", mean(raters->sum_term, raters->both));
}

void explain_pack(const struct explainer *e, size_t hit, msgpack_packer *reply)
{
	const struct why *why = &e->hits[hit];
	const uint32_t item = e->result->hits[hit].item;
	char text[2048]; /* more than four shows and three factors with two shows each, all names at their longest */

	write_text(e, why, item, text, sizeof text);
	(void)msgpack_pack_map(reply, 4);
	pack_str(reply, "text", text);
	pack_array(reply, "factors", why->n_shares);
	for (size_t s = 0; s < why->n_shares; s++)
		pack_share(e, &why->shares[s], item, reply);
	pack_real(reply, "rest", (double)why->rest);
	if (!e->model->file.ratings.offsets) {
		pack_nil(reply, "raters");
		return;
	}
	pack_array(reply, "raters", e->n_terms);
	for (size_t t = 0; t < e->n_terms; t++)
		pack_raters(e, t, &why->raters[t], reply);
}

/* query-explain.c - explains why an item is an answer: which factors add most to its score, and how many people rated
 * both it and the show that was asked about. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pack.h"
#include "base/sorted.h"
#include "query/query.h"

enum {
	FACTORS = 3, /* factors that an explanation names: those that add most to the score */
	TITLES = 2,  /* shows that describe a factor; a pole has one more, since none describes its own franchise */
	TERMS = 4,   /* terms of the query whose raters are counted */
};

/* The popularity from which on a show may describe a factor, since people should know it. */
#define WELL_KNOWN 0.9F

/* A show, and how far out on a pole it lies: the size of its coordinate, which is above 0. */
struct pole_show {
	uint32_t item;
	float far;
};

/* One end of a factor, and the shows that lie farthest out on it: the farthest first, at most one of a franchise. */
struct pole {
	uint32_t factor;
	bool negative;
	struct pole_show shows[TITLES + 1];
	size_t n;
};

/* What a factor adds to the score of a hit, and the place of the pole on which the hit lies in explainer->poles. */
struct share {
	float part;
	size_t pole;
};

/* The people who rated both a term and a hit: how many, and the sums of their scores. */
struct raters {
	uint32_t both;
	double sum_term, sum_hit;
};

/* The explanation of a hit.  `rest` is what its score has beside the shares. */
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

/* Returns an item's coordinate on a factor.  Where only the direction counts, the vector is brought to length 1
 * first. */
static float coordinate(const struct explainer *e, uint32_t item, uint32_t factor)
{
	const float *row = e->rows + (size_t)item * e->k;
	double length = 1;

	if (e->query->measure->ops->directional) {
		length = 0;
		for (uint32_t j = 0; j < e->k; j++)
			length += (double)row[j] * (double)row[j];
		length = sqrt(length);
	}
	return length > 0 ? (float)((double)row[factor] / length) : 0;
}

/* Whether a factor may be described by the item: it may be an answer, it is well known, and it is not asked about. */
static bool may_describe(const struct explainer *e, uint32_t item)
{
	const float *popularity = e->model->traits.popularity;

	for (size_t t = 0; t < e->query->n_terms; t++) {
		if (e->query->terms[t].item == item)
			return false;
	}
	return mask_has(e->query->measure->mask, item) && (!popularity || popularity[item] >= WELL_KNOWN);
}

/* Returns the place of the show of this franchise; pole->n if there is none. */
static size_t find_franchise(const struct explainer *e, const struct pole *pole, uint32_t franchise)
{
	size_t at = 0;

	while (at < pole->n && e->model->traits.franchises[pole->shows[at].item] != franchise)
		at++;
	return at;
}

static void remove_show(struct pole *pole, size_t at)
{
	pole->n--;
	memmove(pole->shows + at, pole->shows + at + 1, (pole->n - at) * sizeof *pole->shows);
}

/* Insert the show in its place, behind shows that lie just as far out.  There must be room for it. */
static void insert_show(struct pole *pole, struct pole_show show)
{
	size_t at = pole->n;

	while (at > 0 && pole->shows[at - 1].far < show.far)
		at--;
	memmove(pole->shows + at + 1, pole->shows + at, (pole->n - at) * sizeof *pole->shows);
	pole->shows[at] = show;
	pole->n++;
}

/* Find the shows that lie farthest out on the pole. */
static void find_shows(const struct explainer *e, struct pole *pole)
{
	const size_t last = TITLES;

	for (uint32_t i = 0; i < e->model->file.factors.n_items; i++) {
		if (!may_describe(e, i))
			continue;
		const float far = coordinate(e, i, pole->factor) * (pole->negative ? -1.0F : 1.0F);
		const size_t same = find_franchise(e, pole, e->model->traits.franchises[i]);
		/* it replaces the show of its franchise, or else the last one if all places are taken */
		const size_t at = same < pole->n ? same : last;
		if (!(far > 0) || (at < pole->n && far <= pole->shows[at].far))
			continue;
		if (at < pole->n)
			remove_show(pole, at);
		insert_show(pole, (struct pole_show){i, far});
	}
}

/* Returns the place of a pole in e->poles; a new one is added, with its shows.  Returns SIZE_MAX where memory is
 * short. */
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
	find_shows(e, &e->poles[at]);
	e->n_poles++;
	return at;
}

/* Find the factors that add most to the score of a hit, and what is left of the score without them.  `parts` is scratch
 * memory for k parts.  Returns 0, or -1 where memory is short. */
static int find_shares(struct explainer *e, const struct animed_query *asked, size_t hit, struct animed_part *parts)
{
	const struct measure *measure = e->query->measure;
	struct why *why = &e->hits[hit];
	const uint32_t item = e->result->hits[hit].item;
	struct animed_error err;
	size_t n;
	float ignored;

	why->rest = e->result->hits[hit].value;
	if (!measure->ops->parts)
		return 0;
	if (measure->ops->parts(measure->index, asked, item, e->k, parts, &n, &ignored, &err) < 0)
		return -1;
	for (size_t p = 0; p < n && why->n_shares < FACTORS; p++) {
		const uint32_t factor = parts[p].factor;
		if (parts[p].kind != ANIMED_PART_FACTOR || !(parts[p].value > 0))
			continue;
		const size_t pole = find_pole(e, factor, coordinate(e, item, factor) < 0);
		if (pole == SIZE_MAX)
			return -1;
		why->shares[why->n_shares++] = (struct share){parts[p].value, pole};
		why->rest -= parts[p].value;
	}
	return 0;
}

/* ---- raters ---- */

/* Count the people who rated both a term and a hit, for each such pair; the users are read only once.  Returns 0, or -1
 * where memory is short. */
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

/* ---- the explainer ---- */

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
	struct animed_part *parts = NULL;
	void *scratch = NULL;
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
	if (!e->hits || !parts || query_compose(question, query, &asked, &scratch) < 0)
		goto out;
	status = 0;
	for (size_t h = 0; h < result->n && status == 0; h++)
		status = find_shares(e, &asked, h, parts);
	if (status == 0 && model->file.ratings.offsets)
		status = count_raters(e);
out:
	free(scratch);
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

/* Write to `titles` the shows that describe a pole in the explanation of `item`: none is of the franchise of `item`.
 * Returns how many there are. */
static size_t describing(const struct explainer *e, const struct pole *pole, uint32_t item, uint32_t titles[TITLES])
{
	const uint32_t *franchises = e->model->traits.franchises;
	size_t n = 0;

	for (size_t i = 0; i < pole->n && n < TITLES; i++) {
		if (franchises[pole->shows[i].item] != franchises[item])
			titles[n++] = pole->shows[i].item;
	}
	return n;
}

static double mean(double sum, uint32_t n)
{
	return n > 0 ? sum / n : 0;
}

/* Write the explanation as text: 31 people rated it and "A", 8.9 and 8.7 on average; shares what marks "B" and "C"
 * (0.12), "D" and "E" (0.08). */
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
	/* enough for 4 shows, and 3 factors with 2 shows each, if all titles are quoted at their longest */
	char text[2048];

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

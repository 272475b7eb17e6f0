/* ranker.c - opens plugins with what they have just learnt, and gives a ranking what it may ask of a pipeline. */
#include "config.h"

#include "train/ranker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "base/mask.h"
#include "titles/franchise.h"

/* Returns what the plugin of a stage has learnt; nothing where it does not learn. */
static struct animed_tensors learnt_by(const struct ranker *ranker, const struct conf_stage *stage)
{
	const struct learning *learning = ranker->of.learning;

	for (size_t i = 0; i < learning->n; i++) {
		if (learning->at[i].stage->plugin.info == stage->plugin.info)
			return learning->at[i].what.tensors;
	}
	return (struct animed_tensors){0, NULL};
}

static const struct animed_similarity_ops *similarity_of(const struct ranker *ranker)
{
	return ranker->of.conf->similarities[0].plugin.info->ops.similarity;
}

/* ---- opening ---- */

/* Count the ratings of each item, and find the items with a vector that means something.  Returns 0, or -1 where memory
 * is short. */
static int find_present(struct ranker *ranker)
{
	const struct ranker_input *of = &ranker->of;
	struct animed_vectors *vectors = &ranker->vectors;

	ranker->counts = calloc((size_t)of->catalogue->n + 1, sizeof *ranker->counts);
	ranker->present = calloc(mask_words(of->catalogue->n) + 1, sizeof *ranker->present);
	if (!ranker->counts || !ranker->present)
		return -1;
	for (size_t r = 0; r < of->data->train.n; r++)
		ranker->counts[of->data->train.items[r]]++;
	of->conf->model.plugin.info->ops.model->item_vectors(of->factors, &vectors->rows, &vectors->k);
	for (uint32_t i = 0; i < of->catalogue->n; i++) {
		const float *row = vectors->rows + (size_t)i * vectors->k;
		bool directed = false;
		for (uint32_t j = 0; j < vectors->k && !directed; j++)
			directed = row[j] != 0.0F;
		if (directed && ranker->counts[i] > 0)
			mask_set(ranker->present, i);
	}
	vectors->n = of->catalogue->n;
	vectors->ids = of->catalogue->ids;
	vectors->present = ranker->present;
	return 0;
}

int ranker_open(struct ranker *ranker, const struct ranker_input *of, const struct animed_host *host,
		struct animed_error *err)
{
	const struct conf_stage *similarity = &of->conf->similarities[0], *ranking = &of->conf->ranking;

	*ranker = (struct ranker){.of = *of};
	if (franchise_find(of->catalogue, conf_relations(of->conf), &ranker->franchises, NULL, err) < 0)
		return -1;
	if (find_present(ranker) < 0)
		return animed_fail(err, "out of memory");
	const struct animed_items items = catalogue_items(of->catalogue, ranker->franchises);
	const struct animed_similarity_input similar = {
	    .vectors = ranker->vectors, .items = items, .learnt = learnt_by(ranker, similarity)};
	if (!of->alone && similarity_of(ranker)->open(similarity->values, &similar, host, &ranker->similarity, err) < 0)
		return -1;
	ranker->similarity_open = !of->alone;
	const struct animed_ranking_input ranked = {.items = items, .learnt = learnt_by(ranker, ranking)};
	if (ranking->plugin.info->ops.ranking->open(ranking->values, &ranked, host, &ranker->ranking, err) < 0)
		return -1;
	ranker->ranking_open = true;
	return 0;
}

void ranker_close(struct ranker *ranker)
{
	if (ranker->ranking_open)
		ranker->of.conf->ranking.plugin.info->ops.ranking->close(ranker->ranking);
	if (ranker->similarity_open)
		similarity_of(ranker)->close(ranker->similarity);
	free(ranker->present);
	free(ranker->counts);
	free(ranker->franchises);
	*ranker = (struct ranker){.of = {0}};
}

/* ---- what a ranking may ask ---- */

struct asking {
	const struct ranker *ranker;
	const struct ranker_person *person;
};

static float length_of(const float *row, uint32_t k)
{
	return cblas_snrm2((blasint)k, row, 1);
}

/* Add up the vectors of the terms, as a query for several shows does: directions where only these count, else a mean.
 * Returns a new vector; NULL where memory is short. */
static float *compose(const struct ranker *ranker, const struct animed_term *terms, size_t n)
{
	const struct animed_vectors *vectors = &ranker->vectors;
	float *vector = calloc((size_t)vectors->k + 1, sizeof *vector), sum = 0;

	for (size_t t = 0; vector && t < n; t++) {
		const float *row = vectors->rows + (size_t)terms[t].item * vectors->k;
		if (!mask_has(ranker->present, terms[t].item))
			continue;
		const float unit = similarity_of(ranker)->directional ? length_of(row, vectors->k) : 1;
		cblas_saxpy((blasint)vectors->k, terms[t].weight / unit, row, 1, vector, 1);
		sum += terms[t].weight;
	}
	if (vector && !similarity_of(ranker)->directional && sum > 0)
		cblas_sscal((blasint)vectors->k, 1 / sum, vector, 1);
	return vector;
}

/* Write the score of every item, -INFINITY where the similarity has none. */
static int score_all(const struct ranker *ranker, const struct animed_query *query, float *scores,
		     struct animed_error *err)
{
	const struct animed_similarity_ops *ops = similarity_of(ranker);
	const uint32_t items = ranker->vectors.n;
	struct animed_hit *hits;
	size_t n = 0;

	if (ops->scores)
		return ops->scores(ranker->similarity, query, scores, err);
	hits = malloc(((size_t)items + 1) * sizeof *hits);
	if (!hits)
		return animed_fail(err, "out of memory");
	const int status = ops->top_k(ranker->similarity, query, items, hits, &n, err);
	for (uint32_t i = 0; i < items; i++)
		scores[i] = -INFINITY;
	for (size_t h = 0; status == 0 && h < n; h++)
		scores[hits[h].item] = hits[h].score;
	free(hits);
	return status;
}

static int similar(void *ctx, const struct animed_term *terms, size_t n, float *scores, struct animed_error *err)
{
	const struct ranker *ranker = ((struct asking *)ctx)->ranker;
	struct animed_query query = {.item = ANIMED_NO_ITEM, .terms = terms, .n_terms = n};
	float *vector = NULL;
	int status = 0;

	if (!ranker->similarity_open) {
		memset(scores, 0, ranker->vectors.n * sizeof *scores);
		return 0;
	}
	if (!similarity_of(ranker)->learn) {
		query.vector = vector = compose(ranker, terms, n);
		query.mask = ranker->present;
		if (!vector)
			return animed_fail(err, "out of memory");
	}
	if (vector && length_of(vector, ranker->vectors.k) < 1e-5F)
		memset(scores, 0, ranker->vectors.n * sizeof *scores); /* no direction: nothing is near */
	else
		status = score_all(ranker, &query, scores, err);
	free(vector);
	for (uint32_t i = 0; status == 0 && i < ranker->vectors.n; i++)
		scores[i] = scores[i] > -INFINITY ? scores[i] : 0;
	for (size_t t = 0; status == 0 && t < n; t++)
		scores[terms[t].item] = 0;
	return status;
}

static int predict(void *ctx, float *scores, struct animed_error *err)
{
	const struct asking *asking = ctx;
	const struct animed_factors *factors = asking->ranker->of.factors;
	const struct animed_scale *scale = &factors->scale;

	(void)err;
	for (uint32_t i = 0; i < factors->n_items; i++)
		scores[i] = factors->item_bias ? factors->item_bias[i] + asking->person->bias : 0;
	cblas_sgemv(CblasRowMajor, CblasNoTrans, (blasint)factors->n_items, (blasint)factors->k, 1,
		    factors->item_factors, (blasint)factors->k, asking->person->vector, 1, 1, scores, 1);
	for (uint32_t i = 0; i < factors->n_items; i++)
		scores[i] = scale->link == ANIMED_IDENTITY
				? scale->global_mean + scores[i]
				: scale->low + (scale->high - scale->low) / (1 + expf(-scores[i]));
	return 0;
}

int ranker_values(const struct ranker *ranker, const struct ranker_person *person, float *values,
		  struct animed_error *err)
{
	struct asking asking = {ranker, person};
	const struct animed_person asked = {.n = person->n,
					    .items = person->items,
					    .scores = person->scores,
					    .ctx = &asking,
					    .similar = similar,
					    .predict = predict};

	return ranker->of.conf->ranking.plugin.info->ops.ranking->scores(ranker->ranking, &asked, values, err);
}

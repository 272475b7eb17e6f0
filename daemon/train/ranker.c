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
		if (ranker->counts[i] > 0 && vector_is_directed(vectors->rows + (size_t)i * vectors->k, vectors->k))
			mask_set(ranker->present, i);
	}
	vectors->n = of->catalogue->n;
	vectors->ids = of->catalogue->ids;
	vectors->present = ranker->present;
	return 0;
}

/* Open the first similarity.  Returns 0.  On failure returns -1 and fills err. */
static int open_similarity(struct ranker *ranker, const struct animed_items *items, const struct animed_host *host,
			   struct animed_error *err)
{
	const struct conf_stage *stage = &ranker->of.conf->similarities[0];
	const struct animed_similarity_ops *ops = stage->plugin.info->ops.similarity;
	const struct animed_similarity_input input = {
	    .vectors = ranker->vectors, .items = *items, .learnt = learnt_by(ranker, stage)};
	void *index;

	if (ops->open(stage->values, &input, host, &index, err) < 0)
		return -1;
	ranker->similarity = (struct measure){.name = stage->plugin.info->name,
					      .ops = ops,
					      .index = index,
					      .vectors = ranker->vectors,
					      .known = ranker->present};
	return 0;
}

int ranker_open(struct ranker *ranker, const struct ranker_input *of, const struct animed_host *host,
		struct animed_error *err)
{
	const struct conf_stage *ranking = &of->conf->ranking;

	*ranker = (struct ranker){.of = *of};
	if (franchise_find(of->catalogue, conf_relations(of->conf), &ranker->franchises, NULL, err) < 0)
		return -1;
	if (find_present(ranker) < 0)
		return animed_fail(err, "out of memory");
	const struct animed_items items = catalogue_items(of->catalogue, ranker->franchises);
	if (!of->alone && open_similarity(ranker, &items, host, err) < 0)
		return -1;
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
	measure_close(&ranker->similarity);
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

static int similar(void *ctx, const struct animed_term *terms, size_t n, float *scores, struct animed_error *err)
{
	const struct ranker *ranker = ((struct asking *)ctx)->ranker;

	if (ranker->similarity.ops)
		return measure_sum(&ranker->similarity, terms, n, scores, err);
	memset(scores, 0, ranker->vectors.n * sizeof *scores);
	return 0;
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

/* measure.c - opens a similarity for a model. */
#include "config.h"

#include "model/measure.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mask.h"

/* Set cost to the shortest of three questions: the first one has to bring the rows into the caches, and another process
 * may run during any of them.  Returns 0.  On failure returns -1 and fills err. */
static int measure_cost(struct measure *measure, uint32_t items, size_t limit, struct animed_error *err)
{
	struct animed_query query = {.mask = measure->mask, .weights = measure->weights};
	struct animed_hit *hits = malloc(limit * sizeof *hits);
	int status = 0;
	size_t n;

	if (!hits)
		return animed_fail(err, "out of memory");
	while (query.item + 1 < items && !mask_has(measure->known, query.item))
		query.item++;
	for (int run = 0; run < 3 && status == 0; run++) {
		const uint64_t begun = clock_begin();
		status = measure->ops->top_k(measure->index, &query, limit, hits, &n, err);
		const double took = clock_seconds(begun);
		if (run == 0 || took < measure->cost)
			measure->cost = took;
	}
	free(hits);
	return status;
}

uint64_t *support_mask(const struct catalogue *catalogue, const uint64_t *of, int64_t min_ratings)
{
	uint64_t *mask = calloc(mask_words(catalogue->n), sizeof *mask);

	if (!mask)
		return NULL;
	EACH_IN (i, of, catalogue->n) {
		if (!catalogue->counts || catalogue->counts[i] >= min_ratings)
			mask_set(mask, i);
	}
	return mask;
}

static int find_weights(struct measure *measure, const struct catalogue *catalogue, double shrink)
{
	if (!catalogue->counts || !(shrink > 0))
		return 0;
	measure->weights = malloc(((size_t)catalogue->n + 1) * sizeof *measure->weights);
	for (uint32_t i = 0; measure->weights && i < catalogue->n; i++)
		measure->weights[i] = support_of(catalogue->counts[i], shrink);
	return measure->weights ? 0 : -1;
}

int measure_open(struct measure *measure, const struct conf_stage *stage, const struct measured *measured,
		 const struct animed_host *host, struct animed_error *err)
{
	const struct animed_plugin *info = stage->plugin.info;
	const struct catalogue *catalogue = &measured->file->catalogue;
	const bool learns = info->ops.similarity->learn != NULL;
	struct animed_similarity_input input = {.vectors = measured->vectors, .items = measured->items};

	*measure = (struct measure){0};
	if (learns && modelfile_learnt(measured->file, info->name, &measure->tensors, &input.learnt.n, err) < 0)
		return -1;
	if (learns && input.learnt.n == 0)
		return 1;
	input.learnt.at = measure->tensors;
	measure->name = info->name;
	measure->ops = info->ops.similarity;
	measure->vectors = measured->vectors;
	measure->known = learns ? measured->all : measured->vectors.present;
	measure->mask = support_mask(catalogue, measure->known, learns ? 0 : measured->conf->min_ratings);
	if (!measure->mask || (!learns && find_weights(measure, catalogue, measured->conf->shrink) < 0))
		return animed_fail(err, "out of memory");
	struct animed_error why;
	if (measure->ops->open(stage->values, &input, host, &measure->index, &why) < 0)
		return learns ? animed_fail(err, "what the model file has for \"%s\": %s; train again", info->name,
					    why.text)
			      : animed_fail(err, "%s", why.text);
	return measure_cost(measure, catalogue->n, measured->conf->limit, err);
}

void measure_close(struct measure *measure)
{
	if (measure->index)
		measure->ops->close(measure->index);
	free(measure->weights);
	free(measure->mask);
	free(measure->tensors);
	*measure = (struct measure){0};
}

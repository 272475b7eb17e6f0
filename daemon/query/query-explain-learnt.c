/* query-explain-learnt.c - takes apart what plugins that learn have given: similarities by ratings, genres and words,
 * recommendations by the shows that the person knows. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "kit/score-weight.h"
#include "query/query-explain-private.h"

int explain_parts(struct explainer *e, const struct animed_query *asked, size_t hit)
{
	const struct measure *measure = e->query->measure;
	struct why *why = &e->hits[hit];
	struct animed_error err;

	why->rest = e->result->hits[hit].value;
	if (!measure->ops->parts)
		return 0;
	return measure->ops->parts(measure->index, asked, e->result->hits[hit].item, PARTS, why->parts, &why->n_parts,
				   &why->rest, &err);
}

/* Add a show to the largest so far, which are in order. */
static void keep_known(struct why *why, struct known_part part)
{
	size_t at = why->n_known;

	if (at == KNOWN && fabsf(part.part) <= fabsf(why->known[KNOWN - 1].part))
		return;
	at = at < KNOWN ? at : KNOWN - 1;
	while (at > 0 && fabsf(why->known[at - 1].part) < fabsf(part.part)) {
		why->known[at] = why->known[at - 1];
		at--;
	}
	why->known[at] = part;
	why->n_known += why->n_known < KNOWN;
}

bool explain_disliked(const struct explainer *e, size_t known)
{
	const struct animed_scale *scale = &e->model->file.factors.scale;

	return score_place((struct score_scale){scale->low, scale->high}, e->person.scores[known]) <= ENTRY_DISLIKED;
}

/* A show that is disliked is told if it takes away this share of the value or more. */
#define AGAINST 0.01F

/* Let the last of the shows that are told be the disliked one that takes most away, unless one is told already: among
 * hundreds of ratings it would hardly ever be, and nobody would see what their dislikes do. */
static void keep_dislike(const struct explainer *e, const float *parts, float value, struct why *why)
{
	struct known_part most = {0, -AGAINST * fabsf(value)};
	bool any = false;

	for (size_t r = 0; r < e->person.known.n; r++) {
		if (parts[r] >= most.part || !explain_disliked(e, r))
			continue;
		most = (struct known_part){r, parts[r]};
		any = true;
	}
	for (size_t k = 0; k < why->n_known && any; k++)
		any = !(why->known[k].part < 0 && explain_disliked(e, why->known[k].known));
	if (any) {
		why->n_known -= why->n_known == KNOWN;
		why->known[why->n_known++] = most;
	}
}

/* Keep the parts that are largest. */
static void keep_largest(const struct explainer *e, size_t hit, const float *parts)
{
	struct why *why = &e->hits[hit];

	why->rest = e->result->hits[hit].value;
	for (size_t r = 0; r < e->person.known.n; r++) {
		if (fabsf(parts[r]) > 0)
			keep_known(why, (struct known_part){r, parts[r]});
	}
	keep_dislike(e, parts, e->result->hits[hit].value, why);
	for (size_t r = 0; r < why->n_known; r++)
		why->rest -= why->known[r].part;
}

int explain_known(struct explainer *e)
{
	const struct ranking *ranking = &e->model->ranking;
	const size_t n = e->result->n, known = e->person.known.n;
	uint32_t *items = malloc((n + 1) * sizeof *items);
	float *parts = calloc(n * known + 1, sizeof *parts), *rest = malloc((n + 1) * sizeof *rest);
	struct animed_error err;
	int status = items && parts && rest ? 0 : -1;

	for (size_t h = 0; status == 0 && h < n; h++)
		items[h] = e->result->hits[h].item;
	if (status == 0 && n > 0 && known > 0 && ranking->ops && ranking->ops->parts)
		status = ranking->ops->parts(ranking->index, &e->person.known, n, items, parts, rest, &err);
	for (size_t h = 0; status == 0 && h < n; h++)
		keep_largest(e, h, parts + h * known);
	free(items);
	free(parts);
	free(rest);
	return status;
}

/* query-explain-learnt.c - takes apart what plugins that learn have given: similarities by ratings, genres and words,
 * recommendations by the shows that the person knows. */
#include "config.h"

#include <math.h>

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

/* `parts` is scratch memory for a number for each show of the person. */
int explain_known(struct explainer *e, size_t hit, float *parts)
{
	const struct ranking *ranking = &e->model->ranking;
	struct why *why = &e->hits[hit];
	struct animed_error err;
	float ignored;

	why->rest = e->result->hits[hit].value;
	if (!ranking->ops || !ranking->ops->parts || e->person.known.n == 0)
		return 0;
	if (ranking->ops->parts(ranking->index, &e->person.known, e->result->hits[hit].item, parts, &ignored, &err) < 0)
		return -1;
	for (size_t r = 0; r < e->person.known.n; r++) {
		if (fabsf(parts[r]) > 0)
			keep_known(why, (struct known_part){r, parts[r]});
	}
	for (size_t r = 0; r < why->n_known; r++)
		why->rest -= why->known[r].part;
	return 0;
}

/* query-choose.c - chooses the answers among the best items: drawn by chance, or so that they differ. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "kit/rng.h"
#include "query/query.h"

/* Among how many of the best items is chosen, and how many for each answer at most. */
#define POOL_LEAST 200
#define POOL_TIMES 10

size_t query_pool(const struct query *query)
{
	if (!query->random && !(query->diverse > 0))
		return query->limit;
	return query->limit * POOL_TIMES > POOL_LEAST ? query->limit * POOL_TIMES : POOL_LEAST;
}

static void take(struct query_result *result, size_t at, size_t place)
{
	const struct query_hit hit = result->hits[at];

	result->hits[at] = result->hits[place];
	result->hits[place] = hit;
}

/* Draw one hit after another, each with a probability in proportion to the square of its match. */
static void draw(const struct question *question, const struct query *query, struct query_result *result)
{
	struct rng rng;

	rng_seed(&rng, query->seed);
	for (size_t place = 0; place < query->limit && place < result->n; place++) {
		double whole = 0, left;
		size_t at = place;
		for (size_t h = place; h < result->n; h++)
			whole += pow(query_match(question->model, query, result, result->hits[h].score), 2);
		left = whole * rng_unit(&rng);
		for (; at + 1 < result->n; at++) {
			left -= pow(query_match(question->model, query, result, result->hits[at].score), 2);
			if (left <= 0)
				break;
		}
		take(result, at, place);
	}
}

/* Raise what each of the hits from `from` on is like to what it is like the item. */
static int raise(struct question *question, uint32_t item, const struct query_result *result, size_t from, float *alike,
		 float *scores)
{
	const struct measure *measure = &question->model->measures[0];
	const struct animed_query asked = {.item = item};
	struct animed_error err;

	if (!mask_has(measure->known, item))
		return 0;
	if (measure_scores(measure, &asked, scores, &err) < 0)
		return rpc_fail(&question->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", err.text);
	for (size_t h = from; h < result->n; h++) {
		const uint32_t other = result->hits[h].item;
		if (scores[other] > -INFINITY)
			alike[other] = fmaxf(alike[other], measure_match(measure, scores[other]));
	}
	return 0;
}

/* Take one hit after another: the one of which (1 - diverse) times its match, as a share of the best, less `diverse`
 * times the greatest similarity to one that is taken, is greatest.  This is the maximal marginal relevance of Carbonell
 * and Goldstein ("The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries", 1998). */
static int spread(struct question *question, const struct query *query, struct query_result *result)
{
	const size_t items = (size_t)question->model->file.factors.n_items + 1;
	float *alike = calloc(items, sizeof *alike), *scores = malloc(items * sizeof *scores);
	const double best =
	    result->n > 0 ? fmax(query_match(question->model, query, result, result->hits[0].score), 1e-9) : 1;
	int status = alike && scores ? 0 : question_out_of_memory(question);

	for (size_t place = 0; status == 0 && place < query->limit && place < result->n; place++) {
		double most = -INFINITY;
		size_t at = place;
		for (size_t h = place; h < result->n; h++) {
			const struct query_hit *hit = &result->hits[h];
			const double fits = query_match(question->model, query, result, hit->score) / best;
			const double gain = (1 - query->diverse) * fits - query->diverse * (double)alike[hit->item];
			/* the hits lie in no order where some were taken: the better one comes first */
			if (gain > most || (gain == most && hit->score > result->hits[at].score)) {
				most = gain;
				at = h;
			}
		}
		take(result, at, place);
		status = raise(question, result->hits[place].item, result, place + 1, alike, scores);
	}
	free(alike);
	free(scores);
	return status;
}

int query_choose(struct question *question, const struct query *query, struct query_result *result)
{
	if (query->random)
		draw(question, query, result);
	else if (query->diverse > 0 && spread(question, query, result) < 0)
		return -1;
	result->n = result->n < query->limit ? result->n : query->limit;
	return 0;
}

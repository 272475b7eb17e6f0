/* query-values.c - asks similarities, rankings and the model for the value of each item. */
#include "config.h"

#include "query/query-values.h"

#include <math.h>
#include <stdlib.h>

static uint32_t items_of(const struct question *question)
{
	return question->model->file.factors.n_items;
}

int people_open(struct question *question, const struct query *query, struct people *people)
{
	people->n = query->kind != QUERY_RECOMMEND ? 0 : query->with ? 2 : 1;
	people->at[0] = people->at[1] = (struct person){.items = NULL};
	for (size_t p = 0; p < people->n; p++) {
		if (person_open(question, query, p ? &query->other : &query->person, &people->at[p]) < 0)
			return -1;
	}
	return 0;
}

void people_close(struct people *people)
{
	for (size_t p = 0; p < 2; p++)
		person_close(&people->at[p]);
	people->n = 0;
}

static int similarities(struct question *question, const struct query *query, float *values)
{
	struct animed_query asked;
	struct animed_error err;
	void *scratch;

	if (query_compose(question, query, &asked, &scratch) < 0) {
		free(scratch);
		return -1;
	}
	const int status = measure_scores(query->measure, &asked, values, &err);
	free(scratch);
	return status < 0 ? rpc_fail(&question->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", err.text) : 0;
}

/* Find the scores that the model predicts, for all items of the mask. */
static void predictions(const struct person *person, const uint64_t *mask, float *values)
{
	EACH_IN (i, mask, items_of(person->question))
		values[i] = person->predicted ? person_predict(person, i) : -INFINITY;
}

/* What many know comes first for somebody of whose taste nothing is known. */
static void popularities(const struct question *question, float *values)
{
	const float *popularity = question->model->traits.popularity;

	for (uint32_t i = 0; i < items_of(question); i++)
		values[i] = popularity && !isnan(popularity[i]) ? popularity[i] : -INFINITY;
}

/* Let the ranking plugin find the values for a person, or the model where there is no plugin, or nothing is known that a
 * plugin could rank by. */
static int ranked(struct question *question, const struct person *person, const uint64_t *mask, float *values,
		  struct query_result *result)
{
	const struct ranking *ranking = &question->model->ranking;
	struct animed_error err;

	result->by = RANKED_BY_PREDICTION;
	if (!ranking->ops || person->known.n == 0) {
		predictions(person, mask, values);
		return 0;
	}
	result->by = ranking->name;
	if (ranking->ops->scores(ranking->index, &person->known, values, &err) < 0)
		return rpc_fail(&question->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", err.text);
	return 0;
}

/* Make one value of two. */
static float join(enum query_for two, float a, float b)
{
	return two == FOR_BOTH ? fminf(a, b) : (a + b) / 2;
}

/* Find the values for the people of whose taste something is known; somebody else has no say. */
static int ranked_for_all(struct question *question, const struct query *query, const struct people *people,
			  const uint64_t *mask, float *values, struct query_result *result)
{
	const bool listed = query->user == UINT32_MAX;
	float *more = people->n > 1 ? malloc(((size_t)items_of(question) + 1) * sizeof *more) : NULL;
	size_t n = 0;
	int status = 0;

	if (people->n > 1 && !more)
		return question_out_of_memory(question);
	for (size_t p = 0; p < people->n && status == 0; p++) {
		if (listed && people->at[p].known.n == 0)
			continue;
		status = ranked(question, &people->at[p], mask, n ? more : values, result);
		EACH_IN (i, mask, status == 0 && n > 0 ? items_of(question) : 0)
			values[i] = join(query->two, values[i], more[i]);
		n++;
	}
	free(more);
	if (status == 0 && n == 0) {
		result->popular = true;
		result->by = RANKED_BY_POPULARITY;
		popularities(question, values);
	}
	return status;
}

int query_values(struct question *question, const struct query *query, const struct people *people,
		 const uint64_t *mask, float *values, struct query_result *result)
{
	const struct cult *cult = &question->model->traits.cult;

	switch (query->kind) {
	case QUERY_SIMILAR:
		result->by = query->measure->name;
		return similarities(question, query, values);
	case QUERY_RECOMMEND:
		return ranked_for_all(question, query, people, mask, values, result);
	case QUERY_CULT:
	case QUERY_SEARCH:
	case QUERY_NEXT:
		break;
	}
	/* Of a franchise the best-known show is listed, whatever the filters are.  The best one would be a late season
	 * more often than not, since whom the first ones did not please does not rate it. */
	for (uint32_t i = 0; i < items_of(question); i++) {
		const bool listed = query->sequels == SEQUELS_SHOW || mask_has(cult->best_known, i);
		values[i] = listed && cult->values[i] > 0 ? cult->values[i] : -INFINITY;
	}
	return 0;
}

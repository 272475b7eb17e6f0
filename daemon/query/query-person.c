/* query-person.c - finds the person that a query recommends to, and answers what ranking plugins ask of the model. */
#include "config.h"

#include "query/query-person.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what they have rated ---- */

static int take_terms(struct question *question, const struct query *query, struct person *person)
{
	person->items = malloc((query->n_terms + 1) * sizeof *person->items);
	person->scores = malloc((query->n_terms + 1) * sizeof *person->scores);
	if (!person->items || !person->scores)
		return question_out_of_memory(question);
	for (size_t t = 0; t < query->n_terms; t++) {
		person->items[t] = query->terms[t].item;
		person->scores[t] = query->terms[t].weight;
	}
	person->n_rated = person->known.n = query->n_terms;
	return 0;
}

static int take_lists(struct question *question, uint32_t user, struct person *person)
{
	const struct rating_lists *lists = &question->model->file.ratings;
	const struct favourite_lists *liked = &question->model->file.favourites;
	const uint64_t begin = lists->offsets ? lists->offsets[user] : 0,
		       first = liked->offsets ? liked->offsets[user] : 0;
	const size_t n = lists->offsets ? (size_t)(lists->offsets[user + 1] - begin) : 0;
	const size_t more = liked->offsets ? (size_t)(liked->offsets[user + 1] - first) : 0;

	person->items = malloc((n + more + 1) * sizeof *person->items);
	person->scores = malloc((n + more + 1) * sizeof *person->scores);
	if (!person->items || !person->scores)
		return question_out_of_memory(question);
	if (n > 0) {
		memcpy(person->items, lists->items + begin, n * sizeof *person->items);
		memcpy(person->scores, lists->scores + begin, n * sizeof *person->scores);
	}
	for (size_t f = 0; f < more; f++) {
		person->items[n + f] = liked->items[first + f];
		person->scores[n + f] = question->model->file.factors.scale.high;
	}
	person->n_rated = n;
	person->known.n = n + more;
	return 0;
}

/* ---- their factors ---- */

/* Fold the ratings of rated items in; the factors of other items mean nothing.  Where there are none, the model
 * predicts nothing for this person. */
static int fold_in(struct question *question, struct person *person)
{
	const struct model *model = question->model;
	uint32_t *items = malloc((person->known.n + 1) * sizeof *items);
	float *scores = malloc((person->known.n + 1) * sizeof *scores);
	struct animed_error err;
	int status = 0;
	size_t n = 0;

	for (size_t r = 0; items && scores && r < person->known.n; r++) {
		if (!model_rated(model, person->items[r]))
			continue;
		items[n] = person->items[r];
		scores[n++] = person->scores[r];
	}
	if (!items || !scores)
		status = question_out_of_memory(question);
	else if (n > 0 &&
		 model->model->fold_in(&model->file.factors, n, items, scores, person->vector, &person->bias, &err) < 0)
		status = rpc_fail(&question->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", err.text);
	person->predicted = n > 0;
	free(items);
	free(scores);
	return status;
}

static int find_factors(struct question *question, uint32_t user, struct person *person)
{
	const struct animed_factors *factors = &question->model->file.factors;

	person->vector = malloc(factors->k * sizeof *person->vector);
	if (!person->vector)
		return question_out_of_memory(question);
	if (user != UINT32_MAX) {
		memcpy(person->vector, factors->user_factors + (size_t)user * factors->k,
		       factors->k * sizeof *person->vector);
		person->bias = factors->user_bias ? factors->user_bias[user] : 0;
		person->predicted = true;
	} else if (fold_in(question, person) < 0) {
		return -1;
	}
	person->user = *factors;
	person->user.n_users = 1;
	person->user.user_factors = person->vector;
	person->user.user_bias = factors->user_bias ? &person->bias : NULL;
	/* The scale is opened: many items may be predicted at its end, and only what lies beyond it tells them
	 * apart. */
	if (person->user.scale.link == ANIMED_IDENTITY)
		person->user.scale.low = -FLT_MAX, person->user.scale.high = FLT_MAX;
	return 0;
}

float person_predict(const struct person *person, uint32_t item)
{
	return person->question->model->model->predict(&person->user, 0, item);
}

float person_predict_within(const struct person *person, uint32_t item)
{
	const struct animed_scale *scale = &person->question->model->file.factors.scale;

	return fminf(fmaxf(person_predict(person, item), scale->low), scale->high);
}

/* ---- what ranking plugins ask ---- */

static int similar(void *ctx, const struct animed_term *terms, size_t n, float *scores, struct animed_error *err)
{
	const struct person *person = ctx;

	return measure_sum(&person->question->model->measures[0], terms, n, scores, err);
}

static int predict(void *ctx, float *scores, struct animed_error *err)
{
	const struct person *person = ctx;
	const struct model *model = person->question->model;

	(void)err;
	for (uint32_t i = 0; i < model->file.factors.n_items; i++)
		scores[i] = person->predicted && model_rated(model, i) ? person_predict(person, i) : -INFINITY;
	return 0;
}

int person_open(struct question *question, const struct query *query, struct person *person)
{
	const bool named = query->user != UINT32_MAX;

	*person = (struct person){.question = question};
	if ((named ? take_lists(question, query->user, person) : take_terms(question, query, person)) < 0)
		return -1;
	person->known.items = person->items;
	person->known.scores = person->scores;
	person->known.ctx = person;
	person->known.similar = similar;
	person->known.predict = predict;
	return find_factors(question, query->user, person);
}

void person_close(struct person *person)
{
	free(person->items);
	free(person->scores);
	free(person->vector);
	*person = (struct person){.items = NULL};
}

/* query-person.c - finds the person that a query recommends to, and answers what ranking plugins ask of the model. */
#include "config.h"

#include "query/query-person.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kit/score-weight.h"

/* ---- what they have rated ---- */

/* Make room for n shows. */
static int reserve(struct question *question, size_t n, struct person *person)
{
	person->items = malloc((n + 1) * sizeof *person->items);
	person->scores = malloc((n + 1) * sizeof *person->scores);
	person->scored = malloc((n + 1) * sizeof *person->scored);
	return person->items && person->scores && person->scored ? 0 : question_out_of_memory(question);
}

static int take_terms(struct question *question, const struct query_person *listed, struct person *person)
{
	if (reserve(question, listed->n_terms, person) < 0)
		return -1;
	for (size_t t = 0; t < listed->n_terms; t++) {
		person->items[t] = listed->terms[t].item;
		person->scores[t] = listed->terms[t].weight;
		person->scored[t] = !listed->terms[t].unscored;
	}
	person->known.n = listed->n_terms;
	return 0;
}

/* Forget the dislikes of a user. */
static void drop_dislikes(struct person *person)
{
	const struct animed_scale *scale = &person->question->model->file.factors.scale;
	const struct score_scale of = {scale->low, scale->high};
	size_t n = 0;

	for (size_t r = 0; r < person->known.n; r++) {
		if (score_place(of, person->scores[r]) <= ENTRY_DISLIKED)
			continue;
		person->items[n] = person->items[r];
		person->scores[n] = person->scores[r];
		person->scored[n++] = person->scored[r];
	}
	person->known.n = n;
}

static int take_lists(struct question *question, uint32_t user, struct person *person)
{
	const struct rating_lists *lists = &question->model->file.ratings;
	const struct favourite_lists *liked = &question->model->file.favourites;
	const uint64_t begin = lists->offsets ? lists->offsets[user] : 0,
		       first = liked->offsets ? liked->offsets[user] : 0;
	const size_t n = lists->offsets ? (size_t)(lists->offsets[user + 1] - begin) : 0;
	const size_t more = liked->offsets ? (size_t)(liked->offsets[user + 1] - first) : 0;

	if (reserve(question, n + more, person) < 0)
		return -1;
	if (n > 0) {
		memcpy(person->items, lists->items + begin, n * sizeof *person->items);
		memcpy(person->scores, lists->scores + begin, n * sizeof *person->scores);
	}
	for (size_t f = 0; f < more; f++) {
		person->items[n + f] = liked->items[first + f];
		person->scores[n + f] = question->model->file.factors.scale.high;
	}
	for (size_t r = 0; r < n + more; r++)
		person->scored[r] = r < n;
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

int person_open(struct question *question, const struct query *query, const struct query_person *listed,
		struct person *person)
{
	const bool named = query->user != UINT32_MAX;

	*person = (struct person){.question = question};
	if ((named ? take_lists(question, query->user, person) : take_terms(question, listed, person)) < 0)
		return -1;
	if (named && query->ignore_dislikes)
		drop_dislikes(person);
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
	free(person->scored);
	free(person->vector);
	*person = (struct person){.items = NULL};
}

/* query-person.h - whom a `recommend` query is for: their ratings, and their place among the factors of the model. */
#ifndef ANIMED_QUERY_PERSON_H
#define ANIMED_QUERY_PERSON_H

#include "query/query.h"

struct person {
	struct question *question;
	struct animed_person known; /* what a ranking plugin is given */
	uint32_t *items;            /* owned; [known.n] */
	float *scores;              /* owned; the same */
	bool *scored;               /* owned; the same: whether the score is one that they gave */
	bool predicted;             /* whether the model predicts scores for this person */
	struct animed_factors user; /* the model's factors with this person as their single user, if so */
	float *vector, bias;        /* what `user` points to; the vector is owned */
};

/* Find the person: the ratings are those of `listed`, or those of the user that the query names, as far as the model file
 * has them.  The factors are those of the user, or are folded in from the ratings of items that the model has learnt.
 * `person` must not move afterwards.  Returns 0.  On failure returns -1 and fills question->err.  The caller calls
 * person_close() in either case. */
int person_open(struct question *question, const struct query *query, const struct query_person *listed,
		struct person *person);
void person_close(struct person *person);

/* Returns the score that the model predicts for an item, without a clamp where its scale has one at the ends.  Only if
 * person->predicted. */
float person_predict(const struct person *person, uint32_t item);

/* Returns the same, kept within the scale. */
float person_predict_within(const struct person *person, uint32_t item);

#endif

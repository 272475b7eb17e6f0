/* ease.h - ranking by what people with the same taste rate well: a linear model over pairs of items.
 *
 * EASE (Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", 2019) predicts what somebody rates from what they
 * have rated, by the matrix B whose column j is the ridge regression of item j on all other items.  B comes out of one
 * inverse.  Somebody new needs no training: their values are a sum of rows of B.  What is different here is said in
 * animed-ease(7), with the formulas. */
#ifndef PLUGINS_EASE_H
#define PLUGINS_EASE_H

#include "animed-plugin.h"

/* The parameter table, and the places of its values. */
enum { EASE_RIDGE, EASE_RIDGE_SHARE, EASE_FRANCHISE, EASE_KEPT, EASE_MIN_RATINGS, EASE_ITEMS };
extern const struct animed_param ease_params[];

/* The operations of struct animed_learn_ops and struct animed_ranking_ops.  What is learnt are these tensors, for n
 * items:
 *   offsets, items, values   the kept cells of B; row i is what knowing item i says of the others
 *   counts   U32 [n]         how many ratings each item has
 *   scale    F32 [2]         the lowest and the highest score */
int ease_learn(const struct animed_value *values, const struct animed_dataset *data, const struct animed_items *items,
	       const struct animed_host *host, struct animed_learnt *learnt, struct animed_error *err);
void ease_release(struct animed_learnt *learnt);

int ease_open(const struct animed_ranking_input *input, void **index, struct animed_error *err);
void ease_close(void *index);
int ease_scores(const void *index, const struct animed_person *person, float *scores, struct animed_error *err);
float ease_match(float value);
int ease_parts(const void *index, const struct animed_person *person, size_t n, const uint32_t *items, float *parts,
	       float *rest, struct animed_error *err);

#endif

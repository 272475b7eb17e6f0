/* corating.h - similarity by who rated both items, and by what their genres and synopses have in common.
 *
 * With K_ij the likeness of the contents of items i and j, which is the scalar product of their genres plus that of
 * their words, the score of j as an answer for i is
 *
 *     ratings_i E_ij (1 + K_ij) + content_i K_ij known_j
 *
 * E_ij is the partial correlation of the ratings of the two.  animed-corating(7) has the formulas. */
#ifndef PLUGINS_CORATING_H
#define PLUGINS_CORATING_H

#include "animed-plugin.h"
#include "corating/features.h"
#include "corating/postings.h"
#include "kit/sparse-rows.h"

/* The rows of the table of parameters. */
enum corating_param {
	CORATING_RIDGE,
	CORATING_KEPT,
	CORATING_MIN_RATINGS,
	CORATING_ITEMS,
	CORATING_EVIDENCE,
	CORATING_TEXT,
	CORATING_CONTENT,
	CORATING_PLACE,
	CORATING_NEIGHBOURS,
};

/* Genres, or words of synopses. */
struct corating_names {
	struct postings postings;
	struct animed_strings names; /* one for each column */
};

struct corating {
	uint32_t n; /* items */
	const int64_t *ids;
	struct sparse_rows partial;             /* E */
	const float *ratings, *content, *known; /* [n] */
	struct corating_names genres, words;
	uint64_t telling; /* words of more items than this are not named as parts */
};

/* ---- learning (animed_learn_ops) ---- */

int corating_learn(const struct animed_value *values, const struct animed_dataset *data,
		   const struct animed_items *items, const struct animed_host *host, struct animed_learnt *learnt,
		   struct animed_error *err);
void corating_release(struct animed_learnt *learnt);

/* ---- answering (animed_similarity_ops) ---- */

int corating_open(const struct animed_value *values, const struct animed_similarity_input *input,
		  const struct animed_host *host, void **index, struct animed_error *err);
void corating_close(void *index);
int corating_top_k(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits,
		   size_t *n, struct animed_error *err);
int corating_neighbours(const void *index, uint32_t first, uint32_t n, const struct animed_query *query, size_t limit,
			struct animed_hit *hits, uint32_t *counts, struct animed_error *err);
int corating_scores(const void *index, const struct animed_query *query, float *scores, struct animed_error *err);
int corating_parts(const void *index, const struct animed_query *query, uint32_t item, size_t limit,
		   struct animed_part *parts, size_t *n, float *rest, struct animed_error *err);

#endif

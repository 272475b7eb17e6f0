/* query-explain-private.h - what the parts of an explanation share. */
#ifndef ANIMED_QUERY_EXPLAIN_PRIVATE_H
#define ANIMED_QUERY_EXPLAIN_PRIVATE_H

#include "query/query-person.h"
#include "query/query.h"

enum {
	FACTORS = 3, /* factors that an explanation names: those that add most to the score */
	TITLES = 2,  /* shows that describe a factor; a pole has one more, since none describes its own franchise */
	TERMS = 4,   /* terms of the query whose raters are counted */
	PARTS = 8,   /* parts of a learnt similarity: those that are largest */
	KNOWN = 5,   /* shows of the person that an explanation of a recommendation names */
	TOLD = 3,    /* of these, those for it, and those against it, that its sentence names */
};

/* A show, and how far out on a pole it lies: the size of its coordinate, which is above 0. */
struct pole_show {
	uint32_t item;
	float far;
};

/* One end of a factor, and the shows that lie farthest out on it: the farthest first, at most one of a franchise. */
struct pole {
	uint32_t factor;
	bool negative;
	struct pole_show shows[TITLES + 1];
	size_t n;
};

/* What a factor adds to the score of a hit, and the place of the pole on which the hit lies in explainer->poles. */
struct share {
	float part;
	size_t pole;
};

/* The people who rated both a term and a hit: how many, and the sums of their scores. */
struct raters {
	uint32_t both;
	double sum_term, sum_hit;
};

/* What a show that the person has rated gave to the value of a hit; `known` is its place among their ratings. */
struct known_part {
	size_t known;
	float part;
};

/* The explanation of a hit.  `rest` is what its score has beside the shares. */
struct why {
	struct share shares[FACTORS];
	size_t n_shares;
	struct animed_part parts[PARTS];
	size_t n_parts;
	struct known_part known[KNOWN];
	size_t n_known;
	float rest;
	struct raters raters[TERMS];
};

struct explainer {
	const struct model *model;
	const struct query *query;
	const struct query_result *result;
	struct person person; /* recommend */
	const float *rows;
	uint32_t k;
	uint32_t terms[TERMS];
	size_t n_terms;
	struct pole *poles;
	size_t n_poles, poles_room;
	struct why *hits; /* [result->n] */
};

/* Find what adds to the score of a hit, and what is left of it: explain_factors() the factors that add most,
 * explain_parts() the largest parts of a similarity that learns, explain_known() the person's shows that gave most to
 * each recommendation.  They return 0, or -1 where memory is short. */
int explain_factors(struct explainer *e, const struct animed_query *asked, size_t hit, struct animed_part *parts);
int explain_parts(struct explainer *e, const struct animed_query *asked, size_t hit);
int explain_known(struct explainer *e);

/* Count the people who rated both a term and a hit, for each such pair; the users are read only once.  Returns 0, or -1
 * where memory is short. */
int explain_raters(struct explainer *e);

/* Write to `titles` the shows that describe a pole in the explanation of `item`: none is of the franchise of `item`.
 * Returns how many there are. */
size_t explain_describing(const struct explainer *e, const struct pole *pole, uint32_t item, uint32_t titles[TITLES]);

/* Whether the score of a show of the person says that they dislike it. */
bool explain_disliked(const struct explainer *e, size_t known);

/* Write the explanation of a hit as a sentence of less than `size` bytes. */
void explain_text(const struct explainer *e, size_t hit, char *out, size_t size);

#endif

/* taste.h - what somebody's list says of their taste, against what everybody has rated. */
#ifndef ANIMED_TASTE_H
#define ANIMED_TASTE_H

#include "query/entries.h"
#include "query/question.h"

enum taste_kind { TASTE_GENRE, TASTE_DECADE, TASTE_TYPE, TASTE_KINDS };

/* What shows have in common: a genre, a decade or a type. */
struct taste_trait {
	enum taste_kind kind;
	uint32_t label;   /* of the facet; of a decade its first year */
	size_t shows;     /* of the list */
	size_t scored;    /* of these, those with a score */
	double sum;       /* of these scores */
	double share;     /* of the shows of the list */
	double expected;  /* of all ratings, or of all shows where the numbers of ratings are not known */
	double deviation; /* how many standard deviations the share lies above what is expected */
};

/* A show, and how far its score lies above the mean of all. */
struct taste_show {
	uint32_t item;
	float score, difference;
};

enum { TASTE_SHOWS = 5 };

struct taste {
	size_t shows, scored;       /* how many are seen, and have a score */
	double mean;                /* of the scores; NaN: there is none */
	double others;              /* of the means of the shows that are scored; NaN where they are not known */
	struct taste_trait *traits; /* owned; those that are most above what is expected first */
	size_t n_traits;
	struct taste_show above[TASTE_SHOWS], below[TASTE_SHOWS]; /* the farthest first */
	size_t n_above, n_below;
};

/* Find what a list says.  Returns 0.  On failure returns -1 and fills question->err.  The caller calls taste_free() in
 * either case. */
int taste_find(struct question *question, const struct entries *entries, struct taste *taste);
void taste_free(struct taste *taste);

/* A share this many standard deviations from what is expected marks somebody. */
#define TASTE_MARKS 2.0

#endif

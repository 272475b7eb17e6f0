/* compare.h - what two people have in common, where they differ, and what each of them should see of the other's. */
#ifndef ANIMED_COMPARE_H
#define ANIMED_COMPARE_H

#include "query/query.h"

/* A show that both have scored. */
struct compare_show {
	uint32_t item;
	float scores[2];
};

struct comparison {
	struct compare_show *common; /* owned; what both have scored, by item */
	size_t n;
	size_t seen; /* shows that both have seen */
	double
	    correlation; /* Pearson's, of the scores; NaN where there are too few or one person gives one score only */
	double affinity; /* the same times n / (n + COMPARE_SHRINK) */
	struct compare_show *liked; /* owned; of `common` what both like: the best first */
	size_t n_liked;
	struct compare_show *differ; /* owned; of `common` what is not scored the same: the farthest apart first */
	size_t n_differ;
};

/* As many shows in common take half of a correlation away: few agree or differ by chance. */
#define COMPARE_SHRINK 10.0

/* Scores from this place on the scale on say that somebody likes a show. */
#define COMPARE_LIKED 0.7F

/* Compare two lists.  Returns 0.  On failure returns -1 and fills question->err.  The caller calls compare_free() in
 * either case. */
int compare_find(struct question *question, const struct entries *a, const struct entries *b,
		 struct comparison *comparison);
void compare_free(struct comparison *comparison);

/* Make of the query of one person, whose list is read, one for what `other` likes and they have not seen. */
int compare_limit(struct question *question, struct query *query, const struct entries *other);

#endif

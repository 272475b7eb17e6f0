/* next.h - what continues the shows that somebody has finished: of each franchise the shows that are not seen, in the
 * order in which they are to be seen. */
#ifndef ANIMED_NEXT_H
#define ANIMED_NEXT_H

#include "query/query.h"

/* A franchise of which something was finished and something is not seen. */
struct next_series {
	uint32_t franchise;
	uint32_t after; /* what was finished last of what comes before the first show, or else of all */
	float score;    /* the highest that a finished show of it has */
	size_t begin;   /* in next_result.items */
	size_t n;
};

struct next_result {
	struct next_series *series; /* owned; those with the highest scores first */
	size_t n;
	uint32_t *items; /* owned */
};

/* Find what continues the list of a query of the kind QUERY_NEXT: every franchise, whatever the limit.  Franchises of
 * which something was given up are left out.  Returns 0.  On failure returns -1 and fills question->err.  The caller
 * calls next_free() in either case. */
int next_find(struct question *question, const struct query *query, struct next_result *result);
void next_free(struct next_result *result);

#endif

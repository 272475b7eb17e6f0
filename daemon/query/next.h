/* next.h - what continues the shows that somebody has finished: of each franchise the shows that are not seen.  What comes
 * after the last finished one is first, then what came before it, then what is aside; each in the order in which it is to
 * be seen. */
#ifndef ANIMED_NEXT_H
#define ANIMED_NEXT_H

#include "query/query.h"

/* What a show is to the last finished one of its franchise. */
enum next_kind {
	NEXT_AFTER,  /* later, or of an unknown year */
	NEXT_BEFORE, /* earlier, by its year */
	NEXT_ASIDE,  /* a special, an OVA, a video, a recap or another trifle */
};

struct next_item {
	uint32_t item;
	enum next_kind kind;
};

/* A franchise of which something was finished and something is not seen. */
struct next_series {
	uint32_t franchise;
	uint32_t place;      /* among the franchises of the list */
	uint32_t after;      /* the last of what was finished, by year */
	enum next_kind kind; /* of the first show */
	float score;         /* the highest that a finished show of it has */
	size_t begin;        /* in next_result.items */
	size_t n;
};

struct next_result {
	struct next_series *series; /* owned; those that go on and have the highest scores first */
	size_t n;
	struct next_item *items; /* owned */
	size_t filtered_out;     /* shows that are not seen and do not pass the filters */
};

/* Find what continues the list of a query of the kind QUERY_NEXT: every franchise, whatever the limit.  Franchises of
 * which something was given up are left out.  Returns 0.  On failure returns -1 and fills question->err.  The caller
 * calls next_free() in either case. */
int next_find(struct question *question, const struct query *query, struct next_result *result);
void next_free(struct next_result *result);

#endif

/* query-values.h - finds a value for every item, by which a query ranks them before they are weighed. */
#ifndef ANIMED_QUERY_VALUES_H
#define ANIMED_QUERY_VALUES_H

#include "query/query-person.h"
#include "query/query.h"

/* The people that a `recommend` query is for: one or, with the option `with`, two. */
struct people {
	struct person at[2];
	size_t n;
};

/* Find the people of a query; there are none unless it is a `recommend` query.  `people` must not move afterwards.
 * Returns 0.  On failure returns -1 and fills question->err.  The caller calls people_close() in either case. */
int people_open(struct question *question, const struct query *query, struct people *people);
void people_close(struct people *people);

/* Write the value of each item of the mask to values[0 .. items), and note in `result` what gave it.  The value
 * -INFINITY means that the item cannot be an answer.  The values of items that are not in the mask mean nothing.  Returns
 * 0.  On failure returns -1 and fills question->err. */
int query_values(struct question *question, const struct query *query, const struct people *people,
		 const uint64_t *mask, float *values, struct query_result *result);

#endif

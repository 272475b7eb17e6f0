/* tune-space.h - what a search over the parameters of a model searches: a range for each of some numbers, and points in
 * it. */
#ifndef ANIMED_TUNE_SPACE_H
#define ANIMED_TUNE_SPACE_H

#include "animed-plugin.h"

struct rng;

enum { TUNE_DIMS = 16 };

/* How far below and above the value of the configuration a tunable parameter is searched, as a factor. */
#define TUNE_SPREAD 4.0

/* A parameter that is searched, low < high. */
struct tune_dim {
	size_t param; /* in the table */
	double low, high;
	bool logarithmic;
};

struct tune_space {
	const struct animed_param *table;
	struct animed_value *base; /* the configuration's, and what --set fixes; texts are the configuration's */
	struct tune_dim dims[TUNE_DIMS];
	size_t n;
};

/* A value for each dimension, as it is given to the model: whole where the parameter is, else of three digits. */
struct tune_point {
	double at[TUNE_DIMS];
};

/* The parameters that `table` marks tunable, around their `values` and within their bounds; one that is not set, or not
 * above 0, has no such range and is left alone.  Then each of n texts changes that: "NAME=LOW..HIGH" searches any
 * number there, "NAME=VALUE" fixes it.  `values` must outlive the space, which is to be freed either way. */
int tune_space_init(struct tune_space *space, const struct animed_param *table, const struct animed_value *values,
		    const char *const *sets, size_t n, struct animed_error *err);
void tune_space_free(struct tune_space *space);

/* The configuration as a point, moved into the ranges that --set gives. */
struct tune_point tune_space_start(const struct tune_space *space);

/* n points, drawn from a window that has `width` (0..1] of every dimension, around `centre` as far as the ranges allow;
 * every n-th part of the window has one point in each dimension (a Latin hypercube; McKay, Beckman and Conover 1979).
 */
void tune_space_sample(const struct tune_space *space, const struct tune_point *centre, double width, size_t n,
		       struct rng *rng, struct tune_point *points);
bool tune_space_equal(const struct tune_space *space, const struct tune_point *a, const struct tune_point *b);

/* Write the values of a point to `values`, as many as the table has. */
void tune_space_values(const struct tune_space *space, const struct tune_point *point, struct animed_value *values);

/* -1, 1: the point is at the lower, upper end of a dimension that the table lets go further; else 0. */
int tune_space_edge(const struct tune_space *space, size_t dim, const struct tune_point *point);

#endif

/* tune-space.h - the space of a search: a range for each parameter that is searched, and points in it. */
#ifndef ANIMED_TUNE_SPACE_H
#define ANIMED_TUNE_SPACE_H

#include "animed-plugin.h"

struct rng;

enum { TUNE_DIMS = 16 };

/* A tunable parameter is searched from its configured value divided by this to the value times this. */
#define TUNE_SPREAD 4.0

/* A parameter that is searched, low < high. */
struct tune_dim {
	size_t param; /* in the table */
	double low, high;
	bool logarithmic;
};

struct tune_space {
	const struct animed_param *table;
	struct animed_value *base; /* the configured values, with what --set fixes; texts belong to the configuration */
	struct tune_dim dims[TUNE_DIMS];
	size_t n;
};

/* A value for each dimension, as the model gets it: a whole number where the parameter is one, else of three digits. */
struct tune_point {
	double at[TUNE_DIMS];
};

/* Make the space of the parameters that `table` marks tunable, each around its configured value and within its bounds.
 * One that is not set, or not above 0, is left out.  Then each of n texts changes that: "NAME=LOW..HIGH" searches a
 * number there, "NAME=VALUE" fixes it.  `values` must outlive the space.  The caller frees it with tune_space_free(),
 * on failure too.  On failure returns -1 and fills err. */
int tune_space_init(struct tune_space *space, const struct animed_param *table, const struct animed_value *values,
		    const char *const *sets, size_t n, struct animed_error *err);
void tune_space_free(struct tune_space *space);

/* The configuration as a point, moved into the ranges that --set gives. */
struct tune_point tune_space_start(const struct tune_space *space);

/* Draw n points from a window around `centre`, as far as the ranges allow, that has `width` (0..1] of each dimension.
 * Each n-th of the window has one point in each dimension (a Latin hypercube; McKay, Beckman and Conover 1979). */
void tune_space_sample(const struct tune_space *space, const struct tune_point *centre, double width, size_t n,
		       struct rng *rng, struct tune_point *points);
bool tune_space_equal(const struct tune_space *space, const struct tune_point *a, const struct tune_point *b);

/* Write the values of all parameters at a point to `values`, which has room for the table. */
void tune_space_values(const struct tune_space *space, const struct tune_point *point, struct animed_value *values);

/* Whether the point is at an end of a dimension beyond which the table allows more.  Returns -1 for the lower end, 1
 * for the upper one, else 0. */
int tune_space_edge(const struct tune_space *space, size_t dim, const struct tune_point *point);

#endif

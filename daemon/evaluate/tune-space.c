/* tune-space.c - works out the ranges, and draws points that fill them evenly. */
#include "config.h"

#include "evaluate/tune-space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/spelling.h"
#include "config/param-read.h"
#include "kit/rng.h"

static bool is_number(const struct animed_param *param)
{
	return param->type == ANIMED_INT || param->type == ANIMED_REAL;
}

static double number_of(const struct animed_param *param, const struct animed_value *value)
{
	return param->type == ANIMED_INT ? (double)value->integer : value->real;
}

static void set_number(const struct animed_param *param, struct animed_value *value, double number)
{
	*value = (struct animed_value){.set = true};
	if (param->type == ANIMED_INT)
		value->integer = llround(number);
	else
		value->real = number;
}

/* A number on the scale on which the dimension is searched; from_scale() goes back. */
static double to_scale(const struct tune_dim *dim, double number)
{
	return dim->logarithmic ? log(number) : number;
}

static double from_scale(const struct tune_space *space, const struct tune_dim *dim, double place)
{
	char text[32];
	double number = dim->logarithmic ? exp(place) : place;

	if (space->table[dim->param].type == ANIMED_INT) {
		number = round(number);
	} else {
		/* rounded to what is printed, so that what is printed is what was tried */
		(void)snprintf(text, sizeof text, "%.3g", number);
		number = strtod(text, NULL);
	}
	return fmin(fmax(number, dim->low), dim->high);
}

/* ---- the ranges ---- */

static struct tune_dim *find_dim(struct tune_space *space, size_t param)
{
	for (size_t d = 0; d < space->n; d++) {
		if (space->dims[d].param == param)
			return &space->dims[d];
	}
	return NULL;
}

static void drop_dim(struct tune_space *space, size_t param)
{
	struct tune_dim *dim = find_dim(space, param);

	if (!dim)
		return;
	space->n--;
	memmove(dim, dim + 1, (size_t)(space->dims + space->n - dim) * sizeof *dim);
}

/* Add a dimension, or replace that of the same parameter.  Dimensions stand in the order of the table. */
static int add_dim(struct tune_space *space, const struct tune_dim *dim, struct animed_error *err)
{
	size_t at = 0;

	drop_dim(space, dim->param);
	if (space->n == TUNE_DIMS)
		return animed_fail(err, "there are more than %d parameters to search; fix some with --set NAME=VALUE",
				   TUNE_DIMS);
	while (at < space->n && space->dims[at].param < dim->param)
		at++;
	memmove(&space->dims[at + 1], &space->dims[at], (space->n - at) * sizeof *dim);
	space->dims[at] = *dim;
	space->n++;
	return 0;
}

/* Add a range around the configured value of parameter p, where it is tunable and the range is not empty. */
static int add_tunable(struct tune_space *space, size_t p, struct animed_error *err)
{
	const struct animed_param *param = &space->table[p];
	struct tune_dim dim = {.param = p, .logarithmic = true};

	if (!(param->flags & ANIMED_TUNABLE) || !is_number(param) || !space->base[p].set)
		return 0;
	const double value = number_of(param, &space->base[p]);
	if (value <= 0)
		return 0;
	dim.low = value / TUNE_SPREAD;
	dim.high = value * TUNE_SPREAD;
	if (param->min != 0 || param->max != 0) {
		dim.low = fmax(dim.low, param->min);
		dim.high = fmin(dim.high, param->max);
	}
	if (param->type == ANIMED_INT) {
		dim.low = ceil(dim.low);
		dim.high = floor(dim.high);
	}
	return dim.low < dim.high ? add_dim(space, &dim, err) : 0;
}

/* Find the parameter that `set` names before its '='. */
static int find_param(const struct tune_space *space, const char *set, size_t *found, struct animed_error *err)
{
	const size_t n = params_count(space->table), length = strcspn(set, "=");
	const char **names = calloc(n + 1, sizeof *names);
	char *name = strndup(set, length);
	int status = -1;

	for (size_t p = 0; names && name && p < n; p++) {
		names[p] = space->table[p].name;
		if (strcmp(names[p], name) == 0) {
			*found = p;
			status = 0;
		}
	}
	if (!names || !name) {
		animed_fail(err, "out of memory");
	} else if (set[length] != '=') {
		status = animed_fail(err, "\"%s\" is neither NAME=LOW..HIGH nor NAME=VALUE", set);
	} else if (status < 0) {
		const char *near = nearest_word(name, names, n);
		animed_fail(err, "the model has no parameter \"%s\"%s%s%s", name, near ? "; did you mean \"" : "",
			    near ? near : "", near ? "\"?" : "");
	} else if (!is_number(&space->table[*found])) {
		status = animed_fail(err, "%s is not a number; give it in the configuration", name);
	}
	free(names);
	free(name);
	return status;
}

static int parse_number(const struct animed_param *param, const char *text, size_t length, double *number,
			struct animed_error *err)
{
	char *word = strndup(text, length);
	struct animed_value value;
	struct animed_error why;
	int status = -1;

	if (!word)
		return animed_fail(err, "out of memory");
	if (value_parse(param, word, "/", &value, &why) < 0)
		animed_fail(err, "%s: %s", param->name, why.text);
	else
		status = 0;
	if (status == 0)
		*number = number_of(param, &value);
	free(word);
	return status;
}

static int apply_set(struct tune_space *space, const char *set, struct animed_error *err)
{
	struct tune_dim dim = {.param = 0};

	if (find_param(space, set, &dim.param, err) < 0)
		return -1;
	const struct animed_param *param = &space->table[dim.param];
	const char *text = strchr(set, '=') + 1, *dots = strstr(text, "..");
	if (!dots) {
		if (parse_number(param, text, strlen(text), &dim.low, err) < 0)
			return -1;
		set_number(param, &space->base[dim.param], dim.low);
		drop_dim(space, dim.param);
		return 0;
	}
	if (parse_number(param, text, (size_t)(dots - text), &dim.low, err) < 0 ||
	    parse_number(param, dots + 2, strlen(dots + 2), &dim.high, err) < 0)
		return -1;
	if (dim.low >= dim.high)
		return animed_fail(err, "%s: %s is no range; LOW must be below HIGH", param->name, text);
	dim.logarithmic = dim.low > 0 && dim.high / dim.low >= 2;
	return add_dim(space, &dim, err);
}

int tune_space_init(struct tune_space *space, const struct animed_param *table, const struct animed_value *values,
		    const char *const *sets, size_t n, struct animed_error *err)
{
	const size_t size = params_count(table);
	int status = 0;

	*space = (struct tune_space){.table = table, .base = calloc(size + 1, sizeof *space->base)};
	if (!space->base)
		return animed_fail(err, "out of memory");
	memcpy(space->base, values, size * sizeof *values);
	for (size_t p = 0; status == 0 && p < size; p++)
		status = add_tunable(space, p, err);
	for (size_t s = 0; status == 0 && s < n; s++)
		status = apply_set(space, sets[s], err);
	if (status == 0 && space->n == 0)
		status = animed_fail(err, "there is nothing to search: the model has no tunable parameter that is set "
					  "above 0 and not fixed; give one with --set NAME=LOW..HIGH");
	return status;
}

void tune_space_free(struct tune_space *space)
{
	free(space->base);
	space->base = NULL;
}

/* ---- points ---- */

struct tune_point tune_space_start(const struct tune_space *space)
{
	struct tune_point point = {{0}};

	for (size_t d = 0; d < space->n; d++) {
		const struct tune_dim *dim = &space->dims[d];
		const struct animed_value *value = &space->base[dim->param];
		/* a parameter that is not set begins in the middle of its range */
		point.at[d] = value->set
				  ? fmin(fmax(number_of(&space->table[dim->param], value), dim->low), dim->high)
				  : from_scale(space, dim, (to_scale(dim, dim->low) + to_scale(dim, dim->high)) / 2);
	}
	return point;
}

void tune_space_sample(const struct tune_space *space, const struct tune_point *centre, double width, size_t n,
		       struct rng *rng, struct tune_point *points)
{
	memset(points, 0, n * sizeof *points);
	for (size_t d = 0; d < space->n; d++) {
		const struct tune_dim *dim = &space->dims[d];
		const double low = to_scale(dim, dim->low), high = to_scale(dim, dim->high);
		const double window = (high - low) * width;
		const double from = fmin(fmax(to_scale(dim, centre->at[d]) - window / 2, low), high - window);
		for (size_t i = 0; i < n; i++)
			points[i].at[d] = (double)i;
		/* shuffle which part of the window each point is in */
		for (size_t i = n; i > 1; i--) {
			const size_t j = rng_below(rng, (uint32_t)i);
			const double t = points[j].at[d];
			points[j].at[d] = points[i - 1].at[d];
			points[i - 1].at[d] = t;
		}
		for (size_t i = 0; i < n; i++) {
			const double share = (points[i].at[d] + 1 - rng_unit(rng)) / (double)n;
			points[i].at[d] = from_scale(space, dim, from + window * share);
		}
	}
}

bool tune_space_equal(const struct tune_space *space, const struct tune_point *a, const struct tune_point *b)
{
	for (size_t d = 0; d < space->n; d++) {
		if (fabs(a->at[d] - b->at[d]) > 0)
			return false;
	}
	return true;
}

void tune_space_values(const struct tune_space *space, const struct tune_point *point, struct animed_value *values)
{
	memcpy(values, space->base, params_count(space->table) * sizeof *values);
	for (size_t d = 0; d < space->n; d++) {
		const size_t p = space->dims[d].param;
		set_number(&space->table[p], &values[p], point->at[d]);
	}
}

int tune_space_edge(const struct tune_space *space, size_t d, const struct tune_point *point)
{
	const struct tune_dim *dim = &space->dims[d];
	const struct animed_param *param = &space->table[dim->param];
	const bool bounded = param->min != 0 || param->max != 0;
	const double low = to_scale(dim, dim->low), high = to_scale(dim, dim->high);
	const double share = (to_scale(dim, point->at[d]) - low) / (high - low);

	if (share < 0.03 && (!bounded || dim->low > param->min))
		return -1;
	return share > 0.97 && (!bounded || dim->high < param->max) ? 1 : 0;
}

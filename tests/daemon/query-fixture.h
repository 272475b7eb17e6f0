/* query-fixture.h - a small model made by hand, opened with the plugins in the tree, and methods called on it without a
 * daemon. */
#ifndef TESTS_QUERY_FIXTURE_H
#define TESTS_QUERY_FIXTURE_H

#include <jansson.h>

#include "query/query.h"

enum { QUERY_USERS = 4, QUERY_SHOWS = 11, QUERY_K = 3 };

struct show {
	int64_t id;
	const char *title, *type, *genres;
	int32_t year;
	int64_t members, count, tops; /* tops: ratings that are the highest score */
	float mean, vector[QUERY_K];
};

/* By position; no user has rated the same as another. */
extern const struct show shows[QUERY_SHOWS];

/* What is asked, and how; a test may change the configuration. */
extern struct conf query_conf;
extern struct model *query_model;

/* The shows as model "m", served with cosine; and their end. */
void query_setup(void);
void query_teardown(void);

/* What a model file is made of. */
struct parts {
	uint32_t n_items;
	const float *user_factors, *item_factors; /* [QUERY_USERS, QUERY_K], [n_items, QUERY_K] */
	struct catalogue catalogue;
	struct rating_lists ratings;
};

/* Write a model; the shows, `bare`: nothing but their ids, titles and vectors. */
void write_parts(const char *name, const struct parts *parts);
void write_shows(const char *name, bool bare);

/* Serve the model of this name; with another similarity plugin, before it. */
void serve_model(const char *name);
void use_similarity(const char *name);

/* Call a method with JSON as its parameters.  The result, to be given back. */
json_t *get(const struct method *method, const char *params);

/* The ids of its items as text: "11,12,20"; and item number i. */
const char *ids_of(const json_t *result);
const json_t *nth(const json_t *result, size_t i);
double real_of(const json_t *object, const char *key);

/* Check that the result has these items; that there is none, but this error with `part` in its text. */
void expect_ids(const struct method *method, const char *params, const char *ids);
void expect_failure(const struct method *method, const char *params, const char *name, const char *part);

#endif

/* query.h - a question that takes work: its parameters read, answered with an exact scan, explained, packed.
 *
 * Data flows question -> query -> query_result -> reply. */
#ifndef ANIMED_QUERY_H
#define ANIMED_QUERY_H

#include "query/params.h"
#include "query/query-filter.h"

/* What is asked for; a bit each, since the rows of the table of options say which of them take the option. */
enum query_kind {
	QUERY_SIMILAR = 1u << 0,   /* nearest to the terms, by similarity */
	QUERY_RECOMMEND = 1u << 1, /* highest predicted score for a user */
	QUERY_CULT = 1u << 2,      /* highest cult, see traits.h */
	QUERY_SEARCH = 1u << 3,    /* by title; only filter and limit are read */
};

#define QUERY_MAX_ITEMS 1000

/* An item that was asked about, and how much of it: in `similar` a factor, in `recommend` a score. */
struct query_term {
	uint32_t item;
	float weight;
	const char *matched; /* as in struct named_item */
};

struct query {
	enum query_kind kind;
	bool single;              /* similar: one title and no list of them */
	struct query_term *terms; /* owned */
	size_t n_terms, terms_room;
	uint32_t user; /* recommend: of the model, or UINT32_MAX: made from the terms */

	size_t limit;
	struct filter filter;
	double shrink;     /* 0: none */
	double popularity; /* -1 to 1, 0: does not count */
	enum sequels sequels;
	bool cult; /* weighs */
	bool explain;
};

/* The seconds that a question of this kind is expected to take; may be wrong for questions that are. */
double query_cost(struct question *question, enum query_kind kind);

/* Read the options, parameter `i`, and what the configuration has for those that are not given.  0, or -1 with
 * question->err; *query is to be freed with query_free() either way. */
int query_read_options(struct question *question, uint32_t i, enum query_kind kind, struct query *query);

/* Read the terms of parameter `i`: for `similar` a title or id, or a list of these and of [title or id, weight]; for
 * `recommend` a list of [title or id, score].  After query_read_options(). */
int query_read_terms(struct question *question, uint32_t i, struct query *query);

void query_free(struct query *query);

struct query_hit {
	uint32_t item;
	float value; /* similarity, predicted score or cult */
	float score; /* by which it is ranked: the value as shrink, popularity and cult change it */
};

struct query_result {
	struct query_hit *hits; /* score descending, then id; owned */
	size_t n;
	bool weighed;                  /* scores may differ from values */
	size_t passed;                 /* items that the filters let through, what was asked about left out */
	size_t loosened[FILTER_PARTS]; /* where none passed: how many would without this part */
	bool seen_known;               /* recommend: the model knows what the user has rated: */
	size_t seen;                   /* so many shows, which are no answers */
};

/* Answer a query that query_read_terms() has completed.  0, or -1 with question->err; *result is to be freed with
 * query_result_free() either way. */
int query_run(struct question *question, const struct query *query, struct query_result *result);
void query_result_free(struct query_result *result);

/* Of `hits`, whose order is final, keep those that `sequels` lets be answers to a query for `item`; returns how many of
 * at most `limit` (up to QUERY_MAX_ITEMS).  What query_run() does for lists that were computed before. */
size_t query_keep_sequels(const struct model *model, enum sequels sequels, uint32_t item, const struct animed_hit *hits,
			  size_t n, struct animed_hit *kept, size_t limit);

/* What the terms of a `similar` query come to, as the similarity plugin is asked.  *vector is to be freed.  -1 with
 * question->err: a term is not in the model, they cancel each other out, or memory is short. */
int query_compose(struct question *question, const struct query *query, struct animed_query *out, float **vector);

struct explainer;

/* ---- the reply ---- */

/* The entries that all replies to queries have after their first ones: items, and what the filters did. */
uint32_t query_common_entries(const struct query *query, const struct query_result *result);
void query_pack_common(struct question *question, const struct query *query, const struct query_result *result,
		       const struct explainer *explainer); /* NULL: without explanations */

/* An array of the terms: items with `matched` and `weight` or `score`. */
void query_pack_terms(struct question *question, const struct query *query);

/* The name of the value of the kind's hits: "similarity", "predicted", "cult". */
const char *query_value_name(enum query_kind kind);

/* ---- explanations ---- */

/* Prepare to explain the hits of a `similar` query.  NULL: out of memory. */
struct explainer *explain_open(struct question *question, const struct query *query, const struct query_result *result);
void explain_close(struct explainer *explainer);

/* Pack why hit number `hit` is an answer: a map of text, factors, rest and raters (see PROTOCOL.md). */
void explain_pack(const struct explainer *explainer, size_t hit, msgpack_packer *reply);

#endif

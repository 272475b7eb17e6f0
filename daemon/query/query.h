/* query.h - queries: their options and terms, their answers by an exact scan, explanations of these, and replies.
 *
 * Data flows question -> query -> query_result -> reply. */
#ifndef ANIMED_QUERY_H
#define ANIMED_QUERY_H

#include "query/entries.h"
#include "query/params.h"
#include "query/query-filter.h"

/* The kinds of queries.  Each is a bit, since a row of the table of options names all kinds that take the option. */
enum query_kind {
	QUERY_SIMILAR = 1u << 0,   /* nearest to the terms, by similarity */
	QUERY_RECOMMEND = 1u << 1, /* highest predicted score for a user */
	QUERY_CULT = 1u << 2,      /* highest cult, see cult.h */
	QUERY_SEARCH = 1u << 3,    /* by title; only filter and limit are read */
	QUERY_NEXT = 1u << 4,      /* what continues what was finished; the same */
};

#define QUERY_MAX_ITEMS 1000

/* The most shows that the options `exclude` and `only` name. */
#define QUERY_MAX_NAMED ENTRIES_MAX

/* An item that was asked about.  `weight` is its weight in `similar`, its score in `recommend`. */
struct query_term {
	uint32_t item;
	float weight;
	const char *matched; /* as in struct named_item */
	struct text typed;   /* the same */
	bool unscored;       /* recommend: the score is what something else was taken for */
};

/* Somebody with a list. */
struct query_person {
	struct entries entries;
	struct query_term *terms; /* owned; what of the list says something of a taste */
	size_t n_terms;
};

/* How a value for two people is made of those for each. */
enum query_for {
	FOR_BOTH,   /* the smaller one */
	FOR_EITHER, /* the mean */
};
#define QUERY_FOR_CHOICES "both|either"

struct query {
	enum query_kind kind;
	bool single;              /* similar: the terms are one title or id, not a list */
	struct query_term *terms; /* owned */
	size_t n_terms, terms_room;
	struct named_item *excluded; /* owned; the shows of the option `exclude`, whose items are in the filter, too */
	size_t n_excluded, excluded_room;
	struct entries_missing not_excluded,
	    not_only; /* shows of the options `exclude` and `only` that were not found */

	/* recommend */
	uint32_t user;                                   /* a user of the model; UINT32_MAX: `person` */
	struct query_person person;                      /* owned */
	struct query_person other;                       /* owned; the option `with` */
	uint64_t *seen, *ignored;                        /* owned; masks of what the lists say; NULL for a user */
	const msgpack_object *with, *scale, *with_scale; /* options, in the request; NULL: not given */
	enum query_for two;
	bool ignore_dislikes;

	const struct measure *measure; /* similar: by which similarity; the model's */
	size_t limit;
	struct filter filter;
	double shrink;     /* 0: none */
	double popularity; /* -1 to 1; 0: does not weigh */
	enum sequels sequels;
	bool sequels_by_request;
	double diverse; /* from 0 to 1: how much less an answer counts for being like those before it */
	bool random;    /* whether the answers are drawn, by `seed` */
	uint64_t seed;
	bool cult;                    /* whether the place by cult weighs */
	bool explain, explain_if_can; /* the second: as far as that can be done */
};

/* Returns the seconds that a question of this kind is expected to take.  The number means nothing if the question will
 * be refused. */
double query_cost(struct question *question, enum query_kind kind);

/* Read the options, parameter `i`, into *query; what is not given is taken from the configuration.  Returns 0.  On
 * failure returns -1 and fills question->err.  The caller calls query_free() in either case. */
int query_read_options(struct question *question, uint32_t i, enum query_kind kind, struct query *query);

/* Read the terms of `similar`, parameter `i`, into *query, after query_read_options(): a title or id, or a list of
 * titles, ids and [title or id, weight].  Returns 0.  On failure returns -1 and fills question->err. */
int query_read_terms(struct question *question, uint32_t i, struct query *query);

/* Read the list of `recommend`, parameter `i`, and that of the option `with`, into *query, after query_read_options().
 * Returns 0.  On failure returns -1 and fills question->err. */
int query_read_list(struct question *question, uint32_t i, struct query *query);

/* Refuse options that a list alone can have, where `recommend` is asked for a user. */
int query_check_user(struct question *question, const struct query *query);

void query_person_free(struct query_person *person);

void query_free(struct query *query);

struct query_hit {
	uint32_t item;
	float value; /* similarity, cult, or what the ranking gives */
	float score; /* what it is ranked by: the value, weighed by shrink, popularity and cult */
	float predicted
	    [2]; /* recommend: the score that the model predicts for the person and for the one of `with`, within
			       its scale; NaN: it predicts none */
};

struct query_result {
	struct query_hit *hits; /* owned; score descending, then id */
	size_t n;
	const char *by;                /* the name of the similarity or ranking that gave the values */
	bool popular;                  /* recommend: nothing is known of a taste, and the values are popularities */
	bool weighed;                  /* whether scores may differ from values */
	size_t passed;                 /* how many items the filters let through, without what was asked about */
	size_t loosened[FILTER_PARTS]; /* if none passed: how many would pass without this part */
	bool seen_known;               /* recommend: whether the model knows what the user has rated */
	size_t seen;                   /* how many shows were asked about, or rated by the user; they are no answers */
};

/* The name of the ranking by the model's predictions, where no plugin ranks. */
#define RANKED_BY_PREDICTION "predicted"

/* The same for somebody of whose taste nothing is known. */
#define RANKED_BY_POPULARITY "popularity"

/* Whether recommendations come from a plugin that learns. */
static inline bool query_ranking_learns(const struct model *model)
{
	return model->ranking.ops && model->ranking.ops->learn;
}

/* Answer a query whose terms are read.  Returns 0.  On failure returns -1 and fills question->err.  The caller calls
 * query_result_free() in either case. */
int query_run(struct question *question, const struct query *query, struct query_result *result);
void query_result_free(struct query_result *result);

/* Copy to `kept` those of the n `hits` that `sequels` lets be answers to a query for `item`, at most `limit` and at
 * most QUERY_MAX_ITEMS.  The hits are in their final order.  Returns how many were kept.  query_run() does the same;
 * this is for lists that were computed before. */
size_t query_keep_sequels(const struct model *model, enum sequels sequels, uint32_t item, const struct animed_hit *hits,
			  size_t n, struct animed_hit *kept, size_t limit);

/* Turn the terms of a `similar` query into what the similarity plugin is asked.  Returns 0.  If the terms cancel each
 * other out or memory is short, returns -1 and fills question->err.  The caller frees *scratch, which *out may point
 * to, with free() in either case. */
int query_compose(struct question *question, const struct query *query, struct animed_query *out, void **scratch);

struct explainer;

/* ---- the reply ---- */

/* query_pack_common() packs the entries that the replies to all queries have behind their own: the items, and what the
 * filters did.  query_common_entries() returns how many entries these are. */
uint32_t query_common_entries(const struct query *query, const struct query_result *result);
void query_pack_common(struct question *question, const struct query *query, const struct query_result *result,
		       const struct explainer *explainer); /* NULL: no explanations */

/* Pack, as far as there are any, the entries `excluded`, the shows of the option `exclude` with `matched` and `typed`, and
 * `exclude_not_found` and `only_not_found`, the shows of these options that were not found.  query_named_entries()
 * returns how many entries these are. */
uint32_t query_named_entries(const struct query *query);
void query_pack_named(struct question *question, const struct query *query);

/* Pack n terms: an array of items with `matched`, `typed` and `weight` or `score`. */
void query_pack_terms(struct question *question, const struct query *query, const struct query_term *terms, size_t n);

/* Returns the score by which an item is ranked as people read it, from 0 to 1. */
double query_match(const struct model *model, const struct query *query, const struct query_result *result,
		   float score);

/* ---- which of the best are the answers ---- */

/* Returns how many of the best items are to be found so that the answers can be chosen among them. */
size_t query_pool(const struct query *query);

/* Choose the answers among the hits that query_pool() asked for, as `random` and `diverse` say.  Returns 0.  On failure
 * returns -1 and fills question->err. */
int query_choose(struct question *question, const struct query *query, struct query_result *result);

/* ---- explanations ---- */

/* Prepare to explain the hits of a `similar` or `recommend` query.  `query` and `result` must outlive the explainer, which the caller
 * frees with explain_close().  Returns NULL where memory is short. */
struct explainer *explain_open(struct question *question, const struct query *query, const struct query_result *result);
void explain_close(struct explainer *explainer);

/* Pack why hit number `hit` is an answer: a map as PROTOCOL.md describes it. */
void explain_pack(const struct explainer *explainer, size_t hit, msgpack_packer *reply);

#endif

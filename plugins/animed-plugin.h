/* animed-plugin.h - the public ABI between animed and its plugins.
 *
 * A plugin is a shared object that exports exactly one symbol, `animed_plugin`, a constant description made with
 * ANIMED_PLUGIN().  It names the kind of the plugin, the table of its parameters (from which the daemon validates and
 * documents the configuration) and the operations of that kind.
 *
 * Conventions, for every operation:
 *   - the return value is 0 on success and -1 on failure; on failure the callee has filled `err` with animed_fail();
 *   - memory belongs to whoever allocated it; what an operation receives is valid until it returns, unless said
 *     otherwise;
 *   - an operation marked "any thread" may run concurrently with itself on the same object; the others may not;
 *   - text is UTF-8; users and items are numbered from 0 by the daemon, items in ascending order of their id.
 */
#ifndef ANIMED_PLUGIN_H
#define ANIMED_PLUGIN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised whenever a structure or operation below changes its meaning or layout. */
#define ANIMED_PLUGIN_ABI 7u

/* ---- errors ---- */

/* What went wrong, where, and what to do about it; one line, no trailing newline. */
struct animed_error {
	char text[1024];
};

/* Fill `err` (may be NULL) and return -1, so that a failing operation can `return animed_fail(err, ...)`. */
__attribute__((format(printf, 2, 3))) static inline int animed_fail(struct animed_error *err, const char *fmt, ...)
{
	if (err) {
		va_list ap;
		va_start(ap, fmt);
		(void)vsnprintf(err->text, sizeof err->text, fmt, ap);
		va_end(ap);
	}
	return -1;
}

/* ---- parameters ---- */

enum animed_type {
	ANIMED_BOOL = 1, /* true | false */
	ANIMED_INT,      /* int64_t within [min, max] */
	ANIMED_REAL,     /* double within [min, max] */
	ANIMED_STRING,   /* any text */
	ANIMED_PATH,     /* a file; relative ones are relative to the configuration file */
	ANIMED_ENUM,     /* one of `choices` */
	ANIMED_RANGE,    /* [low, high], two reals with low < high, both within [min, max] */
	ANIMED_DURATION, /* 90s, 30m, 24h, 1d12h; seconds within [min, max] */
	ANIMED_LIST,     /* [any text, another]; `def` has a line for each */
	ANIMED_MATCH, /* {name: any text, other: [a, b]}: a list with a name and a text of it in turn: name, any text,
			  * other, a, other, b; `def` has a line for each of them */
};

enum animed_param_flag {
	ANIMED_REQUIRED = 1u << 0, /* the configuration must give it, and there is no default */
	ANIMED_TUNABLE = 1u << 1,  /* INT, REAL: `animed tune` searches it, around its value and within min and max */
	ANIMED_SECRET = 1u << 2,   /* STRING: a connection, whose password is masked wherever the value is shown */
};

/* One row of a plugin's parameter table.  A dot in the name nests: "ratings.path" is `ratings: {path: ...}`. */
struct animed_param {
	const char *name;
	enum animed_type type;
	const char *def;     /* the default as YAML; NULL: there is none (see animed_value.set) */
	double min, max;     /* INT, REAL, RANGE: inclusive bounds; none where both are 0 */
	const char *choices; /* ENUM: "sgd|notebook"; PATH: words that stand for themselves, such as "none", or NULL */
	unsigned flags;      /* enum animed_param_flag */
	const char *help;    /* one sentence */
};

struct animed_list {
	const char *const *at;
	size_t n;
};

/* The value of one parameter, already validated.  Values come as an array in the order of the table. */
struct animed_value {
	bool set; /* false only where neither the configuration nor the table gives a value */
	union {
		bool boolean;
		int64_t integer; /* INT, and the seconds of a DURATION */
		double real;
		const char *string; /* STRING, PATH (absolute) and ENUM */
		double range[2];
		struct animed_list list; /* LIST, MATCH */
	};
};

/* ---- the host ---- */

enum animed_level { ANIMED_DEBUG, ANIMED_INFO, ANIMED_WARN, ANIMED_ERROR };

/* How far a training run is.  Sent often; the host throttles. */
struct animed_progress {
	int epoch;         /* from 0 */
	int epochs;        /* how many there will be */
	double fraction;   /* how much of this epoch is done, 0..1 */
	bool epoch_done;   /* the figures below are those of the finished epoch */
	double train_loss; /* mean squared error, in squared score units */
	double valid_loss; /* the same on the held-out ratings; NaN where there are none */
	double seconds;    /* how long this epoch took, with its validation */
};

/* What the daemon offers to an operation that takes long.  All callbacks are there; they are called with `ctx`.
 * OpenBLAS works in the thread that calls it, since the daemon has set it so. */
struct animed_host {
	void *ctx;
	void (*log)(void *ctx, enum animed_level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
	void (*progress)(void *ctx, const struct animed_progress *progress);
	bool (*cancelled)(void *ctx); /* true: stop, free everything and return animed_fail(err, "cancelled") */
	unsigned threads;             /* how many threads to use, at least 1 */
};

/* ---- strings in columns ---- */

/* n strings in one piece of memory: string i is bytes[offsets[i] .. offsets[i+1]), not NUL-terminated.
 * A column that is not there has offsets == NULL. */
struct animed_strings {
	const char *bytes;
	const uint64_t *offsets; /* n + 1 of them, ascending */
};

/* ---- kind: source ---- */

/* n rows of the catalogue.  Absent columns are NULL (strings: offsets NULL); absent cells are 0 or "". */
struct animed_item_batch {
	size_t n;
	const int64_t *ids;
	struct animed_strings titles;
	struct animed_strings alt_titles; /* other names of the item, '|' between them */
	struct animed_strings synopses;
	struct animed_strings genres; /* '|' between them: "Action|Sci-Fi" */
	struct animed_strings types;  /* "TV", "Movie", ... */
	const int32_t *years;         /* of the first airing */
	const int32_t *episodes;
	const int64_t *members;      /* how many people list it */
	struct animed_strings tags;  /* '|' between them; compared as genres are, but neither shown nor filtered by */
	struct animed_strings links; /* the address of a page about the item */
	struct animed_strings pictures; /* the address of a picture of it */
};

/* n ratings. */
struct animed_rating_batch {
	size_t n;
	struct animed_strings users; /* the user's name or id as text */
	const int64_t *items;        /* item ids */
	const float *scores;         /* finite */
};

/* n favourites: items that somebody likes best, without a score. */
struct animed_favourite_batch {
	size_t n;
	struct animed_strings users; /* as in the ratings */
	const int64_t *items;        /* item ids */
};

/* Where a source puts what it reads: the items first, then their details, the favourites and the ratings.  Where one of
 * the callbacks returns -1, with `err` filled, the source must stop. */
struct animed_sink {
	void *ctx;
	int (*items)(void *ctx, const struct animed_item_batch *batch, struct animed_error *err);
	/* Take what another list knows of the items, found by id; rows of other items are left out.  Titles and alternative
	 * titles become alternative titles, tags are added, and the other cells are filled where they are empty. */
	int (*details)(void *ctx, const struct animed_item_batch *batch, struct animed_error *err);
	int (*favourites)(void *ctx, const struct animed_favourite_batch *batch, struct animed_error *err);
	int (*ratings)(void *ctx, const struct animed_rating_batch *batch, struct animed_error *err);
	uint64_t limit; /* the source may stop each of the four after this many rows, for a look at what there is */
};

/* What a source counted, for the summary that the host logs. */
struct animed_source_stats {
	uint64_t item_rows, item_rejects;     /* rows read, and those of them that could not be used */
	uint64_t rating_rows, rating_rejects; /* the same for ratings */
	uint64_t unrated;                     /* rating rows that say "seen but not rated"; neither used nor rejects */
	uint64_t detail_rows, detail_rejects;
	uint64_t favourite_rows, favourite_rejects;
	uint64_t others, other_items; /* rows of ratings and favourites, and of items, that are of other kinds, which a
				       * rule of the configuration leaves out; in no count above */
	bool limited;                 /* there is more than sink->limit */
	float score_low, score_high;  /* the scale of the scores, where the configuration says it; else both 0 */
};

struct animed_source_ops {
	/* Stream everything into `sink`, in batches of thousands of rows. */
	int (*load)(const struct animed_value *values, const struct animed_sink *sink, const struct animed_host *host,
		    struct animed_source_stats *stats, struct animed_error *err);
	/* Whether what load() delivers depends on the values, on the content of the files that values of type ANIMED_PATH
	 * name, and on what state() tells, alone.  The host may then keep it, and load again only when one of them has
	 * changed. */
	bool cacheable;
	/* Write a text, shorter than `size`, that changes whenever what load() delivers may have changed for a reason that
	 * no size and modification time of such a file shows; an empty one where that cannot be known, so that what was
	 * kept is never used.  NULL: there is no such reason, or for a source that reads no files, no way to know.  Any
	 * thread, but not while load() runs. */
	int (*state)(const struct animed_value *values, char *out, size_t size, struct animed_error *err);
};

/* ---- kind: model ---- */

/* Ratings in columns: user < n_users, item < n_items, score finite.  No (user, item) pair twice. */
struct animed_ratings {
	size_t n;
	const uint32_t *users;
	const uint32_t *items;
	const float *scores;
};

/* Items that users like best, without a score, by user, then item.  No pair twice, and none that has a rating in the
 * data, held out or not. */
struct animed_favourites {
	size_t n;
	uint32_t n_users; /* at least that of the ratings: users from there on have favourites alone */
	const uint32_t *users;
	const uint32_t *items;
};

/* What a model is trained on. */
struct animed_dataset {
	uint32_t n_users, n_items;
	struct animed_ratings train;
	struct animed_ratings valid;         /* held out; n may be 0 */
	float score_min, score_max;          /* of the scale, or else over train and valid */
	struct animed_favourites favourites; /* likes as strong as score_max, for plugins that learn from likes; models
					      * that predict scores leave them aside */
};

enum animed_link { ANIMED_IDENTITY, ANIMED_SIGMOID };

/* How z becomes a score: sigmoid: low + (high - low) / (1 + exp(-z)); identity: global_mean + z, clamped to
 * [low, high]. */
struct animed_scale {
	enum animed_link link;
	float low, high;
	float global_mean; /* read with the identity alone */
};

/* A trained or loaded factor model: z(u, i) = user_factors[u] . item_factors[i] (+ user_bias[u] + item_bias[i]). */
struct animed_factors {
	uint32_t n_users, n_items, k;
	const float *user_factors; /* [n_users, k], row major */
	const float *item_factors; /* [n_items, k] */
	const float *user_bias;    /* [n_users], or NULL where the variant has none */
	const float *item_bias;    /* [n_items], or NULL */
	struct animed_scale scale;
};

struct animed_train_result {
	struct animed_factors factors; /* the arrays belong to the plugin until release() */
	int epochs;                    /* how many were run */
	int best_epoch;                /* whose factors these are, from 0 */
	double train_loss, valid_loss; /* mean squared error of that epoch; valid: NaN where nothing was held out */
	void *opaque;                  /* the plugin's own */
};

struct animed_model_ops {
	/* Train on `data`.  `seed` decides everything random: the same data, values and seed give the same bits
	 * whatever host->threads is.  On success fills *result, which the host hands to release() in the end. */
	int (*train)(const struct animed_value *values, const struct animed_dataset *data, uint64_t seed,
		     const struct animed_host *host, struct animed_train_result *result, struct animed_error *err);
	void (*release)(struct animed_train_result *result);

	/* Check that the tensors of a loaded model are those of this variant, such as whether it has biases. */
	int (*check)(const struct animed_factors *factors, struct animed_error *err);

	/* The predicted score of `user` for `item`, within the range of the scale.  Any thread. */
	float (*predict)(const struct animed_factors *factors, uint32_t user, uint32_t item);

	/* The vectors among which similar items are looked for: *vectors becomes [n_items, *k], row major, owned by
	 * the factors.  Any thread. */
	void (*item_vectors)(const struct animed_factors *factors, const float **vectors, uint32_t *k);

	/* Make a user who is not in the model from a list of ratings: writes k factors to `user` and the user's bias
	 * to *bias (0 where the variant has none).  n >= 1.  Any thread. */
	int (*fold_in)(const struct animed_factors *factors, size_t n, const uint32_t *items, const float *scores,
		       float *user, float *bias, struct animed_error *err);

	/* Set the values that are not set and whose default depends on others, so that what is shown, searched and
	 * recorded is what is in force.  Numbers only.  May be NULL. */
	void (*complete)(struct animed_value *values);
};

/* ---- what plugins learn ---- */

/* The catalogue, for plugins that learn from more than the ratings: n items, as in the ratings.  A column that is not
 * known is NULL (strings: offsets NULL).  Absent cells are 0 or "". */
struct animed_items {
	uint32_t n;
	const int64_t *ids;
	struct animed_strings synopses;
	struct animed_strings genres; /* '|' between them */
	struct animed_strings tags;   /* '|' between them */
	const int64_t *members;       /* how many people list it */
	const uint32_t *franchises;   /* the number of the franchise, below n; items of one franchise share it */
};

enum animed_dtype { ANIMED_U8 = 1, ANIMED_U32, ANIMED_U64, ANIMED_F32 };

/* n values in a row.  A sparse matrix of r rows is three tensors: NAME.offsets U64 [r + 1], NAME.items U32 and
 * NAME.values F32, where row i is at [offsets[i], offsets[i + 1]). */
struct animed_tensor {
	const char *name; /* unique within the plugin; letters, digits, '_' and '.', at most 40 of them */
	enum animed_dtype dtype;
	uint64_t n;
	const void *data;
};

struct animed_tensors {
	size_t n;
	const struct animed_tensor *at;
};

/* What a plugin has learnt.  The tensors belong to the plugin until release(). */
struct animed_learnt {
	struct animed_tensors tensors;
	void *opaque; /* the plugin's own */
};

/* How similarities and rankings learn.  The host trains the plugin with learn(), writes the tensors to the model file,
 * and hands those of the file it serves to open().  A file may come from anywhere: open() must check that the tensors
 * are there and fit each other and the items.  The host has checked that no F32 is NaN or infinite. */
struct animed_learn_ops {
	/* Learn from data->train.  The same data, items and values give the same bits whatever host->threads is.  On
	 * success fills *learnt, which the host hands to release() in the end. */
	int (*learn)(const struct animed_value *values, const struct animed_dataset *data,
		     const struct animed_items *items, const struct animed_host *host, struct animed_learnt *learnt,
		     struct animed_error *err);
	void (*release)(struct animed_learnt *learnt);
};

/* ---- kind: similarity ---- */

/* n item vectors of k floats, row major.  They stay valid and unchanged for the life of the index. */
struct animed_vectors {
	uint32_t n, k;
	const float *rows;
	const int64_t *ids;      /* [n], for the order of equal scores; valid as long as the rows */
	const uint64_t *present; /* a mask as animed_query.mask; items that are not in it have no meaningful vector, are
				  * never asked about and are no answers.  NULL: all are.  Valid as long as the rows */
};

/* What an index is made of.  All of it stays valid and unchanged for the life of the index. */
struct animed_similarity_input {
	struct animed_vectors vectors; /* of the model; for a plugin that learns, all items are asked about */
	struct animed_items items;
	struct animed_tensors learnt; /* what learn() gave; n is 0 for a plugin that does not learn */
};

#define ANIMED_NO_ITEM UINT32_MAX

struct animed_term {
	uint32_t item;
	float weight; /* negative: away from this item */
};

/* What is asked for: the neighbours of an item of the index or, where item == ANIMED_NO_ITEM, of several.  These are
 * given as a vector to a plugin that compares vectors, and as terms to one that learns, which adds up the scores of
 * the terms, each times its weight. */
struct animed_query {
	uint32_t item;
	const float *vector;             /* [k], read only when item == ANIMED_NO_ITEM */
	const struct animed_term *terms; /* [n_terms], the same */
	size_t n_terms;
	const uint64_t *mask; /* bit i % 64 of word i / 64 set: item i may be in the answer.  NULL: all may */
	const float *weights; /* [n], none negative: answers come in the order of score times weight, in floats.  NULL:
			       * in that of the score.  Hits have the score itself in either case */
};

struct animed_hit {
	uint32_t item;
	float score; /* larger is more similar */
};

/* What a part of a score stands for. */
enum animed_part_kind {
	ANIMED_PART_FACTOR = 1, /* a factor of the model */
	ANIMED_PART_RATINGS,    /* who rated both */
	ANIMED_PART_GENRE,      /* a genre of both */
	ANIMED_PART_WORD,       /* a word in the synopses of both */
};

struct animed_part {
	enum animed_part_kind kind;
	float value;
	uint32_t factor;  /* FACTOR */
	const char *text; /* GENRE, WORD: not NUL-terminated; valid as long as the index */
	size_t length;
};

/* A plugin whose table has an INT parameter "neighbours" lets the daemon compute that many neighbours of every item
 * beforehand and answer from these lists.  One that answers as fast as a list does leaves the parameter out. */
struct animed_similarity_ops {
	/* Only the direction of a vector counts, not its length: the host brings vectors to length 1 before it adds
	 * them up to ask for several items at once. */
	bool directional;

	/* NULL: the plugin compares the model's vectors.  Else it learns, and every item of the catalogue can be asked
	 * about and be an answer; its scores count the evidence themselves, so that the host's own shrinkage and least
	 * number of ratings apply only where somebody asks for them. */
	const struct animed_learn_ops *learn;

	/* Build an index, which the host hands to close() in the end. */
	int (*open)(const struct animed_value *values, const struct animed_similarity_input *input,
		    const struct animed_host *host, void **index, struct animed_error *err);
	void (*close)(void *index);

	/* Write the best answers, at most `limit`, to `hits`: score (times weight) descending, then id ascending; *n
	 * receives how many there are.  The items that are asked about by number are never among them, nor is, where
	 * the metric needs a direction, an item without one (a zero vector).  Any thread. */
	int (*top_k)(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits,
		     size_t *n, struct animed_error *err);

	/* Write what top_k() answers, to the bit, for each of the items [first, first + n) in place of query->item.
	 * Item first + i has counts[i] answers from hits[i * limit] on.  Where it is NULL the host asks for one item
	 * after the other.  Any thread. */
	int (*neighbours)(const void *index, uint32_t first, uint32_t n, const struct animed_query *query, size_t limit,
			  struct animed_hit *hits, uint32_t *counts, struct animed_error *err);

	/* Write the score of each item, as top_k() has it to the bit, to scores[0 .. vectors.n), for rankings that
	 * weigh more than similarity.  Items that top_k() never answers, such as the one asked about, get -INFINITY.
	 * Mask and weights are not read.  Where it is NULL the host asks top_k() for all items.  Any thread. */
	int (*scores)(const void *index, const struct animed_query *query, float *scores, struct animed_error *err);

	/* Returns a score as people read it, from 0, no match, to 1, a perfect one; it rises with the score.  For
	 * several terms the host has divided their weights by the sum of those above 0.  NULL: the score itself, kept
	 * between 0 and 1.  Any thread. */
	float (*match)(float score);

	/* Take the score of `item`, which top_k() may answer, apart: the largest parts, at most `limit`, go to `parts`
	 * by descending size without regard to the sign, their number to *n, and what is left of the score to *rest.
	 * The sum of all is the score but for rounding.  Where it is NULL no explanation tells parts.  Any thread. */
	int (*parts)(const void *index, const struct animed_query *query, uint32_t item, size_t limit,
		     struct animed_part *parts, size_t *n, float *rest, struct animed_error *err);
};

/* ---- kind: ranking ---- */

/* Somebody for whom items are ranked: what they have rated, each item once, and what the host knows to ask. */
struct animed_person {
	size_t n; /* at least 1 */
	const uint32_t *items;
	const float *scores;
	void *ctx; /* of the callbacks */
	/* Write what the similarity of the pipeline scores each item for the terms to scores[0 .. items), added up as
	 * for struct animed_query, each times its weight as it is given; 0 for the terms themselves and for what has
	 * no score. */
	int (*similar)(void *ctx, const struct animed_term *terms, size_t n, float *scores, struct animed_error *err);
	/* Write the score that the model predicts for this person and each item, without a clamp at the ends of the
	 * scale, to scores[0 .. items). */
	int (*predict)(void *ctx, float *scores, struct animed_error *err);
};

struct animed_ranking_input {
	struct animed_items items;
	struct animed_tensors learnt; /* as in struct animed_similarity_input */
};

struct animed_ranking_ops {
	const struct animed_learn_ops *learn; /* NULL: it learns nothing */

	/* Build an index, which the host hands to close() in the end.  The input stays valid and unchanged for the life
	 * of the index. */
	int (*open)(const struct animed_value *values, const struct animed_ranking_input *input,
		    const struct animed_host *host, void **index, struct animed_error *err);
	void (*close)(void *index);

	/* Write the value by which each item is ranked for a person, the larger the better, to scores[0 .. items).
	 * -INFINITY: the item is no answer.  The person's own items may have any value.  Any thread. */
	int (*scores)(const void *index, const struct animed_person *person, float *scores, struct animed_error *err);

	/* Returns a value as people read it, from 0, no match, to 1, a perfect one; it rises with the value.  NULL: the
	 * value is a score that the model predicts, and its place on the scale is the match.  Any thread. */
	float (*match)(float value);

	/* Take the values of n items apart into what each item of the person gave to them: part p of items[i] goes to
	 * parts[i * person->n + p], negative ones too, and what is left to rest[i].  Their sum is the value but for
	 * rounding.  Where it is NULL no explanation names items.  Any thread. */
	int (*parts)(const void *index, const struct animed_person *person, size_t n, const uint32_t *items,
		     float *parts, float *rest, struct animed_error *err);
};

/* ---- the description ---- */

enum animed_kind { ANIMED_SOURCE = 1, ANIMED_MODEL, ANIMED_SIMILARITY, ANIMED_RANKING };

struct animed_plugin {
	uint32_t abi;  /* ANIMED_PLUGIN_ABI */
	uint32_t size; /* sizeof (struct animed_plugin) */
	enum animed_kind kind;
	const char *name;                  /* as the configuration names it, and the file's name without ".so" */
	const char *summary;               /* one line */
	const struct animed_param *params; /* ended by a row whose name is NULL */
	union {
		const struct animed_source_ops *source;
		const struct animed_model_ops *model;
		const struct animed_similarity_ops *similarity;
		const struct animed_ranking_ops *ranking;
	} ops;
};

/* The name under which dlsym() finds the description. */
#define ANIMED_PLUGIN_SYMBOL "animed_plugin"

/* Define and export the description:
 *     ANIMED_PLUGIN(.kind = ANIMED_MODEL, .name = "plain", .summary = "...", .params = params, .ops.model = &ops); */
#define ANIMED_PLUGIN(...)                                                                                             \
	__attribute__((visibility("default"))) extern const struct animed_plugin animed_plugin;                        \
	const struct animed_plugin animed_plugin = {                                                                   \
	    .abi = ANIMED_PLUGIN_ABI, .size = sizeof(struct animed_plugin), __VA_ARGS__}

#ifdef __cplusplus
}
#endif

#endif

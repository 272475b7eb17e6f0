/* dataset.h - what a source delivered, made ready for training: users and items numbered, repeats resolved, unknown
 * items dropped or kept, and split. */
#ifndef ANIMED_DATASET_H
#define ANIMED_DATASET_H

#include "config/conf.h"
#include "data/catalogue.h"

struct dataset_summary {
	struct animed_source_stats source;
	uint64_t item_repeats;    /* catalogue rows whose id came again later; the last one counts */
	uint64_t rating_repeats;  /* (user, item) pairs that came again later; the last one counts */
	uint64_t unknown_ratings; /* ratings of items that the catalogue does not have */
	uint64_t unknown_items;   /* how many such items */
	double seconds;           /* from the first row to the finished dataset */
	double first_seconds;     /* the same of the load that made the cache which this one came from; 0: none did */
};

struct dataset; /* owns everything below */

/* Run the source and build the dataset, or map what was kept of it (see dataset-cache.h).  The caller frees *out with
 * dataset_free().  Returns 0.  On failure returns -1 and fills err. */
int dataset_load(const struct conf_stage *source, const struct dataset_options *options, const struct animed_host *host,
		 struct dataset **out, struct animed_error *err);
void dataset_free(struct dataset *dataset);

/* All ratings after repeats and unknown items are resolved, in the order of (user, item); users are numbered in the
 * order in which their names sort, items in the order of their ids; so the same ratings in another order of rows give
 * the same dataset (but for which of two repeats came last). */
struct animed_ratings dataset_ratings(const struct dataset *dataset);
/* Where in them each user's begin, n_users + 1 places. */
const uint64_t *dataset_user_offsets(const struct dataset *dataset);
const struct catalogue *dataset_catalogue(const struct dataset *dataset);
const struct animed_strings *dataset_users(const struct dataset *dataset, uint32_t *n_users);
const struct dataset_summary *dataset_summary(const struct dataset *dataset);

enum { DIGEST_SIZE = 17 };

/* Write a digest of the ratings, item ids and user names: 16 hexadecimal digits of 64-bit XXH3.  Equal datasets have equal
 * digests.  Returns 0.  On failure, which is short memory, returns -1 and fills err. */
int dataset_digest(const struct dataset *dataset, char out[DIGEST_SIZE], struct animed_error *err);

/* Say the summary through host->log, one or a few lines: rows, users, items, repeats, rejects, seconds. */
void dataset_log_summary(const struct dataset *dataset, const struct animed_host *host);

struct split; /* owns copies of the ratings in two parts */

/* Put floor(valid_pct * n) ratings, chosen at random by `seed`, aside for validation (0 <= valid_pct < 1).  Both parts
 * keep the order of the ratings.  *view is valid until split_free(). */
int split_random(const struct dataset *dataset, double valid_pct, uint64_t seed, struct split **out,
		 struct animed_dataset *view, struct animed_error *err);
void split_free(struct split *split);

#endif

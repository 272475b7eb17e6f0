/* dataset.h - what a source delivered, made ready for training: users and items numbered, repeated rows resolved,
 * ratings of unknown items dropped or kept, and the ratings split into a part to train on and one to measure with. */
#ifndef ANIMED_DATASET_H
#define ANIMED_DATASET_H

#include "config/conf.h"
#include "data/catalogue.h"

struct dataset_summary {
	struct animed_source_stats source;
	uint64_t item_repeats;    /* catalogue rows whose id came again later; the last row counts */
	uint64_t rating_repeats;  /* ratings whose (user, item) pair came again later; the last one counts */
	uint64_t unknown_ratings; /* ratings of items that the catalogue does not have */
	uint64_t unknown_items;   /* how many such items */
	uint64_t unknown_details; /* rows of details of items that the catalogue does not have */
	uint64_t unknown_favourites;
	uint64_t favourite_repeats; /* favourites that had been there already */
	uint64_t rated_favourites;  /* favourites that the user has rated as well; the rating counts */
	double seconds;             /* that the load took */
	double first_seconds;       /* that the load took which made the cache; 0: this dataset is not from a cache */
};

struct dataset; /* owns all that the functions below point to */

/* Run the source and build the dataset, or map what was kept of it (see dataset-cache.h).  The caller frees *out with
 * dataset_free().  Returns 0.  On failure returns -1 and fills err. */
int dataset_load(const struct conf_stage *source, const struct dataset_options *options, const struct animed_host *host,
		 struct dataset **out, struct animed_error *err);

/* The same for a look at what the source delivers: without a cache, and of no more than about `most` rows of the items, of
 * the ratings and so on; dataset_summary()->source.limited tells that there are more. */
int dataset_look(const struct conf_stage *source, const struct dataset_options *options, uint64_t most,
		 const struct animed_host *host, struct dataset **out, struct animed_error *err);

void dataset_free(struct dataset *dataset);

/* Returns the ratings that count, by user, then item.  Users are numbered by name, items by id, so that the order of
 * the source's rows makes no difference, but for which of repeated rows is the last. */
struct animed_ratings dataset_ratings(const struct dataset *dataset);
/* Write the lowest and the highest score that a rating may have: those of the source's scale or, where it does not say
 * one, those that the ratings have; 0 where there are none. */
void dataset_score_range(const struct dataset *dataset, float *low, float *high);
/* Returns the favourites that have no rating.  Who has favourites alone is numbered behind the users. */
struct animed_favourites dataset_favourites(const struct dataset *dataset);
/* Returns where the ratings of each user begin, and at the end their number: n_users + 1 places. */
const uint64_t *dataset_user_offsets(const struct dataset *dataset);
const struct catalogue *dataset_catalogue(const struct dataset *dataset);
const struct animed_strings *dataset_users(const struct dataset *dataset, uint32_t *n_users);
const struct dataset_summary *dataset_summary(const struct dataset *dataset);

enum { DIGEST_SIZE = 17 };

/* Write a digest of the ratings, favourites, item ids and user names: 16 hexadecimal digits of 64-bit XXH3.  Equal datasets have
 * equal digests.  Returns 0.  On failure, which is short memory, returns -1 and fills err. */
int dataset_digest(const struct dataset *dataset, char out[DIGEST_SIZE], struct animed_error *err);

/* Write the summary to the log, in a few lines: what of the source counts, what was left out and why, seconds. */
void dataset_log_summary(const struct dataset *dataset, const struct animed_host *host);

struct split; /* owns a copy of the ratings in two parts */

/* Choose floor(valid_pct * n) ratings at random, by `seed`, for validation (0 <= valid_pct < 1); the others are to
 * train on.  Both parts keep the order of the ratings.  The caller frees *out with split_free(), until which *view
 * is valid.  Returns 0.  On failure returns -1 and fills err. */
int split_random(const struct dataset *dataset, double valid_pct, uint64_t seed, struct split **out,
		 struct animed_dataset *view, struct animed_error *err);
void split_free(struct split *split);

#endif

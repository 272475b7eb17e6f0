/* dataset-private.h - the dataset's own struct, for the files that make it. */
#ifndef ANIMED_DATASET_PRIVATE_H
#define ANIMED_DATASET_PRIVATE_H

#include "base/intern.h"
#include "data/dataset.h"
#include "data/safetensors.h"

/* The texts of an item. */
enum item_text {
	ITEM_TITLES,
	ITEM_ALT_TITLES,
	ITEM_SYNOPSES,
	ITEM_GENRES,
	ITEM_TYPES,
	ITEM_TAGS,
	ITEM_LINKS,
	ITEM_PICTURES,
	ITEM_TEXTS
};

/* The columns of a dataset that was collected from its source. */
struct dataset_memory {
	uint32_t *rating_users, *rating_items;
	float *scores;
	uint64_t *user_offsets; /* [n_users + 1] */
	uint32_t *favourite_users, *favourite_items;
	/* the catalogue's, [n_items] */
	int64_t *ids, *counts, *tops, *members;
	int32_t *years, *episodes;
	float *means;
	struct text_column texts[ITEM_TEXTS];
	struct text_column users; /* names, [n_users] */
};

struct dataset {
	/* views of the columns, wherever they are */
	uint32_t n_users;
	struct animed_ratings ratings;
	const uint64_t *user_offsets; /* [n_users + 1]: where each user's ratings begin */
	struct animed_favourites favourites;
	struct catalogue catalogue;
	struct animed_strings users;
	struct dataset_summary summary;
	/* the columns: in memory, or in a mapped cache */
	struct dataset_memory memory;
	struct st_file *mapping; /* NULL: they are in memory */
};

/* Run the source and build the dataset from what it streams, at least `limit` rows of each kind or all.  The caller frees *out with dataset_free().  Returns
 * 0.  On failure returns -1 and fills err. */
int dataset_collect(const struct conf_stage *source, const struct dataset_options *options, uint64_t limit,
		    const struct animed_host *host, struct dataset **out, struct animed_error *err);

/* Ratings in the order of the source's rows: scores[r] is what users[r] gave items[r], by their numbers. */
struct dataset_rows {
	size_t n;
	uint32_t *users, *items;
	float *scores;
};

/* Make the ratings of the dataset, which has its users and catalogue, from `rows`, and free these: sort them by
 * user, then item, keep the last of each pair, and fill the catalogue's counts, tops and means.  Returns 0, or -1:
 * out of memory. */
int dataset_resolve(struct dataset *dataset, struct dataset_rows *rows);

void dataset_rows_free(struct dataset_rows *rows);

#endif

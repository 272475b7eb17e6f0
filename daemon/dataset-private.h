/* dataset-private.h - the dataset as its own files see it. */
#ifndef ANIMED_DATASET_PRIVATE_H
#define ANIMED_DATASET_PRIVATE_H

#include "dataset.h"
#include "intern.h"

struct dataset {
	uint32_t n_users, n_items;
	size_t n; /* ratings */
	uint32_t *rating_users, *rating_items;
	float *scores;
	uint64_t *user_offsets; /* [n_users + 1]: where each user's ratings begin */
	/* the catalogue's columns, [n_items] */
	int64_t *ids, *counts, *tops, *members;
	int32_t *years, *episodes;
	float *means;
	struct text_column titles, alt_titles, synopses, genres, types;
	struct text_column users; /* names, [n_users] */
	struct animed_strings users_view;
	struct catalogue catalogue; /* of the columns above */
	struct dataset_summary summary;
};

/* Sort the ratings by (user, item), keep the last of each pair, and fill counts, means and the views.  -1: out of
 * memory. */
int dataset_resolve(struct dataset *dataset);

#endif

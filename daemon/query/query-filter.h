/* query-filter.h - which items may be an answer: what a request asks of them, compiled into one mask. */
#ifndef ANIMED_QUERY_FILTER_H
#define ANIMED_QUERY_FILTER_H

#include "base/mask.h"
#include "model/model.h"

/* What can be asked; each is an option of the same name. */
enum filter_part {
	FILTER_GENRE,
	FILTER_NOT_GENRE,
	FILTER_TYPE,
	FILTER_YEAR,
	FILTER_MEMBERS,
	FILTER_SCORE,
	FILTER_MIN_RATINGS,
	FILTER_EXCLUDE,
	FILTER_PARTS,
};

#define FILTER_BIT(part) (1u << (part))

const char *filter_part_name(enum filter_part part); /* "not_genre" */

/* Names of genres or types in one request. */
#define FILTER_LABELS 32

/* A list of labels, see facet.h. */
struct filter_labels {
	uint32_t at[FILTER_LABELS];
	size_t n;
};

/* Both ends included. */
struct filter_range {
	double low, high;
};

/* Zeroed, it lets through all items that the model has learnt something of.  A range lets no item through whose value
 * is not known. */
struct filter {
	unsigned given;                  /* FILTER_BIT() of what is asked */
	unsigned by_request;             /* those of them that the request asks, not the configuration */
	bool unrated;                    /* items that nobody rated, too */
	struct filter_labels genres;     /* all of them */
	struct filter_labels not_genres; /* none of them */
	struct filter_labels types;      /* one of them */
	struct filter_range year, members, score;
	int64_t min_ratings;
	uint32_t *exclude; /* owned */
	size_t n_exclude, exclude_room;
};

void filter_free(struct filter *filter);

/* A new mask (see struct animed_query) of the items that pass those parts of the filter that are given and in `parts`.
 * NULL: out of memory.  Any thread. */
uint64_t *filter_mask(const struct model *model, const struct filter *filter, unsigned parts);

#endif

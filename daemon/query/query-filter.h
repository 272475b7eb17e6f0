/* query-filter.h - which items may be answers: the filters of a request, turned into one mask. */
#ifndef ANIMED_QUERY_FILTER_H
#define ANIMED_QUERY_FILTER_H

#include "base/mask.h"
#include "model/model.h"

/* The parts of a filter.  Each is an option of the same name. */
enum filter_part {
	FILTER_GENRE,
	FILTER_NOT_GENRE,
	FILTER_TYPE,
	FILTER_YEAR,
	FILTER_MEMBERS,
	FILTER_SCORE,
	FILTER_MIN_RATINGS,
	FILTER_EXCLUDE,
	FILTER_ONLY,
	FILTER_PLANNED,
	FILTER_PARTS,
};

#define FILTER_BIT(part) (1u << (part))

const char *filter_part_name(enum filter_part part); /* "not_genre" */

/* The most genres, or types, that one option lists. */
#define FILTER_LABELS 32

/* Numbers of labels (see facet.h). */
struct filter_labels {
	uint32_t at[FILTER_LABELS];
	size_t n;
};

/* All values from `low` to `high`, both included. */
struct filter_range {
	double low, high;
};

/* A filter.  Zeroed, it lets all rated items pass (see struct model).  An item whose value is not known passes no
 * range. */
struct filter {
	unsigned given;                  /* FILTER_BIT() of the parts that are asked for */
	unsigned by_request;             /* bits of `given` from the request; the rest is from the configuration */
	bool unrated;                    /* items without ratings may pass, too */
	struct filter_labels genres;     /* an item must have all of them */
	struct filter_labels not_genres; /* an item must have none of them */
	struct filter_labels types;      /* an item must have one of them */
	struct filter_range year, members, score;
	int64_t min_ratings;
	/* masks, owned; each may be NULL, which is an empty one */
	uint64_t *exclude, *only, *planned;
	size_t n_exclude, n_only; /* how many shows were named */
};

void filter_free(struct filter *filter);

/* Returns a new mask (see struct animed_query) of the items that pass the parts of the filter that are both given and
 * in `parts`.  The caller frees it with free().  Returns NULL where memory is short.  Any thread. */
uint64_t *filter_mask(const struct model *model, const struct filter *filter, unsigned parts);

#endif

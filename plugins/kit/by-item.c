/* by-item.c - chooses the most-rated items, and sorts their ratings by counting. */
#include "config.h"

#include "kit/by-item.h"

#include <stdlib.h>
#include <string.h>

#include "kit/likes.h"

static bool make_counts(struct by_item *by, const struct likes likes[LIKES_KINDS])
{
	by->user_counts = calloc((size_t)by->n_users + 1, sizeof *by->user_counts);
	by->item_counts = calloc((size_t)by->n_items + 1, sizeof *by->item_counts);
	if (!by->user_counts || !by->item_counts)
		return false;
	for (const struct likes *kind = likes; kind < likes + LIKES_KINDS; kind++) {
		for (size_t r = 0; r < kind->n; r++) {
			by->user_counts[kind->users[r]]++;
			by->item_counts[kind->items[r]]++;
		}
	}
	return true;
}

struct candidate {
	uint32_t item, count;
};

static int by_count(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

static bool choose(struct by_item *by, uint32_t least, uint32_t most)
{
	struct candidate *candidates = calloc((size_t)by->n_items + 1, sizeof *candidates);
	uint32_t n = 0;

	by->items = calloc((size_t)by->n_items + 1, sizeof *by->items);
	by->positions = calloc((size_t)by->n_items + 1, sizeof *by->positions);
	if (!candidates || !by->items || !by->positions) {
		free(candidates);
		return false;
	}
	for (uint32_t i = 0; i < by->n_items; i++) {
		by->positions[i] = BY_ITEM_NOT_CHOSEN;
		if (by->item_counts[i] >= least)
			candidates[n++] = (struct candidate){i, by->item_counts[i]};
	}
	qsort(candidates, n, sizeof *candidates, by_count);
	by->n = n < most ? n : most;
	for (uint32_t p = 0; p < by->n; p++) {
		by->items[p] = candidates[p].item;
		by->positions[candidates[p].item] = p;
	}
	free(candidates);
	return true;
}

/* Put the ratings of one kind where the lists of their items end so far. */
static void add_raters(struct by_item *by, const struct likes *kind, float *scores)
{
	uint64_t *ends = by->item_starts;

	for (size_t r = 0; r < kind->n; r++) {
		const uint32_t p = by->positions[kind->items[r]];
		if (p == BY_ITEM_NOT_CHOSEN)
			continue;
		by->raters[ends[p]] = (struct by_item_rater){kind->users[r], 0};
		scores[ends[p]++] = likes_score(kind, r);
	}
}

/* Sort the ratings by position.  The score of a rating waits in `scores`, at the same place. */
static void list_raters(struct by_item *by, const struct likes likes[LIKES_KINDS], float *scores)
{
	uint64_t *starts = by->item_starts;

	for (uint32_t p = 0; p < by->n; p++)
		starts[p + 1] = starts[p] + by->item_counts[by->items[p]];
	for (size_t kind = 0; kind < LIKES_KINDS; kind++)
		add_raters(by, &likes[kind], scores);
	/* each start has moved on to the next one */
	memmove(starts + 1, starts, by->n * sizeof *starts);
	starts[0] = 0;
}

/* Hand the ratings out to their users, position after position, so that each user's come in that order. */
static void list_ratings(struct by_item *by, const float *scores, uint32_t *filled)
{
	uint64_t *starts = by->user_starts;

	for (uint64_t r = 0; r < by->item_starts[by->n]; r++)
		starts[by->raters[r].user + 1]++;
	for (uint32_t u = 0; u < by->n_users; u++)
		starts[u + 1] += starts[u];
	for (uint32_t p = 0; p < by->n; p++) {
		for (uint64_t r = by->item_starts[p]; r < by->item_starts[p + 1]; r++) {
			struct by_item_rater *rater = &by->raters[r];
			rater->place = filled[rater->user]++;
			by->ratings[starts[rater->user] + rater->place] = (struct by_item_rating){p, scores[r]};
		}
	}
}

static bool group(struct by_item *by, const struct likes likes[LIKES_KINDS])
{
	const size_t n = likes[0].n + likes[1].n;
	float *scores = malloc((n + 1) * sizeof *scores);
	uint32_t *filled = calloc((size_t)by->n_users + 1, sizeof *filled);

	by->user_starts = calloc((size_t)by->n_users + 1, sizeof *by->user_starts);
	by->item_starts = calloc((size_t)by->n + 1, sizeof *by->item_starts);
	by->raters = malloc((n + 1) * sizeof *by->raters);
	by->ratings = malloc((n + 1) * sizeof *by->ratings);
	const bool enough = scores && filled && by->user_starts && by->item_starts && by->raters && by->ratings;
	if (enough) {
		list_raters(by, likes, scores);
		list_ratings(by, scores, filled);
	}
	free(scores);
	free(filled);
	return enough;
}

int by_item_make(struct by_item *by, const struct animed_dataset *data, uint32_t least, uint32_t most,
		 struct animed_error *err)
{
	struct likes likes[LIKES_KINDS];

	likes_of(data, likes);
	*by = (struct by_item){.n_users = likes_users(data), .n_items = data->n_items};
	if (make_counts(by, likes) && choose(by, least, most) && group(by, likes))
		return 0;
	by_item_free(by);
	return animed_fail(err, "not enough memory to group %zu ratings", likes[0].n + likes[1].n);
}

void by_item_free(struct by_item *by)
{
	free(by->user_counts);
	free(by->item_counts);
	free(by->items);
	free(by->positions);
	free(by->user_starts);
	free(by->ratings);
	free(by->item_starts);
	free(by->raters);
	memset(by, 0, sizeof *by);
}

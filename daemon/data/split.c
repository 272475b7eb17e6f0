/* split.c - divides the ratings at random into those to train on and those that are held out. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "data/dataset.h"
#include "kit/rng.h"

struct split {
	uint32_t *users, *items; /* the part to train on, then the part that is held out */
	float *scores;
};

static void copy_row(struct split *split, size_t to, const struct animed_ratings *from, size_t r)
{
	split->users[to] = from->users[r];
	split->items[to] = from->items[r];
	split->scores[to] = from->scores[r];
}

/* Choose the rows that are held out; both parts keep the order of the whole. */
static void select_rows(struct split *split, const struct animed_ratings *all, size_t held_out, uint64_t seed)
{
	size_t train = 0, valid = all->n - held_out, wanted = held_out;

	for (size_t r = 0; r < all->n; r++) {
		const bool chosen = rng_select(rng_share(rng_splitmix(&seed)), all->n - r, &wanted);
		copy_row(split, chosen ? valid++ : train++, all, r);
	}
}

int split_random(const struct dataset *dataset, double valid_pct, uint64_t seed, struct split **out,
		 struct animed_dataset *view, struct animed_error *err)
{
	const struct animed_ratings all = dataset_ratings(dataset);
	const size_t held_out = (size_t)floor(valid_pct * (double)all.n), train = all.n - held_out;
	struct split *split = calloc(1, sizeof *split);

	*out = NULL;
	if (split) {
		split->users = malloc((all.n + 1) * sizeof *split->users);
		split->items = malloc((all.n + 1) * sizeof *split->items);
		split->scores = malloc((all.n + 1) * sizeof *split->scores);
	}
	if (!split || !split->users || !split->items || !split->scores) {
		split_free(split);
		return animed_fail(err, "not enough memory to split %zu ratings", all.n);
	}
	select_rows(split, &all, held_out, seed);
	*view = (struct animed_dataset){
	    .n_items = dataset_catalogue(dataset)->n,
	    .train = {train, split->users, split->items, split->scores},
	    .favourites = dataset_favourites(dataset),
	    .valid = {held_out, split->users + train, split->items + train, split->scores + train},
	};
	(void)dataset_users(dataset, &view->n_users);
	dataset_score_range(dataset, &view->score_min, &view->score_max);
	*out = split;
	return 0;
}

void split_free(struct split *split)
{
	if (!split)
		return;
	free(split->users);
	free(split->items);
	free(split->scores);
	free(split);
}

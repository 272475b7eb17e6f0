/* holdout.c - makes a holdout: from the side that each rating is on, or from the split that training makes. */
#include "config.h"

#include "evaluate/holdout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kit/rng.h"

void holdout_free(struct holdout *holdout)
{
	split_free(holdout->split);
	free(holdout->users);
	free(holdout->rating_users);
	free(holdout->rating_items);
	free(holdout->scores);
	*holdout = (struct holdout){.n_users = 0};
}

void holdout_select(uint8_t *sides, size_t n, size_t wanted, enum side side, struct rng *rng)
{
	for (size_t i = 0; i < n; i++) {
		if (rng_select(1 - rng_unit(rng), n - i, &wanted))
			sides[i] = (uint8_t)side;
	}
}

size_t holdout_user_end(const struct animed_ratings *ratings, size_t begin)
{
	size_t end = begin;

	while (end < ratings->n && ratings->users[end] == ratings->users[begin])
		end++;
	return end;
}

/* Find the test users in the hidden and shown ratings, which are both in the order of users. */
static int find_users(struct holdout *holdout, struct animed_error *err)
{
	const struct animed_ratings *shown = &holdout->shown, *hidden = &holdout->hidden;
	size_t at = 0, n = 0;

	for (size_t r = 0; r < hidden->n; r = holdout_user_end(hidden, r))
		n++;
	holdout->users = calloc(n + 1, sizeof *holdout->users);
	if (!holdout->users)
		return animed_fail(err, "not enough memory for %zu test users", n);
	for (size_t r = 0, end; r < hidden->n; r = end) {
		const uint32_t user = hidden->users[r];
		end = holdout_user_end(hidden, r);
		while (at < shown->n && shown->users[at] < user)
			at++;
		size_t begin = at;
		while (at < shown->n && shown->users[at] == user)
			at++;
		holdout->users[holdout->n_users++] = (struct test_user){user, begin, at - begin, r, end - r};
	}
	return 0;
}

/* Copy the ratings of one side, keeping their order, to the columns from row `to` on. */
static struct animed_ratings copy_side(struct holdout *holdout, const struct animed_ratings *all, const uint8_t *sides,
				       enum side side, size_t to)
{
	const size_t begin = to;

	for (size_t r = 0; r < all->n; r++) {
		if (sides[r] != side)
			continue;
		holdout->rating_users[to] = all->users[r];
		holdout->rating_items[to] = all->items[r];
		holdout->scores[to++] = all->scores[r];
	}
	return (struct animed_ratings){to - begin, holdout->rating_users + begin, holdout->rating_items + begin,
				       holdout->scores + begin};
}

/* Number the users of n ratings without gaps.  Returns how many there are. */
static uint32_t renumber(uint32_t *users, size_t n)
{
	uint32_t next = 0;

	for (size_t r = 0, end; r < n; r = end) {
		const uint32_t user = users[r];
		for (end = r; end < n && users[end] == user; end++)
			users[end] = next;
		next++;
	}
	return next;
}

int holdout_build(const struct dataset *dataset, const uint8_t *sides, bool fold_in, struct holdout *out,
		  struct animed_error *err)
{
	const struct animed_ratings all = dataset_ratings(dataset);

	*out = (struct holdout){.fold_in = fold_in};
	out->rating_users = malloc((all.n + 1) * sizeof *out->rating_users);
	out->rating_items = malloc((all.n + 1) * sizeof *out->rating_items);
	out->scores = malloc((all.n + 1) * sizeof *out->scores);
	if (!out->rating_users || !out->rating_items || !out->scores) {
		holdout_free(out);
		return animed_fail(err, "not enough memory to split %zu ratings", all.n);
	}
	struct animed_dataset *data = &out->data;
	data->n_items = dataset_catalogue(dataset)->n;
	data->train = copy_side(out, &all, sides, SIDE_TRAIN, 0);
	out->shown = copy_side(out, &all, sides, SIDE_SHOWN, data->train.n);
	out->hidden = copy_side(out, &all, sides, SIDE_HIDDEN, data->train.n + out->shown.n);
	dataset_score_range(dataset, &data->score_min, &data->score_max);
	if (fold_in) {
		data->n_users = renumber(out->rating_users, data->train.n);
	} else {
		(void)dataset_users(dataset, &data->n_users);
		out->shown = data->train;
	}
	if (find_users(out, err) < 0) {
		holdout_free(out);
		return -1;
	}
	return 0;
}

int holdout_random(const struct dataset *dataset, double share, uint64_t seed, struct holdout *out,
		   struct animed_error *err)
{
	*out = (struct holdout){.n_users = 0};
	if (split_random(dataset, share, seed, &out->split, &out->data, err) < 0)
		return -1;
	out->shown = out->data.train;
	out->hidden = out->data.valid;
	out->data.valid.n = 0;
	if (out->hidden.n == 0 || out->shown.n == 0) {
		(void)animed_fail(err,
				  "%zu ratings cannot be split into some to train on and a share of %g to hide; "
				  "it takes more ratings or another --valid-pct",
				  dataset_ratings(dataset).n, share);
		holdout_free(out);
		return -1;
	}
	if (find_users(out, err) < 0) {
		holdout_free(out);
		return -1;
	}
	return 0;
}

/* user-sample.c - draws users, and copies their ratings. */
#include "config.h"

#include "evaluate/user-sample.h"

#include <stdlib.h>

#include "kit/rng.h"

/* A number in [0, 1) that depends on nothing but user and seed. */
static double lot(uint32_t user, uint64_t seed)
{
	/* users are as far apart as splitmix64's own steps */
	uint64_t state = seed + user * UINT64_C(0x9e3779b97f4a7c15);

	return rng_share(rng_splitmix(&state));
}

/* The new number of each user who is drawn, UINT32_MAX for the others.  NULL where memory is short. */
static uint32_t *draw(uint32_t n_users, double share, uint64_t seed, uint32_t *drawn)
{
	uint32_t *number = malloc(((size_t)n_users + 1) * sizeof *number);

	*drawn = 0;
	for (uint32_t u = 0; number && u < n_users; u++)
		number[u] = lot(u, seed) < share ? (*drawn)++ : UINT32_MAX;
	return number;
}

static size_t count(const struct animed_ratings *ratings, const uint32_t *number)
{
	size_t n = 0;

	for (size_t r = 0; r < ratings->n; r++)
		n += number[ratings->users[r]] != UINT32_MAX;
	return n;
}

/* Append the ratings of the drawn users behind the n that there are. */
static struct animed_ratings copy(struct user_sample *sample, size_t n, const struct animed_ratings *from,
				  const uint32_t *number)
{
	const size_t first = n;

	for (size_t r = 0; r < from->n; r++) {
		if (number[from->users[r]] == UINT32_MAX)
			continue;
		sample->users[n] = number[from->users[r]];
		sample->items[n] = from->items[r];
		sample->scores[n++] = from->scores[r];
	}
	return (struct animed_ratings){n - first, sample->users + first, sample->items + first, sample->scores + first};
}

int user_sample_take(struct user_sample *sample, const struct animed_dataset *whole, double share, uint64_t seed,
		     struct animed_error *err)
{
	uint32_t n_users, *number = draw(whole->n_users, share, seed, &n_users);
	const size_t n = number ? count(&whole->train, number) + count(&whole->valid, number) : 0;

	*sample = (struct user_sample){
	    .users = malloc((n + 1) * sizeof *sample->users),
	    .items = malloc((n + 1) * sizeof *sample->items),
	    .scores = malloc((n + 1) * sizeof *sample->scores),
	};
	if (!number || !sample->users || !sample->items || !sample->scores) {
		free(number);
		user_sample_free(sample);
		return animed_fail(err, "not enough memory for the ratings of %.0f%% of the users", share * 100);
	}
	sample->view = *whole;
	sample->view.n_users = n_users;
	sample->view.train = copy(sample, 0, &whole->train, number);
	sample->view.valid = copy(sample, sample->view.train.n, &whole->valid, number);
	free(number);
	return 0;
}

void user_sample_free(struct user_sample *sample)
{
	free(sample->users);
	free(sample->items);
	free(sample->scores);
	*sample = (struct user_sample){.users = NULL};
}

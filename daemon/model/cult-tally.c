/* cult-tally.c - adds up the ratings of each item: in deviations of each user, and favourites. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "model/cult-private.h"

#define MEAN_SHRINK 5.0  /* ratings at the mean of all that are added to those of a user */
#define SD_SHRINK   10.0 /* the same at the deviation of all */
#define FEWEST      10u  /* ratings of a user who has favourites */

/* ---- the ratings, user by user ---- */

/* The mean and the deviation of all ratings, and the least score that can be a favourite. */
struct spread {
	double mean, deviation, least;
};

static struct spread find_spread(const float *scores, uint64_t n)
{
	const double first = (double)scores[0]; /* taken off each score, so that the squares stay small */
	double sum = 0, squares = 0;
	float low = scores[0], high = scores[0];

	for (uint64_t r = 0; r < n; r++) {
		const double s = (double)scores[r] - first;
		sum += s;
		squares += s * s;
		low = scores[r] < low ? scores[r] : low;
		high = scores[r] > high ? scores[r] : high;
	}
	const double mean = sum / (double)n, range = (double)high - (double)low;
	/* a little less than 8/9, since a score such as 0.9 of 0.1..1 is no exact binary number */
	return (struct spread){first + mean, sqrt(fmax(squares / (double)n - mean * mean, 0)),
			       (double)low + range * (8.0 / 9 - 1e-6)};
}

/* Returns the number that comes at `place`, from 0, where n numbers are sorted by descending value.  Changes their
 * order.  This is Hoare's selection; equal numbers are taken together, since scores have few values. */
static float select_highest(float *numbers, size_t n, size_t place)
{
	for (;;) {
		const float pivot = numbers[n / 2];
		size_t above = 0, below = n;
		for (size_t i = 0; i < below;) {
			const float number = numbers[i];
			if (number > pivot) {
				numbers[i++] = numbers[above];
				numbers[above++] = number;
			} else if (number < pivot) {
				numbers[i] = numbers[--below];
				numbers[below] = number;
			} else {
				i++;
			}
		}
		if (place < above) {
			n = above;
		} else if (place < below) {
			return pivot;
		} else {
			numbers += below;
			n -= below;
			place -= below;
		}
	}
}

/* Returns the least score that is a favourite of a user with these n ratings.  `room` has room for n numbers. */
static double least_favourite(const float *scores, size_t n, double least, float *room)
{
	const size_t place = (n - 1) / 10; /* so many of the other ratings may be higher */
	size_t high = 0;

	if (n < FEWEST)
		return INFINITY;
	for (size_t r = 0; r < n; r++) {
		if ((double)scores[r] >= least)
			room[high++] = scores[r];
	}
	return place < high ? (double)select_highest(room, high, place) : least;
}

static void add_user(const uint32_t *items, const float *scores, size_t n, const struct spread *spread,
		     struct tally *tallies, float *room)
{
	const double favourite = least_favourite(scores, n, spread->least, room);
	double sum = 0, squares = 0;

	for (size_t r = 0; r < n; r++) {
		const double s = (double)scores[r] - spread->mean;
		sum += s;
		squares += s * s;
	}
	const double mean = sum / ((double)n + MEAN_SHRINK); /* above spread->mean */
	const double from_mean = fmax(squares - 2 * mean * sum + (double)n * mean * mean, 0);
	const double variance =
	    (from_mean + SD_SHRINK * spread->deviation * spread->deviation) / ((double)n + SD_SHRINK);
	const double scale = variance > 0 ? 1 / sqrt(variance) : 0;
	for (size_t r = 0; r < n; r++) {
		struct tally *of = &tallies[items[r]];
		of->n++;
		of->z += ((double)scores[r] - spread->mean - mean) * scale;
		of->favourites += (double)scores[r] >= favourite;
	}
}

int tally_ratings(const struct modelfile *file, struct tally *items)
{
	const struct rating_lists *lists = &file->ratings;
	const uint32_t users = file->factors.n_users;
	const struct spread spread = find_spread(lists->scores, lists->offsets[users]);
	float *room = malloc(((size_t)file->catalogue.n + 1) * sizeof *room); /* no user rates an item twice */

	if (!room)
		return -1;
	for (uint32_t u = 0; u < users; u++) {
		const uint64_t at = lists->offsets[u], n = lists->offsets[u + 1] - at;
		if (n > 0)
			add_user(lists->items + at, lists->scores + at, (size_t)n, &spread, items, room);
	}
	free(room);
	return 0;
}

/* ---- the columns of the catalogue ---- */

/* Returns how many ratings the item has.  Files made elsewhere may say anything. */
static double count_of(const struct catalogue *c, uint32_t item)
{
	return fmax((double)c->counts[item], 0);
}

void tally_columns(const struct catalogue *c, struct tally *items)
{
	double n = 0, sum = 0, squares = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		n += count_of(c, i);
		sum += count_of(c, i) * (double)c->means[i];
	}
	const double mean = n > 0 ? sum / n : 0;
	for (uint32_t i = 0; i < c->n; i++)
		squares += count_of(c, i) * pow((double)c->means[i] - mean, 2);
	const double scale = squares > 0 ? sqrt(n / squares) : 0;
	for (uint32_t i = 0; i < c->n; i++) {
		const double count = count_of(c, i), tops = c->tops ? (double)c->tops[i] : 0;
		items[i] =
		    (struct tally){count, count * ((double)c->means[i] - mean) * scale, fmin(fmax(tops, 0), count)};
	}
}

/* favourite-rows.c - takes favourites, and keeps of them what the ratings do not say. */
#include "config.h"

#include "data/favourite-rows.h"

#include <stdlib.h>

#include "base/sorted.h"

int favourite_rows_add(struct favourite_rows *rows, struct text name, uint32_t item)
{
	const size_t row = rows->n;
	bool added;
	const uint32_t fan = intern_add(&rows->names, name.bytes, name.length, &added);

	if (fan == INTERN_NONE || grow((void **)&rows->fans, &rows->fans_room, row + 1, sizeof *rows->fans) < 0 ||
	    grow((void **)&rows->items, &rows->items_room, row + 1, sizeof *rows->items) < 0)
		return -1;
	rows->fans[row] = fan;
	rows->items[row] = item;
	rows->n++;
	return 0;
}

void favourite_rows_free(struct favourite_rows *rows)
{
	intern_free(&rows->names);
	free(rows->fans);
	free(rows->items);
}

static int by_name(const void *a, const void *b, void *names)
{
	return text_compare(strings_at(names, *(const uint32_t *)a), strings_at(names, *(const uint32_t *)b));
}

/* Write the dataset's number of each fan to user_of[names], and how many users there are with them to *n_users.
 * Returns 0, or -1: out of memory. */
static int number_fans(const struct favourite_rows *rows, const struct intern *users, const uint32_t *user_place,
		       uint32_t *user_of, uint32_t *n_users)
{
	struct animed_strings names = text_column_view(&rows->names.names);
	const size_t n = rows->names.names.n;
	uint32_t *others = malloc((n + 1) * sizeof *others);
	size_t n_others = 0;

	if (!others)
		return -1;
	for (uint32_t fan = 0; fan < n; fan++) {
		const struct text name = strings_at(&names, fan);
		const uint32_t number = intern_find(users, name.bytes, name.length);
		if (number != INTERN_NONE)
			user_of[fan] = user_place[number];
		else
			others[n_others++] = fan;
	}
	if (n_others > 0)
		qsort_r(others, n_others, sizeof *others, by_name, &names);
	for (size_t o = 0; o < n_others; o++)
		user_of[others[o]] = (*n_users)++;
	free(others);
	return 0;
}

static bool has_rated(const struct dataset *d, uint32_t user, uint32_t item)
{
	if (user >= d->n_users)
		return false;
	const uint32_t *items = d->ratings.items + d->user_offsets[user];
	const size_t n = (size_t)(d->user_offsets[user + 1] - d->user_offsets[user]);

	return sorted_find(items, n, item) < n;
}

struct pair {
	uint32_t user, item;
};

static int by_pair(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return x->user != y->user ? (x->user > y->user) - (x->user < y->user)
				  : (x->item > y->item) - (x->item < y->item);
}

/* Write the pairs that count to the dataset's columns. */
static int keep_pairs(const struct pair *pairs, size_t n, struct dataset *d)
{
	struct dataset_memory *memory = &d->memory;
	struct dataset_summary *summary = &d->summary;
	size_t kept = 0;

	memory->favourite_users = malloc((n + 1) * sizeof *memory->favourite_users);
	memory->favourite_items = malloc((n + 1) * sizeof *memory->favourite_items);
	if (!memory->favourite_users || !memory->favourite_items)
		return -1;
	for (size_t p = 0; p < n; p++) {
		if (p > 0 && by_pair(&pairs[p - 1], &pairs[p]) == 0) {
			summary->favourite_repeats++;
		} else if (has_rated(d, pairs[p].user, pairs[p].item)) {
			summary->rated_favourites++;
		} else {
			memory->favourite_users[kept] = pairs[p].user;
			memory->favourite_items[kept++] = pairs[p].item;
		}
	}
	d->favourites.n = kept;
	d->favourites.users = memory->favourite_users;
	d->favourites.items = memory->favourite_items;
	return 0;
}

int favourite_rows_place(const struct favourite_rows *rows, const struct intern *users, const uint32_t *user_place,
			 const uint32_t *item_place, struct dataset *dataset)
{
	uint32_t *user_of = malloc((rows->names.names.n + 1) * sizeof *user_of);
	struct pair *pairs = malloc((rows->n + 1) * sizeof *pairs);
	int status = -1;

	dataset->favourites.n_users = dataset->n_users;
	if (user_of && pairs && number_fans(rows, users, user_place, user_of, &dataset->favourites.n_users) == 0) {
		for (size_t r = 0; r < rows->n; r++)
			pairs[r] = (struct pair){user_of[rows->fans[r]], item_place[rows->items[r]]};
		if (rows->n > 0)
			qsort(pairs, rows->n, sizeof *pairs, by_pair);
		status = keep_pairs(pairs, rows->n, dataset);
	}
	free(user_of);
	free(pairs);
	return status;
}

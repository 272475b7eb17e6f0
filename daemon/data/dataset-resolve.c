/* dataset-resolve.c - sorts the ratings by user and item, resolves repeats, and counts what each item has. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "data/dataset-private.h"

/* A rating in a group of one item's ratings, with its user, or in a group of one user's ratings, with its item. */
struct member {
	uint32_t other;
	float score;
};

/* Returns where the group of each key begins, at[k]; the caller frees it with free().  NULL: out of memory.  Who
 * places the members counts at[k] up, so that in the end it is where the group ends. */
static size_t *group_starts(const uint32_t *keys, size_t n, uint32_t range)
{
	size_t *at = calloc((size_t)range + 1, sizeof *at);

	for (size_t r = 0; at && r < n; r++)
		at[keys[r] + 1]++;
	for (uint32_t k = 0; at && k < range; k++)
		at[k + 1] += at[k];
	return at;
}

/* Group the rows by item; within a group they keep their order.  The caller frees the members with free(). */
static struct member *by_item(const struct dataset_rows *rows, size_t *at)
{
	struct member *members = malloc((rows->n + 1) * sizeof *members);

	for (size_t r = 0; members && r < rows->n; r++)
		members[at[rows->items[r]]++] = (struct member){rows->users[r], rows->scores[r]};
	return members;
}

/* Group by user what is grouped by item, so that within a group the ratings are by item, and repeated ones in the
 * order of the rows.  The caller frees the members with free(). */
static struct member *by_user(const struct member *of_items, const size_t *ends, uint32_t n_items, size_t n, size_t *at)
{
	struct member *members = malloc((n + 1) * sizeof *members);
	size_t m = 0;

	for (uint32_t i = 0; members && i < n_items; i++) {
		for (; m < ends[i]; m++)
			members[at[of_items[m].other]++] = (struct member){i, of_items[m].score};
	}
	return members;
}

/* Write the users' groups to columns, of each item the last rating. */
static int fill_columns(struct dataset *d, const struct member *members, const size_t *ends, size_t n)
{
	struct dataset_memory *memory = &d->memory;
	size_t m = 0, kept = 0;

	memory->rating_users = malloc((n + 1) * sizeof *memory->rating_users);
	memory->rating_items = malloc((n + 1) * sizeof *memory->rating_items);
	memory->scores = malloc((n + 1) * sizeof *memory->scores);
	memory->user_offsets = malloc(((size_t)d->n_users + 1) * sizeof *memory->user_offsets);
	if (!memory->rating_users || !memory->rating_items || !memory->scores || !memory->user_offsets)
		return -1;
	for (uint32_t u = 0; u < d->n_users; u++) {
		memory->user_offsets[u] = kept;
		for (; m < ends[u]; m++) {
			if (m + 1 < ends[u] && members[m].other == members[m + 1].other)
				continue;
			memory->rating_users[kept] = u;
			memory->rating_items[kept] = members[m].other;
			memory->scores[kept++] = members[m].score;
		}
	}
	memory->user_offsets[d->n_users] = kept;
	d->user_offsets = memory->user_offsets;
	d->ratings = (struct animed_ratings){kept, memory->rating_users, memory->rating_items, memory->scores};
	d->summary.rating_repeats = n - kept;
	return 0;
}

static int count_items(struct dataset *d)
{
	const struct animed_ratings *r = &d->ratings;
	struct dataset_memory *memory = &d->memory;
	const uint32_t n = d->catalogue.n;
	double *sums = calloc((size_t)n + 1, sizeof *sums);
	float top = -INFINITY;

	memory->counts = calloc((size_t)n + 1, sizeof *memory->counts);
	memory->tops = calloc((size_t)n + 1, sizeof *memory->tops);
	memory->means = calloc((size_t)n + 1, sizeof *memory->means);
	if (!sums || !memory->counts || !memory->tops || !memory->means) {
		free(sums);
		return -1;
	}
	for (size_t at = 0; at < r->n; at++)
		top = fmaxf(top, r->scores[at]);
	for (size_t at = 0; at < r->n; at++) {
		memory->tops[r->items[at]] += r->scores[at] >= top;
		memory->counts[r->items[at]]++;
		sums[r->items[at]] += (double)r->scores[at];
	}
	for (uint32_t i = 0; i < n; i++)
		memory->means[i] = memory->counts[i] ? (float)(sums[i] / (double)memory->counts[i]) : 0;
	free(sums);
	d->catalogue.counts = memory->counts;
	d->catalogue.tops = memory->tops;
	d->catalogue.means = memory->means;
	return 0;
}

void dataset_rows_free(struct dataset_rows *rows)
{
	free(rows->users);
	free(rows->items);
	free(rows->scores);
	*rows = (struct dataset_rows){0};
}

/* Two counting sorts.  They hold at most 20 bytes a rating at a time, which is most of the memory that a load takes. */
int dataset_resolve(struct dataset *d, struct dataset_rows *rows)
{
	const size_t n = rows->n;
	size_t *item_at = group_starts(rows->items, n, d->catalogue.n);
	size_t *user_at = group_starts(rows->users, n, d->n_users);
	struct member *of_items = NULL, *of_users = NULL;
	int status = -1;

	if (item_at && user_at)
		of_items = by_item(rows, item_at);
	dataset_rows_free(rows);
	if (of_items)
		of_users = by_user(of_items, item_at, d->catalogue.n, n, user_at);
	free(of_items);
	if (of_users && fill_columns(d, of_users, user_at, n) == 0)
		status = count_items(d);
	free(of_users);
	free(item_at);
	free(user_at);
	return status;
}

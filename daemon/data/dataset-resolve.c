/* dataset-resolve.c - sorts the ratings, resolves repeats, and what can be asked of a finished dataset. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/format.h"
#include "data/dataset-private.h"

/* A rating among those of one user, or of one item; the other of the two is here. */
struct member {
	uint32_t other;
	float score;
};

/* Where the group of each key begins: at[k].  Whoever places the members counts it up, so that in the end it is where
 * the group ends.  NULL: out of memory. */
static size_t *group_starts(const uint32_t *keys, size_t n, uint32_t range)
{
	size_t *at = calloc((size_t)range + 1, sizeof *at);

	for (size_t r = 0; at && r < n; r++)
		at[keys[r] + 1]++;
	for (uint32_t k = 0; at && k < range; k++)
		at[k + 1] += at[k];
	return at;
}

/* Group by item.  The order of the rows stays within a group. */
static struct member *by_item(const struct dataset_rows *rows, size_t *at)
{
	struct member *members = malloc((rows->n + 1) * sizeof *members);

	for (size_t r = 0; members && r < rows->n; r++)
		members[at[rows->items[r]]++] = (struct member){rows->users[r], rows->scores[r]};
	return members;
}

/* Group by user what is grouped by item; so each user's ratings are in the order of the items, repeats in that of the
 * rows. */
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

/* Write the users' groups to columns; of neighbours with the same item the last counts. */
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

/* Two counting sorts.  At most 20 bytes a rating are held at a time: these are most of what a load needs. */
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

static void memory_free(struct dataset_memory *memory)
{
	free(memory->rating_users);
	free(memory->rating_items);
	free(memory->scores);
	free(memory->ids);
	free(memory->user_offsets);
	free(memory->counts);
	free(memory->tops);
	free(memory->means);
	free(memory->years);
	free(memory->episodes);
	free(memory->members);
	text_column_free(&memory->titles);
	text_column_free(&memory->alt_titles);
	text_column_free(&memory->synopses);
	text_column_free(&memory->genres);
	text_column_free(&memory->types);
	text_column_free(&memory->users);
}

void dataset_free(struct dataset *d)
{
	if (!d)
		return;
	memory_free(&d->memory);
	st_close(d->mapping);
	free(d);
}

struct animed_ratings dataset_ratings(const struct dataset *d)
{
	return d->ratings;
}

const uint64_t *dataset_user_offsets(const struct dataset *d)
{
	return d->user_offsets;
}

const struct catalogue *dataset_catalogue(const struct dataset *d)
{
	return &d->catalogue;
}

const struct animed_strings *dataset_users(const struct dataset *d, uint32_t *n_users)
{
	*n_users = d->n_users;
	return &d->users;
}

const struct dataset_summary *dataset_summary(const struct dataset *d)
{
	return &d->summary;
}

void dataset_digest(const struct dataset *d, char out[17])
{
	const struct animed_ratings *r = &d->ratings;
	XXH3_state_t *state = XXH3_createState();
	uint64_t digest = 0;

	if (state && XXH3_64bits_reset(state) == XXH_OK) {
		(void)XXH3_64bits_update(state, d->catalogue.ids, d->catalogue.n * sizeof *d->catalogue.ids);
		(void)XXH3_64bits_update(state, d->users.bytes, (size_t)d->users.offsets[d->n_users]);
		(void)XXH3_64bits_update(state, d->users.offsets, (d->n_users + (size_t)1) * sizeof *d->users.offsets);
		(void)XXH3_64bits_update(state, r->users, r->n * sizeof *r->users);
		(void)XXH3_64bits_update(state, r->items, r->n * sizeof *r->items);
		(void)XXH3_64bits_update(state, r->scores, r->n * sizeof *r->scores);
		digest = XXH3_64bits_digest(state);
	}
	(void)XXH3_freeState(state);
	(void)snprintf(out, 17, "%016" PRIx64, digest);
}

void dataset_log_summary(const struct dataset *d, const struct animed_host *host)
{
	const struct dataset_summary *s = &d->summary;
	char a[COUNT_SIZE], b[COUNT_SIZE], c[COUNT_SIZE], e[COUNT_SIZE], f[COUNT_SIZE];
	uint64_t rated = 0;

	for (uint32_t i = 0; i < d->catalogue.n; i++)
		rated += d->catalogue.counts[i] > 0;
	host->log(
	    host->ctx, ANIMED_INFO, "ratings: %s rows, %s kept; %s repeats (the last counts), %s rejected, %s unrated",
	    format_count(s->source.rating_rows, a), format_count(d->ratings.n, b), format_count(s->rating_repeats, c),
	    format_count(s->source.rating_rejects, e), format_count(s->source.unrated, f));
	if (s->unknown_ratings > 0)
		host->log(host->ctx, ANIMED_INFO, "ratings of items that the catalogue does not have: %s of %s items",
			  format_count(s->unknown_ratings, a), format_count(s->unknown_items, b));
	host->log(host->ctx, ANIMED_INFO, "catalogue: %s rows, %s items (%s of them rated); %s repeats, %s rejected",
		  format_count(s->source.item_rows, a), format_count(d->catalogue.n, b), format_count(rated, c),
		  format_count(s->item_repeats, e), format_count(s->source.item_rejects, f));
	if (s->first_seconds > 0)
		host->log(host->ctx, ANIMED_INFO, "%s users; loaded in %.2f s from the cache, at first in %.2f s",
			  format_count(d->n_users, a), s->seconds, s->first_seconds);
	else
		host->log(host->ctx, ANIMED_INFO, "%s users; loaded in %.2f s", format_count(d->n_users, a),
			  s->seconds);
}

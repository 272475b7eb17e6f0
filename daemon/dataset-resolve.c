/* dataset-resolve.c - sorts the ratings, resolves repeats, and what can be asked of a finished dataset. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dataset-private.h"

/* Ratings in columns, as a unit that sorts. */
struct rows {
	uint32_t *users, *items;
	float *scores;
};

/* A stable counting sort of n rows by `key`, which is a column of `from` with values below `range`. */
static int sort_by(const struct rows *from, const uint32_t *key, uint32_t range, size_t n, const struct rows *to)
{
	size_t *at = calloc((size_t)range + 1, sizeof *at);

	if (!at)
		return -1;
	for (size_t r = 0; r < n; r++)
		at[key[r] + 1]++;
	for (uint32_t i = 0; i < range; i++)
		at[i + 1] += at[i];
	for (size_t r = 0; r < n; r++) {
		size_t place = at[key[r]]++;
		to->users[place] = from->users[r];
		to->items[place] = from->items[r];
		to->scores[place] = from->scores[r];
	}
	free(at);
	return 0;
}

/* Of neighbours with the same user and item keep the last, which came last, since the sorts are stable. */
static size_t drop_repeats(const struct rows *rows, size_t n)
{
	size_t kept = 0;

	for (size_t r = 0; r < n; r++) {
		if (r + 1 < n && rows->users[r] == rows->users[r + 1] && rows->items[r] == rows->items[r + 1])
			continue;
		rows->users[kept] = rows->users[r];
		rows->items[kept] = rows->items[r];
		rows->scores[kept++] = rows->scores[r];
	}
	return kept;
}

static int count_items(struct dataset *d)
{
	double *sums = calloc((size_t)d->n_items + 1, sizeof *sums);
	float top = -INFINITY;

	d->counts = calloc((size_t)d->n_items + 1, sizeof *d->counts);
	d->tops = calloc((size_t)d->n_items + 1, sizeof *d->tops);
	d->means = calloc((size_t)d->n_items + 1, sizeof *d->means);
	if (!sums || !d->counts || !d->tops || !d->means) {
		free(sums);
		return -1;
	}
	for (size_t r = 0; r < d->n; r++)
		top = fmaxf(top, d->scores[r]);
	for (size_t r = 0; r < d->n; r++) {
		d->counts[d->rating_items[r]]++;
		d->tops[d->rating_items[r]] += d->scores[r] >= top;
		sums[d->rating_items[r]] += (double)d->scores[r];
	}
	for (uint32_t i = 0; i < d->n_items; i++)
		d->means[i] = d->counts[i] ? (float)(sums[i] / (double)d->counts[i]) : 0;
	free(sums);
	return 0;
}

static int find_user_offsets(struct dataset *d)
{
	d->user_offsets = calloc((size_t)d->n_users + 1, sizeof *d->user_offsets);
	if (!d->user_offsets)
		return -1;
	for (size_t r = 0; r < d->n; r++)
		d->user_offsets[d->rating_users[r] + 1]++;
	for (uint32_t u = 0; u < d->n_users; u++)
		d->user_offsets[u + 1] += d->user_offsets[u];
	return 0;
}

static void fill_views(struct dataset *d)
{
	d->users_view = text_column_view(&d->users);
	d->catalogue = (struct catalogue){
	    .n = d->n_items,
	    .ids = d->ids,
	    .counts = d->counts,
	    .tops = d->tops,
	    .means = d->means,
	    .years = d->years,
	    .episodes = d->episodes,
	    .members = d->members,
	    .titles = text_column_view(&d->titles),
	    .alt_titles = text_column_view(&d->alt_titles),
	    .synopses = text_column_view(&d->synopses),
	    .genres = text_column_view(&d->genres),
	    .types = text_column_view(&d->types),
	};
}

int dataset_resolve(struct dataset *d)
{
	const struct rows rows = {d->rating_users, d->rating_items, d->scores};
	const struct rows spare = {malloc((d->n + 1) * sizeof(uint32_t)), malloc((d->n + 1) * sizeof(uint32_t)),
				   malloc((d->n + 1) * sizeof(float))};
	int status = -1;

	if (spare.users && spare.items && spare.scores && sort_by(&rows, rows.items, d->n_items, d->n, &spare) == 0 &&
	    sort_by(&spare, spare.users, d->n_users, d->n, &rows) == 0) {
		size_t kept = drop_repeats(&rows, d->n);
		d->summary.rating_repeats = d->n - kept;
		d->n = kept;
		status = count_items(d);
		if (status == 0)
			status = find_user_offsets(d);
	}
	free(spare.users);
	free(spare.items);
	free(spare.scores);
	fill_views(d);
	return status;
}

void dataset_free(struct dataset *d)
{
	if (!d)
		return;
	free(d->rating_users);
	free(d->rating_items);
	free(d->scores);
	free(d->user_offsets);
	free(d->ids);
	free(d->counts);
	free(d->tops);
	free(d->means);
	free(d->years);
	free(d->episodes);
	free(d->members);
	text_column_free(&d->titles);
	text_column_free(&d->alt_titles);
	text_column_free(&d->synopses);
	text_column_free(&d->genres);
	text_column_free(&d->types);
	text_column_free(&d->users);
	free(d);
}

struct animed_ratings dataset_ratings(const struct dataset *d)
{
	return (struct animed_ratings){d->n, d->rating_users, d->rating_items, d->scores};
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
	return &d->users_view;
}

const struct dataset_summary *dataset_summary(const struct dataset *d)
{
	return &d->summary;
}

static uint64_t digest_bytes(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * 0x100000001b3u;
	return hash;
}

void dataset_digest(const struct dataset *d, char out[17])
{
	uint64_t hash = 0xcbf29ce484222325u;

	hash = digest_bytes(hash, d->ids, d->n_items * sizeof *d->ids);
	hash = digest_bytes(hash, d->users.bytes, d->users.size);
	hash = digest_bytes(hash, d->rating_users, d->n * sizeof *d->rating_users);
	hash = digest_bytes(hash, d->rating_items, d->n * sizeof *d->rating_items);
	hash = digest_bytes(hash, d->scores, d->n * sizeof *d->scores);
	(void)snprintf(out, 17, "%016" PRIx64, hash);
}

/* 431585 as "431,585". */
static const char *with_commas(uint64_t number, char out[32])
{
	char digits[24];
	const int n = snprintf(digits, sizeof digits, "%" PRIu64, number);
	char *to = out;

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return out;
}

void dataset_log_summary(const struct dataset *d, const struct animed_host *host)
{
	const struct dataset_summary *s = &d->summary;
	char a[32], b[32], c[32], e[32], f[32];
	uint64_t rated = 0;

	for (uint32_t i = 0; i < d->n_items; i++)
		rated += d->counts[i] > 0;
	host->log(host->ctx, ANIMED_INFO,
		  "ratings: %s rows, %s kept; %s repeats (the last counts), %s rejected, %s unrated",
		  with_commas(s->source.rating_rows, a), with_commas(d->n, b), with_commas(s->rating_repeats, c),
		  with_commas(s->source.rating_rejects, e), with_commas(s->source.unrated, f));
	if (s->unknown_ratings > 0)
		host->log(host->ctx, ANIMED_INFO, "ratings of items that the catalogue does not have: %s of %s items",
			  with_commas(s->unknown_ratings, a), with_commas(s->unknown_items, b));
	host->log(host->ctx, ANIMED_INFO, "catalogue: %s rows, %s items (%s of them rated); %s repeats, %s rejected",
		  with_commas(s->source.item_rows, a), with_commas(d->n_items, b), with_commas(rated, c),
		  with_commas(s->item_repeats, e), with_commas(s->source.item_rejects, f));
	host->log(host->ctx, ANIMED_INFO, "%s users; loaded in %.2f s", with_commas(d->n_users, a), s->seconds);
}

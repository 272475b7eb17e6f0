/* dataset.c - reads a finished dataset: its columns, its digest, its summary; and frees it. */
#include "config.h"

#include "data/dataset.h"

#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/format.h"
#include "data/dataset-private.h"

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

int dataset_digest(const struct dataset *d, char out[DIGEST_SIZE], struct animed_error *err)
{
	const struct animed_ratings *r = &d->ratings;
	XXH3_state_t *state = XXH3_createState();

	if (!state)
		return animed_fail(err, "out of memory");
	(void)XXH3_64bits_reset(state);
	(void)XXH3_64bits_update(state, d->catalogue.ids, d->catalogue.n * sizeof *d->catalogue.ids);
	(void)XXH3_64bits_update(state, d->users.bytes, (size_t)d->users.offsets[d->n_users]);
	(void)XXH3_64bits_update(state, d->users.offsets, (d->n_users + (size_t)1) * sizeof *d->users.offsets);
	(void)XXH3_64bits_update(state, r->users, r->n * sizeof *r->users);
	(void)XXH3_64bits_update(state, r->items, r->n * sizeof *r->items);
	(void)XXH3_64bits_update(state, r->scores, r->n * sizeof *r->scores);
	(void)snprintf(out, DIGEST_SIZE, "%016" PRIx64, (uint64_t)XXH3_64bits_digest(state));
	(void)XXH3_freeState(state);
	return 0;
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

/* dataset.c - reads a finished dataset: its columns, its digest, its summary; and frees it. */
#include "config.h"

#include "data/dataset.h"

#include <inttypes.h>
#include <math.h>
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
	free(memory->favourite_users);
	free(memory->favourite_items);
	for (size_t t = 0; t < ITEM_TEXTS; t++)
		text_column_free(&memory->texts[t]);
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

void dataset_score_range(const struct dataset *d, float *low, float *high)
{
	const struct animed_source_stats *source = &d->summary.source;
	const struct animed_ratings *all = &d->ratings;

	*low = source->score_low;
	*high = source->score_high;
	if (*low < *high)
		return;
	*low = *high = all->n ? all->scores[0] : 0;
	for (size_t r = 0; r < all->n; r++) {
		*low = fminf(*low, all->scores[r]);
		*high = fmaxf(*high, all->scores[r]);
	}
}

struct animed_favourites dataset_favourites(const struct dataset *d)
{
	return d->favourites;
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
	if (d->favourites.n > 0) {
		(void)XXH3_64bits_update(state, d->favourites.users, d->favourites.n * sizeof *d->favourites.users);
		(void)XXH3_64bits_update(state, d->favourites.items, d->favourites.n * sizeof *d->favourites.items);
	}
	(void)snprintf(out, DIGEST_SIZE, "%016" PRIx64, (uint64_t)XXH3_64bits_digest(state));
	(void)XXH3_freeState(state);
	return 0;
}

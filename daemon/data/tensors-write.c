/* tensors-write.c - lists the tensors and the metadata of a container that is to be written. */
#include "config.h"

#include "data/tensors.h"

#include <assert.h>
#include <stdio.h>

void tensors_add(struct tensor_list *tensors, const char *name, enum st_dtype dtype, uint64_t rows, uint64_t columns,
		 const void *data)
{
	if (!data)
		return;
	assert(tensors->n < TENSORS_MAX && strlen(name) < TENSOR_NAME);
	(void)snprintf(tensors->names[tensors->n], TENSOR_NAME, "%s", name);
	tensors->at[tensors->n] = (struct st_tensor){
	    .name = tensors->names[tensors->n],
	    .dtype = dtype,
	    .rank = columns ? 2 : 1,
	    .shape = {rows, columns},
	    .data = data,
	    .bytes = rows * (columns ? columns : 1) * st_dtype_size(dtype),
	};
	tensors->n++;
}

void tensors_add_strings(struct tensor_list *tensors, const char *name, uint64_t n,
			 const struct animed_strings *strings)
{
	char full[TENSOR_NAME];

	if (!strings->offsets)
		return;
	(void)snprintf(full, sizeof full, "%s.bytes", name);
	tensors_add(tensors, full, ST_U8, strings->offsets[n], 0, strings->bytes ? strings->bytes : "");
	(void)snprintf(full, sizeof full, "%s.offsets", name);
	tensors_add(tensors, full, ST_U64, n + 1, 0, strings->offsets);
}

void tensors_add_catalogue(struct tensor_list *tensors, const struct catalogue *c)
{
	tensors_add(tensors, "item_ids", ST_I64, c->n, 0, c->ids);
	tensors_add(tensors, "item_counts", ST_I64, c->n, 0, c->counts);
	tensors_add(tensors, "item_tops", ST_I64, c->n, 0, c->tops);
	tensors_add(tensors, "item_means", ST_F32, c->n, 0, c->means);
	tensors_add(tensors, "item_years", ST_I32, c->n, 0, c->years);
	tensors_add(tensors, "item_episodes", ST_I32, c->n, 0, c->episodes);
	tensors_add(tensors, "item_members", ST_I64, c->n, 0, c->members);
	tensors_add_strings(tensors, "item_titles", c->n, &c->titles);
	tensors_add_strings(tensors, "item_alt_titles", c->n, &c->alt_titles);
	tensors_add_strings(tensors, "item_synopses", c->n, &c->synopses);
	tensors_add_strings(tensors, "item_genres", c->n, &c->genres);
	tensors_add_strings(tensors, "item_types", c->n, &c->types);
	tensors_add_strings(tensors, "item_tags", c->n, &c->tags);
	tensors_add_strings(tensors, "item_links", c->n, &c->links);
	tensors_add_strings(tensors, "item_pictures", c->n, &c->pictures);
}

void tensors_add_ratings(struct tensor_list *tensors, uint64_t users, const struct rating_lists *ratings)
{
	if (!ratings->offsets)
		return;
	tensors_add(tensors, "user_ratings.offsets", ST_U64, users + 1, 0, ratings->offsets);
	tensors_add(tensors, "user_ratings.items", ST_U32, ratings->offsets[users], 0, ratings->items);
	tensors_add(tensors, "user_ratings.scores", ST_F32, ratings->offsets[users], 0, ratings->scores);
}

void tensors_add_favourites(struct tensor_list *tensors, uint64_t users, const struct favourite_lists *favourites)
{
	if (!favourites->offsets)
		return;
	tensors_add(tensors, "user_favourites.offsets", ST_U64, users + 1, 0, favourites->offsets);
	tensors_add(tensors, "user_favourites.items", ST_U32, favourites->offsets[users], 0, favourites->items);
}

void pairs_add(struct pair_list *pairs, const char *key, const char *fmt, ...)
{
	va_list ap;
	int length;

	assert(pairs->n < PAIRS_MAX);
	va_start(ap, fmt);
	length = vsnprintf(pairs->values[pairs->n], PAIR_VALUE, fmt, ap);
	va_end(ap);
	assert(length >= 0 && length < PAIR_VALUE);
	(void)length; /* read by the assertion alone */
	pairs->at[pairs->n] = (struct st_pair){key, pairs->values[pairs->n]};
	pairs->n++;
}

void pairs_add_text(struct pair_list *pairs, const char *key, const char *value)
{
	assert(pairs->n < PAIRS_MAX);
	pairs->at[pairs->n++] = (struct st_pair){key, value};
}

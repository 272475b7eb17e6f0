/* modelfile.c - opens a model: finds its tensors in the container and checks that they fit each other. */
#include "config.h"

#include "store/modelfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/tensors.h"

static int read_factors(const struct tensor_reader *reader, struct animed_factors *factors)
{
	const struct st_tensor *users = st_find(reader->file, "user_factors"),
			       *items = st_find(reader->file, "item_factors");
	const void *P, *Q, *bu, *bi;
	uint64_t k = 0;

	if (tensor_find(reader, "user_factors", ST_F32, 2, UINT64_MAX, &k, true, &P) < 0 ||
	    tensor_find(reader, "item_factors", ST_F32, 2, UINT64_MAX, &k, true, &Q) < 0)
		return -1;
	if (users->shape[0] >= UINT32_MAX || items->shape[0] >= UINT32_MAX || items->shape[0] == 0 || k == 0 ||
	    k > UINT32_MAX)
		return animed_fail(reader->err,
				   "%s: %" PRIu64 " users, %" PRIu64 " items, %" PRIu64 " factors: cannot be served",
				   reader->path, users->shape[0], items->shape[0], k);
	if (tensor_find(reader, "user_bias", ST_F32, 1, users->shape[0], NULL, false, &bu) < 0 ||
	    tensor_find(reader, "item_bias", ST_F32, 1, items->shape[0], NULL, false, &bi) < 0)
		return -1;
	if (!bu != !bi)
		return animed_fail(reader->err, "%s: has one of user_bias and item_bias, should have both or none",
				   reader->path);
	*factors = (struct animed_factors){
	    .n_users = (uint32_t)users->shape[0],
	    .n_items = (uint32_t)items->shape[0],
	    .k = (uint32_t)k,
	    .user_factors = P,
	    .item_factors = Q,
	    .user_bias = bu,
	    .item_bias = bi,
	};
	return 0;
}

static int read_scale(const struct tensor_reader *reader, struct animed_scale *scale)
{
	const char *link = st_metadata(reader->file, "link"), *range = st_metadata(reader->file, "y_range");
	const char *mean = st_metadata(reader->file, "global_mean");
	float low = 0, high = 10.5f, global_mean = 0;
	char rest;

	scale->link = ANIMED_SIGMOID;
	if (link && strcmp(link, "identity") == 0)
		scale->link = ANIMED_IDENTITY;
	else if (link && strcmp(link, "sigmoid") != 0)
		return animed_fail(reader->err, "%s: metadata link: %s is neither sigmoid nor identity", reader->path,
				   link);
	if (range && (sscanf(range, " [ %f , %f ] %c", &low, &high, &rest) != 2 || !(low <= high)))
		return animed_fail(reader->err, "%s: metadata y_range: %s is not [low, high]", reader->path, range);
	if (scale->link == ANIMED_SIGMOID && !(low < high))
		return animed_fail(reader->err, "%s: metadata y_range: %s is empty", reader->path, range);
	if (scale->link == ANIMED_IDENTITY &&
	    (!mean || sscanf(mean, "%f %c", &global_mean, &rest) != 1 || global_mean - global_mean != 0))
		return animed_fail(reader->err, "%s: metadata global_mean: a number is needed with link identity",
				   reader->path);
	scale->low = low;
	scale->high = high;
	scale->global_mean = global_mean;
	return 0;
}

int modelfile_open(const char *path, struct modelfile *out, struct animed_error *err)
{
	struct tensor_reader reader = {path, NULL, err};

	*out = (struct modelfile){0};
	if (st_open(path, &reader.file, err) < 0)
		return -1;
	if (read_factors(&reader, &out->factors) < 0 || read_scale(&reader, &out->factors.scale) < 0 ||
	    tensor_catalogue(&reader, out->factors.n_items, &out->catalogue) < 0 ||
	    tensor_strings(&reader, "user_names", out->factors.n_users, &out->users) < 0 ||
	    tensor_ratings(&reader, out->factors.n_users, out->factors.n_items, &out->ratings) < 0 ||
	    tensor_favourites(&reader, out->factors.n_users, out->factors.n_items, &out->favourites) < 0) {
		st_close(reader.file);
		*out = (struct modelfile){0};
		return -1;
	}
	out->file = reader.file;
	out->variant = st_metadata(reader.file, "variant");
	if (!out->variant)
		out->variant = out->factors.user_bias ? "bias" : "plain";
	return 0;
}

/* Set *dtype to that of a tensor which a plugin may have written.  Returns -1 for another one. */
static int dtype_of(enum st_dtype from, enum animed_dtype *dtype)
{
	switch (from) {
	case ST_U8:
		*dtype = ANIMED_U8;
		return 0;
	case ST_U32:
		*dtype = ANIMED_U32;
		return 0;
	case ST_U64:
		*dtype = ANIMED_U64;
		return 0;
	case ST_F32:
		*dtype = ANIMED_F32;
		return 0;
	default:
		return -1;
	}
}

int modelfile_learnt(const struct modelfile *file, const char *plugin, struct animed_tensor **tensors, size_t *n,
		     struct animed_error *err)
{
	const size_t length = strlen(plugin);
	const struct st_tensor *all;
	const size_t n_all = st_tensors(file->file, &all);

	*n = 0;
	*tensors = calloc(n_all, sizeof **tensors);
	if (!*tensors)
		return animed_fail(err, "out of memory");
	for (size_t i = 0; i < n_all; i++) {
		struct animed_tensor tensor = {.n = all[i].shape[0], .data = all[i].data};
		if (strncmp(all[i].name, plugin, length) != 0 || all[i].name[length] != '.')
			continue;
		tensor.name = all[i].name + length + 1;
		if (all[i].rank != 1 || dtype_of(all[i].dtype, &tensor.dtype) < 0) {
			free(*tensors);
			*tensors = NULL;
			return animed_fail(err, "tensor %s: is %s of rank %u, which the plugin %s cannot have written",
					   all[i].name, st_dtype_name(all[i].dtype), all[i].rank, plugin);
		}
		(*tensors)[(*n)++] = tensor;
	}
	if (*n == 0) {
		free(*tensors);
		*tensors = NULL;
	}
	return 0;
}

void modelfile_close(struct modelfile *file)
{
	st_close(file->file);
	*file = (struct modelfile){0};
}

/* modelfile-write.c - lays a trained model out as tensors and metadata. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "data/tensors.h"
#include "store/modelfile.h"

static void add_all(struct tensor_list *t, const struct animed_factors *f, const struct catalogue *c,
		    const struct animed_strings *users, const struct modelfile_info *info)
{
	const uint64_t U = f->n_users, I = f->n_items;

	tensors_add(t, "user_factors", ST_F32, U, f->k, f->user_factors);
	tensors_add(t, "item_factors", ST_F32, I, f->k, f->item_factors);
	tensors_add(t, "user_bias", ST_F32, U, 0, f->user_bias);
	tensors_add(t, "item_bias", ST_F32, I, 0, f->item_bias);
	tensors_add_catalogue(t, c);
	tensors_add_strings(t, "user_names", U, users);
	tensors_add_ratings(t, U, &info->ratings);
	tensors_add_favourites(t, U, &info->favourites);
}

/* Numbers have nine digits, from which the same float is read again. */
static void pair_all(struct pair_list *pairs, const struct animed_scale *scale, const struct modelfile_info *info)
{
	char created[TIME_TEXT];

	time_text_now(created);
	pairs_add(pairs, "format", "animed-1");
	pairs_add_text(pairs, "variant", info->variant);
	pairs_add_text(pairs, "parameters", info->parameters);
	pairs_add(pairs, "link", "%s", scale->link == ANIMED_SIGMOID ? "sigmoid" : "identity");
	pairs_add(pairs, "y_range", "[%.9g, %.9g]", (double)scale->low, (double)scale->high);
	if (scale->link == ANIMED_IDENTITY)
		pairs_add(pairs, "global_mean", "%.9g", (double)scale->global_mean);
	pairs_add(pairs, "seed", "%" PRIu64, info->seed);
	pairs_add(pairs, "valid_pct", "%.9g", info->valid_pct);
	if (info->source_fingerprint && *info->source_fingerprint)
		pairs_add(pairs, "source_fingerprint", "%s", info->source_fingerprint);
	pairs_add(pairs, "dataset_digest", "%s", info->dataset_digest);
	pairs_add(pairs, "dataset_ratings", "%" PRIu64, info->dataset_ratings);
	pairs_add(pairs, "train_loss", "%.9g", info->train_loss);
	if (!isnan(info->valid_loss))
		pairs_add(pairs, "valid_loss", "%.9g", info->valid_loss);
	if (info->ranking && !isnan(info->ndcg)) {
		pairs_add(pairs, "ndcg", "%.9g", info->ndcg);
		pairs_add(pairs, "ndcg_error", "%.9g", info->ndcg_error);
		pairs_add_text(pairs, "ranking", info->ranking);
	}
	pairs_add(pairs, "epochs", "%d", info->epochs);
	pairs_add(pairs, "created", "%s", created);
	if (info->learnt_parameters)
		pairs_add_text(pairs, "learnt", info->learnt_parameters);
}

static enum st_dtype dtype_of(enum animed_dtype dtype)
{
	switch (dtype) {
	case ANIMED_U8:
		return ST_U8;
	case ANIMED_U32:
		return ST_U32;
	case ANIMED_U64:
		return ST_U64;
	case ANIMED_F32:
		return ST_F32;
	}
	return ST_BOOL;
}

/* List what a plugin has learnt, which is checked, since plugins come from anywhere. */
static int add_learnt(struct tensor_list *tensors, const struct modelfile_learnt *learnt, struct animed_error *err)
{
	char name[TENSOR_NAME];

	for (size_t i = 0; i < learnt->tensors.n; i++) {
		const struct animed_tensor *tensor = &learnt->tensors.at[i];
		const int length = snprintf(name, sizeof name, "%s.%s", learnt->plugin, tensor->name);
		if (length < 0 || (size_t)length >= sizeof name || tensors->n == TENSORS_MAX)
			return animed_fail(err, "%s: the tensor %s has too long a name, or is one too many",
					   learnt->plugin, tensor->name);
		if (dtype_of(tensor->dtype) == ST_BOOL)
			return animed_fail(err, "%s: the tensor %s has no dtype", learnt->plugin, tensor->name);
		tensors_add(tensors, name, dtype_of(tensor->dtype), tensor->n, 0, tensor->data ? tensor->data : "");
	}
	return 0;
}

int modelfile_write(int fd, const struct animed_factors *factors, const struct catalogue *catalogue,
		    const struct animed_strings *users, const struct modelfile_info *info, struct animed_error *err)
{
	struct tensor_list tensors = {.n = 0};
	struct pair_list pairs = {.n = 0};

	add_all(&tensors, factors, catalogue, users, info);
	for (size_t i = 0; i < info->n_learnt; i++) {
		if (add_learnt(&tensors, &info->learnt[i], err) < 0)
			return -1;
	}
	pair_all(&pairs, &factors->scale, info);
	if (st_write(fd, tensors.at, tensors.n, pairs.at, pairs.n, err) < 0)
		return -1;
	if (fsync(fd) < 0)
		return animed_fail(err, "cannot sync the model: %s", strerror(errno));
	return 0;
}

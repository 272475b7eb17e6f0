/* modelfile-write.c - lays a trained model out as tensors and metadata. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "modelfile.h"

enum { MAX_TENSORS = 32, MAX_PAIRS = 16, MAX_NAME = 32, MAX_VALUE = 64 };

struct tensors {
	struct st_tensor at[MAX_TENSORS];
	char names[MAX_TENSORS][MAX_NAME];
	size_t n;
};

static void add(struct tensors *tensors, const char *name, enum st_dtype dtype, uint64_t rows, uint64_t columns,
		const void *data)
{
	if (!data)
		return;
	(void)snprintf(tensors->names[tensors->n], MAX_NAME, "%s", name);
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

static void add_strings(struct tensors *tensors, const char *name, uint64_t n, const struct animed_strings *strings)
{
	char full[MAX_NAME];

	if (!strings->offsets)
		return;
	(void)snprintf(full, sizeof full, "%s.bytes", name);
	add(tensors, full, ST_U8, strings->offsets[n], 0, strings->bytes ? strings->bytes : "");
	(void)snprintf(full, sizeof full, "%s.offsets", name);
	add(tensors, full, ST_U64, n + 1, 0, strings->offsets);
}

static void add_all(struct tensors *t, const struct animed_factors *f, const struct catalogue *c,
		    const struct animed_strings *users, const struct rating_lists *ratings)
{
	const uint64_t U = f->n_users, I = f->n_items;

	add(t, "user_factors", ST_F32, U, f->k, f->user_factors);
	add(t, "item_factors", ST_F32, I, f->k, f->item_factors);
	add(t, "user_bias", ST_F32, U, 0, f->user_bias);
	add(t, "item_bias", ST_F32, I, 0, f->item_bias);
	add(t, "item_ids", ST_I64, I, 0, c->ids);
	add(t, "item_counts", ST_I64, I, 0, c->counts);
	add(t, "item_tops", ST_I64, I, 0, c->tops);
	add(t, "item_means", ST_F32, I, 0, c->means);
	add(t, "item_years", ST_I32, I, 0, c->years);
	add(t, "item_episodes", ST_I32, I, 0, c->episodes);
	add(t, "item_members", ST_I64, I, 0, c->members);
	add_strings(t, "item_titles", I, &c->titles);
	add_strings(t, "item_alt_titles", I, &c->alt_titles);
	add_strings(t, "item_synopses", I, &c->synopses);
	add_strings(t, "item_genres", I, &c->genres);
	add_strings(t, "item_types", I, &c->types);
	add_strings(t, "user_names", U, users);
	if (ratings->offsets) {
		add(t, "user_ratings.offsets", ST_U64, U + 1, 0, ratings->offsets);
		add(t, "user_ratings.items", ST_U32, ratings->offsets[U], 0, ratings->items);
		add(t, "user_ratings.scores", ST_F32, ratings->offsets[U], 0, ratings->scores);
	}
}

struct pairs {
	struct st_pair at[MAX_PAIRS];
	char values[MAX_PAIRS][MAX_VALUE];
	size_t n;
};

__attribute__((format(printf, 3, 4))) static void pair(struct pairs *pairs, const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(pairs->values[pairs->n], MAX_VALUE, fmt, ap);
	va_end(ap);
	pairs->at[pairs->n] = (struct st_pair){key, pairs->values[pairs->n]};
	pairs->n++;
}

/* Nine digits give a float back exactly. */
static void pair_all(struct pairs *pairs, const struct animed_scale *scale, const struct modelfile_info *info)
{
	const time_t now = time(NULL);
	char created[MAX_VALUE];
	struct tm tm;

	(void)gmtime_r(&now, &tm);
	(void)strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &tm);
	pair(pairs, "format", "animed-1");
	pairs->at[pairs->n++] = (struct st_pair){"variant", info->variant};
	pairs->at[pairs->n++] = (struct st_pair){"parameters", info->parameters};
	pair(pairs, "link", "%s", scale->link == ANIMED_SIGMOID ? "sigmoid" : "identity");
	pair(pairs, "y_range", "[%.9g, %.9g]", (double)scale->low, (double)scale->high);
	if (scale->link == ANIMED_IDENTITY)
		pair(pairs, "global_mean", "%.9g", (double)scale->global_mean);
	pair(pairs, "seed", "%" PRIu64, info->seed);
	pair(pairs, "dataset_digest", "%s", info->dataset_digest);
	pair(pairs, "dataset_ratings", "%" PRIu64, info->dataset_ratings);
	pair(pairs, "train_loss", "%.9g", info->train_loss);
	if (!isnan(info->valid_loss))
		pair(pairs, "valid_loss", "%.9g", info->valid_loss);
	pair(pairs, "epochs", "%d", info->epochs);
	pair(pairs, "created", "%s", created);
}

int modelfile_write(int fd, const struct animed_factors *factors, const struct catalogue *catalogue,
		    const struct animed_strings *users, const struct modelfile_info *info, struct animed_error *err)
{
	struct tensors tensors = {.n = 0};
	struct pairs pairs = {.n = 0};

	add_all(&tensors, factors, catalogue, users, &info->ratings);
	pair_all(&pairs, &factors->scale, info);
	if (st_write(fd, tensors.at, tensors.n, pairs.at, pairs.n, err) < 0)
		return -1;
	if (fsync(fd) < 0)
		return animed_fail(err, "cannot sync the model: %s", strerror(errno));
	return 0;
}

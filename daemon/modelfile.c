/* modelfile.c - reads a model: finds its tensors in the container and checks them against each other. */
#include "config.h"

#include "modelfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

struct reader {
	const char *path;
	struct st_file *file;
	struct animed_error *err;
};

/* The tensor of this name and dtype with `rows` rows (UINT64_MAX: any number) and, for rank 2, *columns columns (0:
 * any, and told).  Absent is an error only where it is required. */
static int find_tensor(const struct reader *reader, const char *name, enum st_dtype dtype, unsigned rank, uint64_t rows,
		       uint64_t *columns, bool required, const void **data)
{
	const struct st_tensor *tensor = st_find(reader->file, name);

	*data = NULL;
	if (!tensor)
		return required ? animed_fail(reader->err, "%s: no tensor %s, without which it is no model",
					      reader->path, name)
				: 0;
	if (tensor->dtype != dtype || tensor->rank != rank)
		return animed_fail(reader->err, "%s: tensor %s: is %s of rank %u, should be %s of rank %u",
				   reader->path, name, st_dtype_name(tensor->dtype), tensor->rank, st_dtype_name(dtype),
				   rank);
	if (rows != UINT64_MAX && tensor->shape[0] != rows)
		return animed_fail(reader->err, "%s: tensor %s: has %" PRIu64 " rows, should have %" PRIu64,
				   reader->path, name, tensor->shape[0], rows);
	if (rank == 2 && *columns != 0 && tensor->shape[1] != *columns)
		return animed_fail(reader->err, "%s: tensor %s: has %" PRIu64 " columns, should have %" PRIu64,
				   reader->path, name, tensor->shape[1], *columns);
	if (rank == 2)
		*columns = tensor->shape[1];
	*data = tensor->data;
	return 0;
}

static int read_factors(const struct reader *reader, struct animed_factors *factors)
{
	const struct st_tensor *users = st_find(reader->file, "user_factors"),
			       *items = st_find(reader->file, "item_factors");
	const void *P, *Q, *bu, *bi;
	uint64_t k = 0;

	if (find_tensor(reader, "user_factors", ST_F32, 2, UINT64_MAX, &k, true, &P) < 0 ||
	    find_tensor(reader, "item_factors", ST_F32, 2, UINT64_MAX, &k, true, &Q) < 0)
		return -1;
	if (users->shape[0] >= UINT32_MAX || items->shape[0] >= UINT32_MAX || items->shape[0] == 0 || k == 0 ||
	    k > UINT32_MAX)
		return animed_fail(reader->err,
				   "%s: %" PRIu64 " users, %" PRIu64 " items, %" PRIu64 " factors: cannot be served",
				   reader->path, users->shape[0], items->shape[0], k);
	if (find_tensor(reader, "user_bias", ST_F32, 1, users->shape[0], NULL, false, &bu) < 0 ||
	    find_tensor(reader, "item_bias", ST_F32, 1, items->shape[0], NULL, false, &bi) < 0)
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

static int read_scale(const struct reader *reader, struct animed_scale *scale)
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

/* Plain ASCII, which most text is, goes by eight bytes at a time. */
static bool valid_utf8(const uint8_t *at, size_t size)
{
	utf8proc_int32_t codepoint;

	while (size > 0) {
		uint64_t word;
		if (size >= sizeof word && (memcpy(&word, at, sizeof word), (word & 0x8080808080808080u) == 0)) {
			at += sizeof word;
			size -= sizeof word;
			continue;
		}
		utf8proc_ssize_t n = utf8proc_iterate(at, (utf8proc_ssize_t)size, &codepoint);
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

/* The string table NAME of n rows, or a column that is not there. */
static int read_strings(const struct reader *reader, const char *name, uint64_t n, struct animed_strings *out)
{
	char bytes_name[64], offsets_name[64];
	const void *bytes, *data;

	*out = (struct animed_strings){NULL, NULL};
	(void)snprintf(bytes_name, sizeof bytes_name, "%s.bytes", name);
	(void)snprintf(offsets_name, sizeof offsets_name, "%s.offsets", name);
	if (find_tensor(reader, bytes_name, ST_U8, 1, UINT64_MAX, NULL, false, &bytes) < 0 ||
	    find_tensor(reader, offsets_name, ST_U64, 1, n + 1, NULL, false, &data) < 0)
		return -1;
	if (!bytes && !data)
		return 0;
	if (!bytes || !data)
		return animed_fail(reader->err, "%s: string table %s: one of its two tensors is missing", reader->path,
				   name);
	const uint64_t *offsets = data, size = st_find(reader->file, bytes_name)->shape[0];
	if (offsets[0] != 0 || offsets[n] != size)
		return animed_fail(reader->err, "%s: string table %s: offsets do not span its %" PRIu64 " bytes",
				   reader->path, name, size);
	for (uint64_t i = 0; i < n; i++) {
		if (offsets[i] > offsets[i + 1])
			return animed_fail(reader->err, "%s: string table %s: offset %" PRIu64 " is past the next",
					   reader->path, name, i);
		if (offsets[i] < size && ((const uint8_t *)bytes)[offsets[i]] >> 6 == 2)
			return animed_fail(reader->err,
					   "%s: string table %s: row %" PRIu64 " begins inside a character",
					   reader->path, name, i);
	}
	if (!valid_utf8(bytes, (size_t)size))
		return animed_fail(reader->err, "%s: string table %s: not UTF-8", reader->path, name);
	*out = (struct animed_strings){bytes, offsets};
	return 0;
}

static int check_lists(const struct reader *reader, const struct rating_lists *lists, uint64_t users, uint64_t items)
{
	for (uint64_t u = 0; u < users; u++) {
		const uint64_t begin = lists->offsets[u], end = lists->offsets[u + 1];
		if (begin > end || end > lists->offsets[users])
			return animed_fail(reader->err, "%s: user_ratings: offset %" PRIu64 " is past the next",
					   reader->path, u);
		for (uint64_t r = begin; r < end; r++) {
			if (lists->items[r] >= items || (r > begin && lists->items[r - 1] >= lists->items[r]))
				return animed_fail(reader->err,
						   "%s: user_ratings: the items of user %" PRIu64
						   " do not ascend, or are none of the %" PRIu64 " there are",
						   reader->path, u, items);
		}
	}
	return 0;
}

/* The ratings, or lists that are not there. */
static int read_lists(const struct reader *reader, uint64_t users, uint64_t items, struct rating_lists *out)
{
	const struct st_tensor *rated = st_find(reader->file, "user_ratings.items");
	const uint64_t n = rated ? rated->shape[0] : 0;
	const void *offsets, *rows, *scores;

	*out = (struct rating_lists){NULL, NULL, NULL};
	if (find_tensor(reader, "user_ratings.offsets", ST_U64, 1, users + 1, NULL, false, &offsets) < 0 ||
	    find_tensor(reader, "user_ratings.items", ST_U32, 1, n, NULL, false, &rows) < 0 ||
	    find_tensor(reader, "user_ratings.scores", ST_F32, 1, n, NULL, false, &scores) < 0)
		return -1;
	if (!offsets && !rows && !scores)
		return 0;
	if (!offsets || !rows || !scores)
		return animed_fail(reader->err, "%s: user_ratings: one of its three tensors is missing", reader->path);
	const struct rating_lists lists = {offsets, rows, scores};
	if (lists.offsets[0] != 0 || lists.offsets[users] != n)
		return animed_fail(reader->err, "%s: user_ratings: offsets do not span its %" PRIu64 " ratings",
				   reader->path, n);
	*out = lists;
	return check_lists(reader, &lists, users, items);
}

static int by_id(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Ids ascend in our own files; others are sorted to find a repeat. */
static int check_ids(const struct reader *reader, const int64_t *ids, uint32_t n)
{
	uint32_t i = 1;

	while (i < n && ids[i - 1] < ids[i])
		i++;
	if (i >= n)
		return 0;
	int64_t *sorted = malloc(n * sizeof *sorted);
	if (!sorted)
		return animed_fail(reader->err, "%s: out of memory", reader->path);
	memcpy(sorted, ids, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_id);
	for (i = 1; i < n && sorted[i - 1] != sorted[i]; i++)
		;
	const int64_t repeat = sorted[i < n ? i : 0];
	free(sorted);
	return i < n ? animed_fail(reader->err, "%s: item_ids: %" PRId64 " comes twice", reader->path, repeat) : 0;
}

static int read_catalogue(const struct reader *reader, uint32_t n, struct catalogue *c)
{
	const struct {
		const char *name;
		enum st_dtype dtype;
		bool required;
		const void **to;
	} columns[] = {
	    {"item_ids", ST_I64, true, (const void **)&c->ids},
	    {"item_counts", ST_I64, false, (const void **)&c->counts},
	    {"item_tops", ST_I64, false, (const void **)&c->tops},
	    {"item_means", ST_F32, false, (const void **)&c->means},
	    {"item_years", ST_I32, false, (const void **)&c->years},
	    {"item_episodes", ST_I32, false, (const void **)&c->episodes},
	    {"item_members", ST_I64, false, (const void **)&c->members},
	};
	const struct {
		const char *name;
		struct animed_strings *to;
	} texts[] = {
	    {"item_titles", &c->titles}, {"item_alt_titles", &c->alt_titles}, {"item_synopses", &c->synopses},
	    {"item_genres", &c->genres}, {"item_types", &c->types},
	};

	*c = (struct catalogue){.n = n};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (find_tensor(reader, columns[i].name, columns[i].dtype, 1, n, NULL, columns[i].required,
				columns[i].to) < 0)
			return -1;
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (read_strings(reader, texts[i].name, n, texts[i].to) < 0)
			return -1;
	}
	return check_ids(reader, c->ids, n);
}

int modelfile_open(const char *path, struct modelfile *out, struct animed_error *err)
{
	struct reader reader = {path, NULL, err};

	*out = (struct modelfile){0};
	if (st_open(path, &reader.file, err) < 0)
		return -1;
	if (read_factors(&reader, &out->factors) < 0 || read_scale(&reader, &out->factors.scale) < 0 ||
	    read_catalogue(&reader, out->factors.n_items, &out->catalogue) < 0 ||
	    read_strings(&reader, "user_names", out->factors.n_users, &out->users) < 0 ||
	    read_lists(&reader, out->factors.n_users, out->factors.n_items, &out->ratings) < 0) {
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

void modelfile_close(struct modelfile *file)
{
	st_close(file->file);
	*file = (struct modelfile){0};
}

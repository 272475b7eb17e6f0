/* tensors.c - finds columns in a container and checks that they fit each other. */
#include "config.h"

#include "data/tensors.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

int tensor_find(const struct tensor_reader *reader, const char *name, enum st_dtype dtype, unsigned rank, uint64_t rows,
		uint64_t *columns, bool required, const void **data)
{
	const struct st_tensor *tensor = st_find(reader->file, name);

	*data = NULL;
	if (!tensor)
		return required ? animed_fail(reader->err, "%s: no tensor %s", reader->path, name) : 0;
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

/* Most text is ASCII, which is checked eight bytes at a time. */
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

int tensor_strings(const struct tensor_reader *reader, const char *name, uint64_t n, struct animed_strings *out)
{
	char bytes_name[64], offsets_name[64];
	const void *bytes, *data;

	*out = (struct animed_strings){NULL, NULL};
	(void)snprintf(bytes_name, sizeof bytes_name, "%s.bytes", name);
	(void)snprintf(offsets_name, sizeof offsets_name, "%s.offsets", name);
	if (tensor_find(reader, bytes_name, ST_U8, 1, UINT64_MAX, NULL, false, &bytes) < 0 ||
	    tensor_find(reader, offsets_name, ST_U64, 1, n + 1, NULL, false, &data) < 0)
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

/* Check lists of n items in all, named `name` for messages. */
static int check_lists(const struct tensor_reader *reader, const char *name, const uint64_t *offsets,
		       const uint32_t *listed, uint64_t n, uint64_t users, uint64_t items)
{
	if (offsets[0] != 0 || offsets[users] != n)
		return animed_fail(reader->err, "%s: %s: offsets do not span its %" PRIu64 " items", reader->path, name,
				   n);
	for (uint64_t u = 0; u < users; u++) {
		const uint64_t begin = offsets[u], end = offsets[u + 1];
		if (begin > end || end > n)
			return animed_fail(reader->err, "%s: %s: offset %" PRIu64 " is past the next", reader->path,
					   name, u);
		for (uint64_t r = begin; r < end; r++) {
			if (listed[r] >= items || (r > begin && listed[r - 1] >= listed[r]))
				return animed_fail(reader->err,
						   "%s: %s: the items of user %" PRIu64
						   " do not ascend, or are none of the %" PRIu64 " there are",
						   reader->path, name, u, items);
		}
	}
	return 0;
}

int tensor_ratings(const struct tensor_reader *reader, uint64_t users, uint64_t items, struct rating_lists *out)
{
	const struct st_tensor *rated = st_find(reader->file, "user_ratings.items");
	const uint64_t n = rated ? rated->shape[0] : 0;
	const void *offsets, *rows, *scores;

	*out = (struct rating_lists){NULL, NULL, NULL};
	if (tensor_find(reader, "user_ratings.offsets", ST_U64, 1, users + 1, NULL, false, &offsets) < 0 ||
	    tensor_find(reader, "user_ratings.items", ST_U32, 1, n, NULL, false, &rows) < 0 ||
	    tensor_find(reader, "user_ratings.scores", ST_F32, 1, n, NULL, false, &scores) < 0)
		return -1;
	if (!offsets && !rows && !scores)
		return 0;
	if (!offsets || !rows || !scores)
		return animed_fail(reader->err, "%s: user_ratings: one of its three tensors is missing", reader->path);
	*out = (struct rating_lists){offsets, rows, scores};
	return check_lists(reader, "user_ratings", offsets, rows, n, users, items);
}

int tensor_favourites(const struct tensor_reader *reader, uint64_t users, uint64_t items, struct favourite_lists *out)
{
	const struct st_tensor *listed = st_find(reader->file, "user_favourites.items");
	const uint64_t n = listed ? listed->shape[0] : 0;
	const void *offsets, *rows;

	*out = (struct favourite_lists){NULL, NULL};
	if (tensor_find(reader, "user_favourites.offsets", ST_U64, 1, users + 1, NULL, false, &offsets) < 0 ||
	    tensor_find(reader, "user_favourites.items", ST_U32, 1, n, NULL, false, &rows) < 0)
		return -1;
	if (!offsets && !rows)
		return 0;
	if (!offsets || !rows)
		return animed_fail(reader->err, "%s: user_favourites: one of its two tensors is missing", reader->path);
	*out = (struct favourite_lists){offsets, rows};
	return check_lists(reader, "user_favourites", offsets, rows, n, users, items);
}

static int by_id(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Refuse ids of which one comes twice.  In files written here they ascend; others are sorted to find out. */
static int check_ids(const struct tensor_reader *reader, const int64_t *ids, uint32_t n)
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

int tensor_catalogue(const struct tensor_reader *reader, uint32_t n, struct catalogue *c)
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
	    {"item_genres", &c->genres}, {"item_types", &c->types},           {"item_tags", &c->tags},
	    {"item_links", &c->links},   {"item_pictures", &c->pictures},
	};

	*c = (struct catalogue){.n = n};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (tensor_find(reader, columns[i].name, columns[i].dtype, 1, n, NULL, columns[i].required,
				columns[i].to) < 0)
			return -1;
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (tensor_strings(reader, texts[i].name, n, texts[i].to) < 0)
			return -1;
	}
	return check_ids(reader, c->ids, n);
}

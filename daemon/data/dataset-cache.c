/* dataset-cache.c - finds and maps the cache of a dataset; everything in it is checked before it is used. */
#include "config.h"

#include "data/dataset-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/files.h"
#include "cli/paths.h"
#include "data/dataset-cache-private.h"

#define SUFFIX ".animed-cache"

int dataset_cache_find(const struct conf_stage *source, const struct dataset_options *options,
		       struct dataset_cache *cache, struct animed_error *err)
{
	const struct animed_plugin *info = source->plugin.info;
	struct source_key *key = &cache->key;
	char home[PATH_MAX];

	cache->beside[0] = cache->apart[0] = '\0';
	if (!info->ops.source->cacheable)
		return animed_fail(err, "the source %s reads more than files", info->name);
	if (source_key_make(source, options, key, err) < 0)
		return -1;
	if (key->n == 0)
		return animed_fail(err, "the source %s names no file", info->name);
	if (key->unknown)
		return animed_fail(err, "what the source %s reads may change without a sign", info->name);
	if (snprintf(cache->beside, sizeof cache->beside, "%s" SUFFIX, key->files[0].path) >= (int)sizeof cache->beside)
		cache->beside[0] = '\0';
	if (path_xdg("XDG_CACHE_HOME", home, sizeof home) < 0 ||
	    snprintf(cache->apart, sizeof cache->apart, "%s/animed/%016" PRIx64 SUFFIX, home,
		     XXH3_64bits(key->settings, strlen(key->settings))) >= (int)sizeof cache->apart)
		cache->apart[0] = '\0';
	return source_key_settled(key, err);
}

void dataset_cache_free(struct dataset_cache *cache)
{
	source_key_free(&cache->key);
}

void cache_counts(struct dataset_summary *s, uint64_t *counts[CACHE_COUNTS])
{
	struct animed_source_stats *source = &s->source;
	uint64_t *const all[CACHE_COUNTS] = {
	    &source->item_rows,         &source->item_rejects, &source->rating_rows,    &source->rating_rejects,
	    &source->unrated,           &source->detail_rows,  &source->detail_rejects, &source->favourite_rows,
	    &source->favourite_rejects, &source->others,       &source->other_items,    &s->item_repeats,
	    &s->rating_repeats,         &s->unknown_ratings,   &s->unknown_items,       &s->unknown_details,
	    &s->unknown_favourites,     &s->favourite_repeats, &s->rated_favourites,
	};

	memcpy(counts, all, sizeof all);
}

void cache_checksum(const struct st_tensor *tensors, size_t n, const char *settings, const char *files,
		    const char *summary, char out[CACHE_DIGITS + 1])
{
	uint64_t sum = XXH3_64bits_withSeed(settings, strlen(settings), 1) +
		       XXH3_64bits_withSeed(files, strlen(files), 2) +
		       XXH3_64bits_withSeed(summary, strlen(summary), 3);

	for (size_t i = 0; i < n; i++)
		sum += XXH3_64bits_withSeed(tensors[i].data, (size_t)tensors[i].bytes,
					    XXH3_64bits(tensors[i].name, strlen(tensors[i].name)));
	(void)snprintf(out, CACHE_DIGITS + 1, "%016" PRIx64, sum);
}

/* Open the file where this user and root alone may change it.  Returns the descriptor.  On failure returns -1 and fills
 * err, with "" where there is no file. */
static int open_own(const char *path, struct animed_error *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	err->text[0] = '\0';
	if (fd < 0)
		return errno == ENOENT ? -1 : animed_fail(err, "cannot open: %s", strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		animed_fail(err, "not a regular file");
	else if (files_risk(&st) == FILES_FOREIGN)
		animed_fail(err, "belongs to user %u", (unsigned)st.st_uid);
	else if (files_risk(&st) == FILES_WRITABLE)
		animed_fail(err, "others may write it (mode %04o)", (unsigned)(st.st_mode & 07777));
	else
		return fd;
	(void)close(fd);
	return -1;
}

/* The metadata of a cache; the texts are the mapping's. */
struct cache_meta {
	const char *settings, *files, *summary, *checksum;
};

static int read_meta(const struct st_file *file, struct cache_meta *meta, struct animed_error *err)
{
	const char *format = st_metadata(file, "format");

	*meta = (struct cache_meta){st_metadata(file, "settings"), st_metadata(file, "files"),
				    st_metadata(file, "summary"), st_metadata(file, "checksum")};
	if (!format || strcmp(format, CACHE_FORMAT) != 0)
		return animed_fail(err, "of another version: %.40s", format ? format : "none");
	if (!meta->settings || !meta->files || !meta->summary || !meta->checksum)
		return animed_fail(err, "its metadata is incomplete");
	return 0;
}

/* Refuse a cache of other settings or files, or of another state.  A file with the same size and another time is
 * digested. */
static int check_key(struct source_key *key, const struct cache_meta *meta, const struct animed_host *host,
		     struct animed_error *err)
{
	const char *at = meta->files;
	uint64_t size, digest;
	int64_t mtime;
	int used;

	if (strcmp(meta->settings, key->settings) != 0)
		return animed_fail(err, "made with other settings");
	for (size_t i = 0; i < key->n; i++, at += used) {
		const struct source_file *file = &key->files[i];
		if (sscanf(at, "%" SCNu64 " %" SCNd64 " %" SCNx64 " %n", &size, &mtime, &digest, &used) != 3)
			return animed_fail(err, "its list of files is damaged");
		if (size != file->size)
			return animed_fail(err, "%s has changed since", file->path);
		if (mtime == file->mtime)
			continue;
		if (source_key_digest(key, host, err) < 0)
			return -1;
		if (digest != file->digest)
			return animed_fail(err, "%s has changed since", file->path);
	}
	if (strcmp(at, key->state) != 0)
		return animed_fail(err, "what the source reads has changed since");
	return 0;
}

static int read_summary(const char *text, struct dataset_summary *s, struct animed_error *err)
{
	uint64_t *counts[CACHE_COUNTS];
	int used;

	cache_counts(s, counts);
	for (size_t i = 0; i < CACHE_COUNTS; i++, text += used) {
		if (sscanf(text, "%" SCNu64 " %n", counts[i], &used) != 1)
			return animed_fail(err, "its summary is damaged");
	}
	if (sscanf(text, "%f %f %lf", &s->source.score_low, &s->source.score_high, &s->first_seconds) != 3)
		return animed_fail(err, "its summary is damaged");
	return 0;
}

/* Whether the column rating_users has each user as often as user_ratings.offsets says. */
static bool users_fit(const uint32_t *users, const uint64_t *offsets, uint32_t n_users)
{
	for (uint32_t u = 0; u < n_users; u++) {
		uint32_t wrong = 0;
		for (uint64_t r = offsets[u]; r < offsets[u + 1]; r++)
			wrong |= users[r] ^ u;
		if (wrong)
			return false;
	}
	return true;
}

/* Find the favourites, of which none have to be there.  Checked: they ascend by user, then item, both in range. */
static int set_favourites(struct dataset *d, const struct tensor_reader *reader)
{
	const struct st_tensor *column = st_find(reader->file, "favourite_users");
	const uint64_t n = column ? column->shape[0] : 0;
	const void *users, *items;

	d->favourites.n_users = d->n_users;
	if (tensor_find(reader, "favourite_users", ST_U32, 1, n, NULL, false, &users) < 0 ||
	    tensor_find(reader, "favourite_items", ST_U32, 1, n, NULL, users != NULL, &items) < 0)
		return -1;
	d->favourites.n = (size_t)n;
	d->favourites.users = users;
	d->favourites.items = items;
	for (size_t f = 0; f < n; f++) {
		const uint32_t user = d->favourites.users[f], item = d->favourites.items[f];
		if (user == UINT32_MAX || item >= d->catalogue.n ||
		    (f > 0 && (user < d->favourites.users[f - 1] ||
			       (user == d->favourites.users[f - 1] && item <= d->favourites.items[f - 1]))))
			return animed_fail(reader->err, "its favourites do not ascend");
		if (user >= d->favourites.n_users)
			d->favourites.n_users = user + 1;
	}
	return 0;
}

/* Point the dataset into the mapping, after a check of every number that is used as an index. */
static int set_views(struct dataset *d, const struct tensor_reader *reader)
{
	const struct st_tensor *ids = st_find(reader->file, "item_ids");
	const struct st_tensor *names = st_find(reader->file, "user_names.offsets");
	const struct st_tensor *column = st_find(reader->file, "rating_users");
	const struct catalogue *c = &d->catalogue;
	struct rating_lists lists;
	const void *users;

	if (!ids || !names || !column || ids->rank != 1 || names->rank != 1 || column->rank != 1 ||
	    ids->shape[0] >= UINT32_MAX || names->shape[0] < 2 || names->shape[0] > UINT32_MAX || column->shape[0] == 0)
		return animed_fail(reader->err, "it lacks columns");
	d->n_users = (uint32_t)names->shape[0] - 1;
	if (tensor_catalogue(reader, (uint32_t)ids->shape[0], &d->catalogue) < 0 ||
	    tensor_strings(reader, "user_names", d->n_users, &d->users) < 0 ||
	    tensor_ratings(reader, d->n_users, c->n, &lists) < 0 ||
	    tensor_find(reader, "rating_users", ST_U32, 1, column->shape[0], NULL, true, &users) < 0)
		return -1;
	if (!c->counts || !c->tops || !c->means || !c->years || !c->episodes || !c->members || !lists.offsets ||
	    !d->users.offsets)
		return animed_fail(reader->err, "it lacks columns");
	if (lists.offsets[d->n_users] != column->shape[0] || !users_fit(users, lists.offsets, d->n_users))
		return animed_fail(reader->err, "the users of its ratings do not fit");
	d->user_offsets = lists.offsets;
	d->ratings = (struct animed_ratings){(size_t)column->shape[0], users, lists.items, lists.scores};
	return set_favourites(d, reader);
}

/* Returns the dataset of the file; the caller frees it with dataset_free().  NULL: it cannot be used; err says why. */
static struct dataset *map_dataset(int fd, struct source_key *key, const struct animed_host *host,
				   struct animed_error *err)
{
	struct dataset *d = calloc(1, sizeof *d);
	struct tensor_reader reader = {"the file", NULL, err};
	const struct st_tensor *tensors;
	struct cache_meta meta;
	char checksum[CACHE_DIGITS + 1];

	if (!d) {
		animed_fail(err, "out of memory");
		return NULL;
	}
	if (st_open_fd(fd, reader.path, &d->mapping, err) < 0 || read_meta(d->mapping, &meta, err) < 0 ||
	    check_key(key, &meta, host, err) < 0)
		goto refused;
	const size_t n = st_tensors(d->mapping, &tensors);
	cache_checksum(tensors, n, meta.settings, meta.files, meta.summary, checksum);
	if (strcmp(checksum, meta.checksum) != 0) {
		animed_fail(err, "damaged: its checksum is %s and should be %.16s", checksum, meta.checksum);
		goto refused;
	}
	reader.file = d->mapping;
	if (set_views(d, &reader) == 0 && read_summary(meta.summary, &d->summary, err) == 0)
		return d;
refused:
	dataset_free(d);
	return NULL;
}

struct dataset *dataset_cache_open(struct dataset_cache *cache, const struct animed_host *host)
{
	const char *paths[] = {cache->beside, cache->apart};
	struct dataset *dataset = NULL;
	struct animed_error err;

	for (size_t i = 0; !dataset && i < sizeof paths / sizeof *paths; i++) {
		int fd = paths[i][0] ? open_own(paths[i], &err) : -1;
		if (fd >= 0) {
			dataset = map_dataset(fd, &cache->key, host, &err);
			(void)close(fd);
		}
		if (!dataset && paths[i][0] && err.text[0])
			host->log(host->ctx, ANIMED_INFO, "the cache %s is not used: %s", paths[i], err.text);
	}
	return dataset;
}

/* dataset-cache-write.c - writes a dataset to its cache. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/files.h"
#include "cli/string-stream.h"
#include "data/dataset-cache-private.h"

/* Begin to write the cache that will be `path`, which is also *to.  All writers use one temporary name, so that what
 * killed ones have left does not pile up.  Returns as draft_open() does. */
static int begin(struct draft *draft, const char *path, const char **to, struct animed_error *err)
{
	char temporary[PATH_MAX];

	*to = path;
	if (snprintf(temporary, sizeof temporary, "%s.tmp", path) >= (int)sizeof temporary)
		return animed_fail(err, "%s: the path is too long", path);
	return draft_open(draft, temporary, 0600, err);
}

/* Begin to write the cache beside the source or, where no file can be made there, apart. */
static int begin_anywhere(struct draft *draft, const struct dataset_cache *cache, const char **to,
			  struct animed_error *err)
{
	char dir[PATH_MAX];
	int status = cache->beside[0] ? begin(draft, cache->beside, to, err) : -1;

	if (status >= 0 || !cache->apart[0])
		return status;
	(void)snprintf(dir, sizeof dir, "%s", cache->apart);
	*strrchr(dir, '/') = '\0';
	return make_dirs(dir, err) < 0 ? -1 : begin(draft, cache->apart, to, err);
}

static char *files_text(const struct source_key *key)
{
	struct string_stream stream;
	FILE *out = string_stream_open(&stream);

	for (size_t i = 0; out && i < key->n; i++)
		(void)fprintf(out, "%" PRIu64 " %" PRId64 " %016" PRIx64 " ", key->files[i].size, key->files[i].mtime,
			      key->files[i].digest);
	if (out)
		(void)fputs(key->state, out);
	return string_stream_close(&stream);
}

static char *summary_text(const struct dataset_summary *summary)
{
	struct dataset_summary copy = *summary;
	uint64_t *counts[CACHE_COUNTS];
	struct string_stream stream;
	FILE *out = string_stream_open(&stream);

	cache_counts(&copy, counts);
	for (size_t i = 0; out && i < CACHE_COUNTS; i++)
		(void)fprintf(out, "%" PRIu64 " ", *counts[i]);
	if (out)
		(void)fprintf(out, "%.9g %.9g %.6f", (double)summary->source.score_low,
			      (double)summary->source.score_high, summary->seconds);
	return string_stream_close(&stream);
}

static void list_columns(struct tensor_list *tensors, const struct dataset *d)
{
	const struct rating_lists ratings = {d->user_offsets, d->ratings.items, d->ratings.scores};

	tensors_add_catalogue(tensors, &d->catalogue);
	tensors_add_strings(tensors, "user_names", d->n_users, &d->users);
	tensors_add_ratings(tensors, d->n_users, &ratings);
	tensors_add(tensors, "rating_users", ST_U32, d->ratings.n, 0, d->ratings.users);
	if (d->favourites.n > 0) {
		tensors_add(tensors, "favourite_users", ST_U32, d->favourites.n, 0, d->favourites.users);
		tensors_add(tensors, "favourite_items", ST_U32, d->favourites.n, 0, d->favourites.items);
	}
}

static int write_draft(int fd, const struct dataset *d, const struct source_key *key, struct animed_error *err)
{
	char *files = files_text(key), *summary = summary_text(&d->summary), checksum[CACHE_DIGITS + 1];
	struct tensor_list tensors = {.n = 0};
	struct pair_list pairs = {.n = 0};
	int status = -1;

	if (files && summary) {
		list_columns(&tensors, d);
		cache_checksum(tensors.at, tensors.n, key->settings, files, summary, checksum);
		pairs_add_text(&pairs, "format", CACHE_FORMAT);
		pairs_add_text(&pairs, "settings", key->settings);
		pairs_add_text(&pairs, "files", files);
		pairs_add_text(&pairs, "summary", summary);
		pairs_add_text(&pairs, "checksum", checksum);
		status = st_write(fd, tensors.at, tensors.n, pairs.at, pairs.n, err);
	} else {
		animed_fail(err, "out of memory");
	}
	free(files);
	free(summary);
	return status;
}

void dataset_cache_store(const struct dataset *dataset, struct dataset_cache *cache, const struct animed_host *host)
{
	const uint64_t start = clock_begin();
	struct source_key *key = &cache->key;
	struct animed_error err;
	struct draft draft;
	struct stat st = {0};
	const char *path;

	/* the digest comes first, so that the times show a later change of the files */
	if (source_key_digest(key, host, &err) < 0 || begin_anywhere(&draft, cache, &path, &err) != 0) {
		host->log(host->ctx, ANIMED_WARN, "the dataset is not cached: %s", err.text);
		return;
	}
	int status = write_draft(draft.fd, dataset, key, &err);
	if (status == 0 && !source_key_holds(key))
		status = animed_fail(&err, "the source changed while it was read");
	if (status < 0) {
		draft_abort(&draft);
	} else {
		(void)fstat(draft.fd, &st);
		/* it is not synced: the checksum refuses what a crash has left torn */
		status = draft_commit(&draft, path, &err);
	}
	if (status < 0)
		host->log(host->ctx, ANIMED_WARN, "the dataset is not cached: %s: %s", path, err.text);
	else
		host->log(host->ctx, ANIMED_INFO, "dataset cached in %s: %.1f MB in %.2f s", path,
			  (double)st.st_size / 1e6, clock_seconds(start));
}

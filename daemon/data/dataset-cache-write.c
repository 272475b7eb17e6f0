/* dataset-cache-write.c - writes a dataset to its cache. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "data/dataset-cache-private.h"

/* A cache being written.  One temporary name for all writers, and a lock on it: what a writer that was killed has left
 * is written over by the next one, and does not pile up. */
struct draft {
	char path[PATH_MAX]; /* that it will have */
	char temporary[PATH_MAX];
	int fd;
};

/* Whether the descriptor is the user's own regular file, and still of that name. */
static bool is_ours(int fd, const char *path)
{
	struct stat st, named;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && st.st_nlink == 1 &&
	       lstat(path, &named) == 0 && named.st_dev == st.st_dev && named.st_ino == st.st_ino;
}

/* 0; 1 where no file can be made there; -1 where another process is at it, or the file is not ours. */
static int open_draft(struct draft *draft, const char *path, struct animed_error *err)
{
	if (snprintf(draft->path, sizeof draft->path, "%s", path) >= (int)sizeof draft->path ||
	    snprintf(draft->temporary, sizeof draft->temporary, "%s.tmp", path) >= (int)sizeof draft->temporary) {
		animed_fail(err, "%s: the path is too long", path);
		return 1;
	}
	draft->fd = open(draft->temporary, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (draft->fd < 0) {
		animed_fail(err, "%s: cannot create: %s", draft->temporary, strerror(errno));
		return 1;
	}
	if (flock(draft->fd, LOCK_EX | LOCK_NB) < 0)
		animed_fail(err, "%s: another process is writing it", draft->temporary);
	else if (!is_ours(draft->fd, draft->temporary))
		animed_fail(err, "%s: not a file of this user alone; remove it", draft->temporary);
	else if (fchmod(draft->fd, 0600) < 0 || ftruncate(draft->fd, 0) < 0)
		animed_fail(err, "%s: cannot empty it: %s", draft->temporary, strerror(errno));
	else
		return 0;
	(void)close(draft->fd);
	return -1;
}

/* Beside the source or, where no file can be made there, apart. */
static int open_anywhere(struct draft *draft, const struct dataset_cache *cache, struct animed_error *err)
{
	char dir[PATH_MAX];
	int status = cache->beside[0] ? open_draft(draft, cache->beside, err) : 1;

	if (status <= 0 || !cache->apart[0])
		return status == 0 ? 0 : -1;
	(void)snprintf(dir, sizeof dir, "%s", cache->apart);
	*strrchr(dir, '/') = '\0';
	return make_dirs(dir, err) == 0 && open_draft(draft, cache->apart, err) == 0 ? 0 : -1;
}

static char *files_text(const struct source_key *key)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && i < key->n; i++)
		(void)fprintf(out, "%s%" PRIu64 " %" PRId64 " %016" PRIx64, i ? " " : "", key->files[i].size,
			      key->files[i].mtime, key->files[i].digest);
	if (!out || fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static char *summary_text(const struct dataset_summary *s)
{
	char *text;

	if (asprintf(&text,
		     "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		     " %" PRIu64 " %.6f",
		     s->source.item_rows, s->source.item_rejects, s->source.rating_rows, s->source.rating_rejects,
		     s->source.unrated, s->item_repeats, s->rating_repeats, s->unknown_ratings, s->unknown_items,
		     s->seconds) < 0)
		return NULL;
	return text;
}

static void list_columns(struct tensor_list *tensors, const struct dataset *d)
{
	const struct rating_lists ratings = {d->user_offsets, d->ratings.items, d->ratings.scores};

	tensors_add_catalogue(tensors, &d->catalogue);
	tensors_add_strings(tensors, "user_names", d->n_users, &d->users);
	tensors_add_ratings(tensors, d->n_users, &ratings);
	tensors_add(tensors, "rating_users", ST_U32, d->ratings.n, 0, d->ratings.users);
}

static int write_draft(const struct draft *draft, const struct dataset *d, const struct source_key *key,
		       struct animed_error *err)
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
		status = st_write(draft->fd, tensors.at, tensors.n, pairs.at, pairs.n, err);
	} else {
		animed_fail(err, "out of memory");
	}
	free(files);
	free(summary);
	return status;
}

/* Not synced: a cache that a crash has left torn is refused by its checksum. */
static int commit(const struct draft *draft, struct animed_error *err)
{
	if (rename(draft->temporary, draft->path) < 0)
		return animed_fail(err, "%s: cannot rename: %s", draft->temporary, strerror(errno));
	return 0;
}

void dataset_cache_store(const struct dataset *dataset, struct dataset_cache *cache, const struct animed_host *host)
{
	const uint64_t start = clock_begin();
	struct source_key *key = &cache->key;
	struct animed_error err;
	struct draft draft;
	struct stat st = {0};

	/* the digest first: what changes after it was read shows in the time */
	if (source_key_digest(key, host, &err) < 0 || open_anywhere(&draft, cache, &err) < 0) {
		host->log(host->ctx, ANIMED_WARN, "the dataset is not cached: %s", err.text);
		return;
	}
	int status = write_draft(&draft, dataset, key, &err);
	if (status == 0 && !source_key_holds(key))
		status = animed_fail(&err, "the source changed while it was read");
	if (status == 0)
		status = commit(&draft, &err);
	if (status < 0) {
		host->log(host->ctx, ANIMED_WARN, "the dataset is not cached: %s: %s", draft.path, err.text);
		(void)unlink(draft.temporary);
	} else {
		(void)fstat(draft.fd, &st);
		host->log(host->ctx, ANIMED_INFO, "dataset cached in %s: %.1f MB in %.2f s", draft.path,
			  (double)st.st_size / 1e6, clock_seconds(start));
	}
	(void)close(draft.fd);
}

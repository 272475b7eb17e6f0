/* source-key.c - what a dataset is made from, and where its cache is. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/clock.h"
#include "cli/paths.h"
#include "config/conf.h"
#include "data/dataset-cache.h"

#define SUFFIX ".animed-cache"

/* How fine the times of files are, in ns: a tick of the kernel's clock, 10 ms at most, or on FAT, whose times are whole
 * seconds, two of them. */
#define FINE_STEP   20000000
#define COARSE_STEP 2000000000

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

/* 0, or -1 where it is not there or no regular file. */
static int look_at(struct cache_file *file)
{
	struct stat st;

	if (stat(file->path, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	file->size = (uint64_t)st.st_size;
	file->mtime = nanoseconds(&st.st_mtim);
	return 0;
}

/* Whether the file may yet be changed without a change of its time. */
static bool is_young(const struct cache_file *file)
{
	return file->mtime > clock_now() - (file->mtime % 1000000000 ? FINE_STEP : COARSE_STEP);
}

static char *make_settings(const struct plugin *source, const struct animed_value *values,
			   const struct dataset_options *options)
{
	const struct conf_stage stage = {*source, (struct animed_value *)(uintptr_t)values};
	char *parameters = conf_stage_json(&stage), *text = NULL;
	struct stat st = {0};

	/* another build of the plugin may read the same file in another way */
	if (parameters && stat(source->path, &st) == 0 &&
	    asprintf(&text, PACKAGE_VERSION " %s %" PRIu64 " %" PRId64 " %s %s", source->info->name,
		     (uint64_t)st.st_size, nanoseconds(&st.st_mtim),
		     options->unknown_items == UNKNOWN_ITEMS_KEEP ? "keep" : "drop", parameters) < 0)
		text = NULL;
	free(parameters);
	return text;
}

static void find_places(struct cache_key *key)
{
	char home[PATH_MAX];

	if (snprintf(key->beside, sizeof key->beside, "%s" SUFFIX, key->files[0].path) >= (int)sizeof key->beside)
		key->beside[0] = '\0';
	if (path_xdg("XDG_CACHE_HOME", home, sizeof home) < 0 ||
	    snprintf(key->apart, sizeof key->apart, "%s/animed/%016" PRIx64 SUFFIX, home,
		     XXH3_64bits(key->settings, strlen(key->settings))) >= (int)sizeof key->apart)
		key->apart[0] = '\0';
}

static int add_file(struct cache_key *key, const char *path, struct animed_error *err)
{
	struct cache_file *file = &key->files[key->n];

	if (key->n == CACHE_FILES)
		return animed_fail(err, "the source reads more than %d files", CACHE_FILES);
	file->path = path;
	if (look_at(file) < 0)
		return animed_fail(err, "%s is not a regular file", path);
	if (is_young(file))
		return animed_fail(err, "%s was changed this moment", path);
	key->bytes += file->size;
	key->n++;
	return 0;
}

int cache_key_make(const struct plugin *source, const struct animed_value *values,
		   const struct dataset_options *options, struct cache_key *key, struct animed_error *err)
{
	const struct animed_param *table = source->info->params;

	*key = (struct cache_key){0};
	if (!source->info->ops.source->cacheable)
		return animed_fail(err, "the source %s reads more than files", source->info->name);
	for (size_t i = 0; table[i].name; i++) {
		if (table[i].type == ANIMED_PATH && values[i].set && add_file(key, values[i].string, err) < 0)
			return -1;
	}
	if (key->n == 0)
		return animed_fail(err, "the source %s names no file", source->info->name);
	key->settings = make_settings(source, values, options);
	if (!key->settings)
		return animed_fail(err, "out of memory");
	find_places(key);
	return 0;
}

void cache_key_free(struct cache_key *key)
{
	free(key->settings);
	*key = (struct cache_key){0};
}

bool cache_key_holds(const struct cache_key *key)
{
	for (size_t i = 0; i < key->n; i++) {
		struct cache_file now = {.path = key->files[i].path};
		if (look_at(&now) < 0 || now.size != key->files[i].size || now.mtime != key->files[i].mtime)
			return false;
	}
	return true;
}

static int digest_file(struct cache_file *file, char *buffer, size_t size, const struct animed_host *host,
		       struct animed_error *err)
{
	XXH3_state_t *state = XXH3_createState();
	int fd = open(file->path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (state && fd >= 0 && XXH3_64bits_reset(state) == XXH_OK) {
		while ((n = read(fd, buffer, size)) > 0 && !host->cancelled(host->ctx))
			(void)XXH3_64bits_update(state, buffer, (size_t)n);
		file->digest = XXH3_64bits_digest(state);
		file->digested = n == 0;
	}
	const int why = errno;
	if (fd >= 0)
		(void)close(fd);
	(void)XXH3_freeState(state);
	if (n > 0)
		return animed_fail(err, "cancelled");
	return n == 0 ? 0 : animed_fail(err, "%s: cannot read: %s", file->path, strerror(why));
}

int cache_key_digest(struct cache_key *key, const struct animed_host *host, struct animed_error *err)
{
	const size_t size = (size_t)1 << 20;
	char *buffer = malloc(size);
	int status = buffer ? 0 : animed_fail(err, "out of memory");

	for (size_t i = 0; status == 0 && i < key->n; i++) {
		if (!key->files[i].digested)
			status = digest_file(&key->files[i], buffer, size, host, err);
	}
	free(buffer);
	return status;
}

/* source-key.c - looks at what a dataset is made from. */
#include "config.h"

#include "data/source-key.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/clock.h"
#include "base/text.h"
#include "config/param-read.h"

/* How fine the times of files are, in ns: a tick of the kernel's clock, 10 ms at most, or on FAT, whose times are whole
 * seconds, two of them. */
#define FINE_STEP   20000000
#define COARSE_STEP 2000000000

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

static struct source_file look_at(const char *path)
{
	struct source_file file = {.path = path};
	struct stat st;

	if (stat(path, &st) == 0) {
		file.regular = S_ISREG(st.st_mode);
		file.size = (uint64_t)st.st_size;
		file.mtime = nanoseconds(&st.st_mtim);
	}
	return file;
}

/* Another version of animed may make another dataset of the same rows, another build of the plugin may read the same
 * file in another way. */
static char *make_settings(const struct conf_stage *source, const struct dataset_options *options)
{
	const struct source_file plugin = look_at(source->plugin.path);
	const struct text unknown = text_at(UNKNOWN_ITEMS_CHOICES, options->unknown_items);
	char *parameters = conf_stage_json(source), *text = NULL;

	if (parameters &&
	    asprintf(&text, PACKAGE_VERSION " %s %" PRIu64 " %" PRId64 " %.*s %s", source->plugin.info->name,
		     plugin.size, plugin.mtime, (int)unknown.length, unknown.bytes, parameters) < 0)
		text = NULL;
	free(parameters);
	return text;
}

/* Ask the plugin for the state of what it reads, and write "" where it cannot tell.  On failure returns -1 and fills
 * err. */
static int ask_state(const struct conf_stage *source, char state[SOURCE_STATE_SIZE], struct animed_error *err)
{
	const struct animed_source_ops *ops = source->plugin.info->ops.source;

	state[0] = '\0';
	return ops->state ? ops->state(source->values, state, SOURCE_STATE_SIZE, err) : 0;
}

int source_key_make(const struct conf_stage *source, const struct dataset_options *options, struct source_key *key,
		    struct animed_error *err)
{
	const struct animed_param *table = source->plugin.info->params;

	*key = (struct source_key){
	    .source = source,
	    .settings = make_settings(source, options),
	    .files = calloc(params_count(table) + 1, sizeof *key->files),
	};
	if (!key->settings || !key->files)
		return animed_fail(err, "out of memory");
	for (size_t i = 0; table[i].name; i++) {
		if (table[i].type != ANIMED_PATH || !source->values[i].set)
			continue;
		key->files[key->n] = look_at(source->values[i].string);
		key->bytes += key->files[key->n++].size;
	}
	if (ask_state(source, key->state, err) < 0)
		return -1;
	key->unknown = key->state[0] == '\0' && (key->n == 0 || source->plugin.info->ops.source->state);
	return 0;
}

void source_key_free(struct source_key *key)
{
	free(key->settings);
	free(key->files);
	*key = (struct source_key){0};
}

/* Whether the file may yet be changed without a change of its time. */
static bool is_young(const struct source_file *file)
{
	return file->mtime > clock_now() - (file->mtime % 1000000000 ? FINE_STEP : COARSE_STEP);
}

int source_key_settled(const struct source_key *key, struct animed_error *err)
{
	for (size_t i = 0; i < key->n; i++) {
		if (!key->files[i].regular)
			return animed_fail(err, "%s is not a regular file", key->files[i].path);
		if (is_young(&key->files[i]))
			return animed_fail(err, "%s was changed this moment", key->files[i].path);
	}
	return 0;
}

bool source_key_holds(const struct source_key *key)
{
	char state[SOURCE_STATE_SIZE];
	struct animed_error err;

	for (size_t i = 0; i < key->n; i++) {
		const struct source_file *then = &key->files[i], now = look_at(then->path);
		if (now.regular != then->regular || now.size != then->size || now.mtime != then->mtime)
			return false;
	}
	return ask_state(key->source, state, &err) == 0 && strcmp(state, key->state) == 0;
}

static int digest_file(struct source_file *file, char *buffer, size_t size, const struct animed_host *host,
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
	const int why = state ? errno : ENOMEM;
	if (fd >= 0)
		(void)close(fd);
	(void)XXH3_freeState(state);
	if (n > 0)
		return animed_fail(err, "cancelled");
	return n == 0 ? 0 : animed_fail(err, "%s: cannot read: %s", file->path, strerror(why));
}

int source_key_digest(struct source_key *key, const struct animed_host *host, struct animed_error *err)
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

int source_hash(const struct conf_stage *source, const struct dataset_options *options, char out[SOURCE_HASH_SIZE],
		struct animed_error *err)
{
	struct source_key key;
	int status = source_key_make(source, options, &key, err);

	out[0] = '\0';
	if (status == 0 && !key.unknown) {
		XXH64_hash_t hash = XXH3_64bits(key.settings, strlen(key.settings));
		if (key.state[0])
			hash = XXH3_64bits_withSeed(key.state, strlen(key.state), hash);
		for (size_t i = 0; i < key.n; i++) {
			const struct source_file *file = &key.files[i];
			const int64_t facts[] = {file->regular, (int64_t)file->size, file->mtime};
			hash = XXH3_64bits_withSeed(facts, sizeof facts, hash);
		}
		(void)snprintf(out, SOURCE_HASH_SIZE, "%016" PRIx64, (uint64_t)hash);
	}
	source_key_free(&key);
	return status;
}

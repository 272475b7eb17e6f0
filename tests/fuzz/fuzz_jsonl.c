/* Fuzzes the jsonl plugin: arbitrary bytes as its files are loaded or refused with a reason, and never read beyond their
 * end. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/param-read.h"
#include "config/plugin.h"
#include "data/dataset.h"
#include "fuzz.h"
#include "places.h"

const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED(
	"{\"profile\":\"a\",\"anime_uid\":1,\"score\":5}\n\n{\"profile\":7,\"anime_uid\":\"2\",\"score\":6.5}\r\n"),
    FUZZ_SEED("{\"profile\":{\"name\":\"a\"},\"anime_uid\":[1,2],\"score\":null,\"genre\":[\"A, B\"]}\n"),
    FUZZ_SEED("{\"profile\":\"a\",\"anime_uid\":1,\"score\":1e3,\"genre\":[{\"name\":\"A\"},3,true],\"user\":{\"id.x\":"
	      "{\"y\":[[{}]]}}}"),
    FUZZ_SEED("[{\"profile\":1}]"),
    FUZZ_SEED("{\n\"profile\": 1\n}"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

static int take_items(void *ctx, const struct animed_item_batch *batch, struct animed_error *err)
{
	(void)ctx;
	(void)err;
	for (size_t i = 0; i < batch->n; i++) {
		if (!text_is_utf8(strings_at(&batch->titles, i)) || !text_is_utf8(strings_at(&batch->genres, i)))
			abort();
	}
	return 0;
}

static int take_favourites(void *ctx, const struct animed_favourite_batch *batch, struct animed_error *err)
{
	(void)ctx;
	(void)err;
	for (size_t i = 0; i < batch->n; i++) {
		if (strings_at(&batch->users, i).length == 0)
			abort();
	}
	return 0;
}

static int take_ratings(void *ctx, const struct animed_rating_batch *batch, struct animed_error *err)
{
	(void)ctx;
	(void)err;
	for (size_t i = 0; i < batch->n; i++) {
		if (strings_at(&batch->users, i).length == 0 || batch->scores[i] - batch->scores[i] != 0)
			abort(); /* an empty user, or a score that is not finite */
	}
	return 0;
}

/* No message may have a control character in it. */
static void check_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	char line[2048];
	va_list ap;

	(void)ctx;
	(void)level;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	for (const char *at = line; *at; at++) {
		if ((unsigned char)*at < 0x20)
			abort();
	}
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

/* The parameters with one file for everything, and keys that lead into what the seeds have. */
static struct animed_value *make_values(const struct animed_param *table, const char *path)
{
	static const char *const keys[][2] = {{"items.item", "anime_uid"},
					      {"items.title", "profile"},
					      {"items.type", "user.id.x.y"},
					      {"favourites.items", "anime_uid"},
					      {"max_rejects", "1"}};
	struct animed_value *values = calloc(params_count(table) + 1, sizeof *values);
	struct animed_error err;

	for (size_t i = 0; values && table[i].name; i++) {
		const char *text = strstr(table[i].name, ".path") ? path : table[i].def;
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
			if (strcmp(table[i].name, keys[k][0]) == 0)
				text = keys[k][1];
		}
		if (text && value_parse(&table[i], text, "/", &values[i], &err) < 0)
			abort();
	}
	return values;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plugin jsonl;
	const struct animed_sink sink = {
	    .items = take_items, .favourites = take_favourites, .ratings = take_ratings, .limit = UINT64_MAX};
	const struct animed_host host = {NULL, check_log, NULL, never, 1};
	struct animed_source_stats stats = {0};
	struct animed_error err = {""};
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (!jsonl.info && plugin_open(BUILDDIR "/plugins", "jsonl", ANIMED_SOURCE, &jsonl, &err) < 0)
		abort();
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct animed_value *values = make_values(jsonl.info->params, path);
	if (jsonl.info->ops.source->load(values, &sink, &host, &stats, &err) < 0 && err.text[0] == '\0')
		abort(); /* refused without a reason */
	values_free(jsonl.info->params, values);
	(void)close(fd);
	return 0;
}

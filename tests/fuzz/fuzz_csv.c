/* Fuzzes the csv plugin: arbitrary bytes as its files are loaded or refused with a reason, and never read beyond their
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
    FUZZ_SEED("profile,anime_uid,score\na,1,5\n\"b\"\"c\",2,6.5\r\n\r\nd,3,-1\n"),
    FUZZ_SEED("\xef\xbb\xbf# a comment\nscore;profile;anime_uid\n1;\"x\ny\";9\n"),
    FUZZ_SEED("profile|anime_uid|score\na|\"b \\\"c\\\"\"|3|\n\"x\" y|2|5\n"),
    FUZZ_SEED("sep=;\nprofile;anime_uid;score\n\"a;1;5\nprofile;anime_uid;score\n;;\n"),
    FUZZ_SEED("A title\nprofile::anime_uid::score\na::1::5\n"),
    FUZZ_SEED(
	"\xff\xfep\0r\0o\0f\0i\0l\0e\0,\0a\0n\0i\0m\0e\0_\0u\0i\0d\0,\0s\0c\0o\0r\0e\0\n\0a\0,\0001\0,\0005\0\n\0"),
    FUZZ_SEED("\x28\xb5\x2f\xfd\x04\x58\x29\x01\x00profile,anime_uid,score\na,1,5\n\0\0\0\0"),
    FUZZ_SEED("\x1f\x8b\x08\0\0\0\0\0\0\x03"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

static int take_items(void *ctx, const struct animed_item_batch *batch, struct animed_error *err)
{
	(void)ctx;
	(void)batch;
	(void)err;
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

static void quiet(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

/* The default parameters with one file for both the ratings and the items.  The columns of the items are mapped to
 * those of the ratings, so that the file fits both. */
static struct animed_value *make_values(const struct animed_param *table, const char *path)
{
	struct animed_value *values = calloc(params_count(table) + 1, sizeof *values);
	struct animed_error err;

	for (size_t i = 0; values && table[i].name; i++) {
		const char *text = table[i].def;
		if (strstr(table[i].name, ".path"))
			text = path;
		else if (strcmp(table[i].name, "items.item") == 0)
			text = "anime_uid";
		else if (strcmp(table[i].name, "items.title") == 0)
			text = "profile";
		else if (strcmp(table[i].name, "max_rejects") == 0)
			text = "1";
		if (text && value_parse(&table[i], text, "/", &values[i], &err) < 0)
			abort();
	}
	return values;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plugin csv;
	const struct animed_sink sink = {.items = take_items, .ratings = take_ratings, .limit = UINT64_MAX};
	const struct animed_host host = {NULL, quiet, NULL, never, 1};
	struct animed_source_stats stats = {0};
	struct animed_error err = {""};
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (!csv.info && plugin_open(BUILDDIR "/plugins", "csv", ANIMED_SOURCE, &csv, &err) < 0)
		abort();
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct animed_value *values = make_values(csv.info->params, path);
	if (csv.info->ops.source->load(values, &sink, &host, &stats, &err) < 0 && err.text[0] == '\0')
		abort(); /* refused without a reason */
	values_free(csv.info->params, values);
	(void)close(fd);
	return 0;
}

/* Fuzzes the csv plugin: arbitrary bytes as its files are loaded or refused with a reason, and never read beyond their
 * end.  The first byte chooses the parameters. */
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
    FUZZ_SEED("0profile,anime_uid,score\na,1,5\n\"b\"\"c\",2,6.5\r\n\r\nd,3,-1\n"),
    FUZZ_SEED("0\xef\xbb\xbf# a comment\nscore;profile;anime_uid\n1;\"x\ny\";9\n"),
    FUZZ_SEED("1profile|anime_uid|score\na|\"b \\\"c\\\"\"|3|\n\"x\" y|2|5\n"),
    FUZZ_SEED("0sep=;\nprofile;anime_uid;score\n\"a;1;5\nprofile;anime_uid;score\n;;\n"),
    FUZZ_SEED("0A title\nprofile::anime_uid::score\na::1::5\n"),
    FUZZ_SEED(
	"0\xff\xfep\0r\0o\0f\0i\0l\0e\0,\0a\0n\0i\0m\0e\0_\0u\0i\0d\0,\0s\0c\0o\0r\0e\0\n\0a\0,\0001\0,\0005\0\n\0"),
    FUZZ_SEED("0\x28\xb5\x2f\xfd\x04\x58\x29\x01\x00profile,anime_uid,score\na,1,5\n\0\0\0\0"),
    FUZZ_SEED("2profile\tanime_uid\tscore\n\"a\t1\t\xe2\x98\x85\nb\t2,000\t7,5\n"),
    FUZZ_SEED("3[\"a\", 'b\\u00e9'];17.0;9/10\n{'name': &amp;c};1e3;4\xc2\xbd\n"),
    FUZZ_SEED("4profile,anime_uid,score\n\x93"
	      "a\x94,1,5\n\x81,2,5\n"),
    FUZZ_SEED("51:\n7,4,2005-01-01\n2:\n8,5,x\n"),
    FUZZ_SEED("61::\"a\"::5\n2::b::4\n"),
    FUZZ_SEED("0\x1f\x8b\x08\0\0\0\0\0\0\x03"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

static int take_items(void *ctx, const struct animed_item_batch *batch, struct animed_error *err)
{
	(void)ctx;
	(void)batch;
	(void)err;
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

struct setting {
	const char *name, *value;
};

/* The parameters beside the columns, which the first character of the input chooses. */
static const struct setting variants[][4] = {
    {{NULL, NULL}},
    {{"ratings.escape", "backslash"}, {"items.escape", "backslash"}},
    {{"ratings.quotes", "false"}, {"items.quotes", "false"}, {"ratings.where", "score\n5\nscore\n7,5\n"}},
    {{"ratings.header", "false"}, {"items.header", "false"}, {"favourites.header", "false"}},
    {{"ratings.encoding", "cp1252"}, {"items.encoding", "cp1252"}},
    {{"layout", "netflix"}},
    {{"layout", "movielens-1m"}},
};

/* The columns of a file that is all three. */
static const struct setting named[] = {
    {"ratings.user", "profile"},       {"ratings.item", "anime_uid"}, {"ratings.score", "score"},
    {"items.item", "anime_uid"},       {"items.title", "profile"},    {"favourites.user", "profile"},
    {"favourites.items", "anime_uid"}, {"max_rejects", "1"},
};
static const struct setting numbered[] = {
    {"ratings.user", "1"},     {"ratings.item", "2"}, {"ratings.score", "3"},    {"items.item", "2"},
    {"items.title", "1"},      {"items.genres", "1"}, {"items.alt_titles", "1"}, {"favourites.user", "1"},
    {"favourites.items", "2"}, {"max_rejects", "1"},
};

static const char *find(const struct setting *settings, size_t n, const char *name)
{
	for (size_t i = 0; i < n && settings[i].name; i++) {
		if (strcmp(settings[i].name, name) == 0)
			return settings[i].value;
	}
	return NULL;
}

/* The parameters with one file for the ratings, the items and the favourites. */
static struct animed_value *make_values(const struct animed_param *table, const char *path, unsigned variant)
{
	struct animed_value *values = calloc(params_count(table) + 1, sizeof *values);
	const bool numbers = variant == 3;
	struct animed_error err;

	for (size_t i = 0; values && table[i].name; i++) {
		const char *name = table[i].name, *text = find(variants[variant], 4, name);
		if (strstr(name, ".path"))
			text = path;
		else if (!text && variant < 5)
			text = numbers ? find(numbered, sizeof numbered / sizeof *numbered, name)
				       : find(named, sizeof named / sizeof *named, name);
		if (!text)
			text = strcmp(name, "max_rejects") == 0 ? "1" : table[i].def;
		if (text && value_parse(&table[i], text, "/", &values[i], &err) < 0)
			abort();
	}
	return values;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plugin csv;
	const struct animed_sink sink = {
	    .items = take_items, .favourites = take_favourites, .ratings = take_ratings, .limit = UINT64_MAX};
	const struct animed_host host = {NULL, quiet, NULL, never, 1};
	struct animed_source_stats stats = {0};
	struct animed_error err = {""};
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (!csv.info && plugin_open(BUILDDIR "/plugins", "csv", ANIMED_SOURCE, &csv, &err) < 0)
		abort();
	if (size == 0) {
		(void)close(fd);
		return 0;
	}
	const unsigned variant = (unsigned)(data[0] - '0') % (unsigned)(sizeof variants / sizeof *variants);
	if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)size - 1)
		abort();
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct animed_value *values = make_values(csv.info->params, path, variant);
	if (csv.info->ops.source->load(values, &sink, &host, &stats, &err) < 0 && err.text[0] == '\0')
		abort(); /* refused without a reason */
	values_free(csv.info->params, values);
	(void)close(fd);
	return 0;
}

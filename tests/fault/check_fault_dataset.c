/* Loads a dataset while memory is short: from the source, from a cache, and while a cache is written.  Each load has to
 * give exactly the dataset of the source, or to fail with a message that memory is short. */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>
#include <zlib.h>

#include "config/param-read.h"
#include "config/plugin.h"
#include "data/dataset.h"
#include "each.h"
#include "fault.h"
#include "scratch.h"

#define ITEMS                                                                                                          \
	"uid,title,alt_titles,synopsis,genre,aired,episodes,type\n"                                                    \
	"1,Eins,\"One|Un\",It begins.,\"['Drama', 'Music']\",1998,26,TV\n"                                             \
	"2,Zw\xc3\xb6lf,,,Drama,2001,1,Movie\n"                                                                        \
	"3,\"Drei, \"\"3\"\"\",,,,,,\n"                                                                                \
	"1,One,,,\"Drama, Music\",1998,26,TV\n"

#define RATINGS                                                                                                        \
	"profile,anime_uid,score\n"                                                                                    \
	"a,1,5\nb,2,6\nb,1,7.5\nc,3,10\na,1,4\nd,77,3\nd,x,3\ne,2,-1\n\xc3\xa9va,3,8\n"

static struct plugin csv;

/* A load, and its outcome where memory is not short. */
struct given {
	struct conf_stage source;
	struct dataset_options options;
	unsigned threads;
	const char *forget; /* a file that is removed after each load; NULL: none */
	int status;
	uint64_t fingerprint;
};

static void no_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static void no_progress(void *ctx, const struct animed_progress *now)
{
	(void)ctx;
	(void)now;
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static uint64_t hash_strings(const struct animed_strings *strings, size_t n, uint64_t seed)
{
	return XXH64(strings->bytes, strings->offsets[n],
		     XXH64(strings->offsets, (n + 1) * sizeof *strings->offsets, seed));
}

/* A hash of everything in a dataset. */
static uint64_t fingerprint(const struct dataset *dataset)
{
	const struct catalogue *c = dataset_catalogue(dataset);
	const struct animed_ratings r = dataset_ratings(dataset);
	uint32_t users;
	const struct animed_strings *names = dataset_users(dataset, &users);
	char digest[17];
	uint64_t hash;

	ck_assert_int_eq(dataset_digest(dataset, digest, NULL), 0);
	hash = XXH64(digest, 16, c->n);
	hash = XXH64(r.users, r.n * sizeof *r.users, hash);
	hash = XXH64(r.items, r.n * sizeof *r.items, hash);
	hash = XXH64(r.scores, r.n * sizeof *r.scores, hash);
	hash = XXH64(c->ids, c->n * sizeof *c->ids, hash);
	hash = XXH64(c->counts, c->n * sizeof *c->counts, hash);
	hash = XXH64(c->means, c->n * sizeof *c->means, hash);
	hash = XXH64(c->years, c->n * sizeof *c->years, hash);
	hash = XXH64(c->episodes, c->n * sizeof *c->episodes, hash);
	hash = hash_strings(&c->titles, c->n, hash);
	hash = hash_strings(&c->alt_titles, c->n, hash);
	hash = hash_strings(&c->synopses, c->n, hash);
	hash = hash_strings(&c->genres, c->n, hash);
	hash = hash_strings(&c->types, c->n, hash);
	return hash_strings(names, users, hash);
}

static int load_one(const struct given *given, struct dataset **dataset, struct animed_error *err)
{
	const struct animed_host host = {NULL, no_log, no_progress, never, given->threads};

	return dataset_load(&given->source, &given->options, &host, dataset, err);
}

static void load(struct attempt *attempt)
{
	const struct given *given = attempt->ctx;
	struct dataset *dataset;
	struct animed_error err = {""};

	/* first with failures, then without them on the files that the first load left */
	for (int again = 0; again < 2; again++) {
		const int status = load_one(given, &dataset, &err);
		(void)fault_disarm();
		if (status < 0 && (again || !each_says_memory(err.text)) && given->status == 0)
			each_wrong(attempt, "%s: %s", again ? "the next load" : "refused", err.text);
		if (status == 0 && given->status < 0)
			each_wrong(attempt, "loaded though the source is faulty");
		if (status == 0 && given->status == 0 && fingerprint(dataset) != given->fingerprint)
			each_wrong(attempt, "another data set%s", again ? " at the next load" : "");
		if (status == 0)
			dataset_free(dataset);
	}
	if (given->forget)
		(void)unlink(given->forget);
	each_lost(attempt);
}

/* Make a file 100 seconds old, since a dataset is not cached while its files were changed too recently. */
static void age(const char *path)
{
	struct timespec times[2];

	ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &times[0]), 0);
	times[0].tv_sec -= 100;
	times[1] = times[0];
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static struct animed_value *make_values(const char *ratings, const char *max_rejects)
{
	const struct animed_param *table = csv.info->params;
	struct animed_value *values = calloc(params_count(table), sizeof *values);
	struct animed_error err;

	ck_assert_ptr_nonnull(values);
	for (size_t i = 0; table[i].name; i++) {
		const char *text = strcmp(table[i].name, "ratings.path") == 0      ? ratings
				   : strcmp(table[i].name, "items.path") == 0      ? "i.csv"
				   : strcmp(table[i].name, "ratings.unrated") == 0 ? "-1"
				   : strcmp(table[i].name, "max_rejects") == 0     ? max_rejects
										   : table[i].def;
		if (text)
			ck_assert_int_eq(value_parse(&table[i], text, scratch, &values[i], &err), 0);
	}
	return values;
}

static void load_each(const char *what, struct given *given, const char *ratings, const char *max_rejects)
{
	struct animed_value *values = make_values(ratings, max_rejects);
	struct dataset *dataset;
	struct animed_error err;

	given->source = (struct conf_stage){csv, values};
	age(scratch_path("i.csv"));
	age(scratch_path(ratings));
	if (given->threads == 0)
		given->threads = 1;
	given->status = load_one(given, &dataset, &err);
	if (given->status == 0) {
		given->fingerprint = fingerprint(dataset);
		dataset_free(dataset);
	}
	each(what, load, given, 1, UINT64_MAX, 1);
	each(what, load, given, 4, 100, 5);
	values_free(csv.info->params, values);
}

START_TEST(from_the_source)
{
	struct given given = {.options = {.unknown_items = UNKNOWN_ITEMS_DROP}};
	struct given threads = {.options = {.unknown_items = UNKNOWN_ITEMS_KEEP}, .threads = 3};

	load_each("a source", &given, "r.csv", "1");
	load_each("a source, read by three threads", &threads, "r.csv", "1");
}
END_TEST

START_TEST(from_a_compressed_source)
{
	struct given given = {.options = {.unknown_items = UNKNOWN_ITEMS_KEEP}};
	gzFile out = gzopen(scratch_path("r.csv.gz"), "wb");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(gzwrite(out, RATINGS, sizeof RATINGS - 1), sizeof RATINGS - 1);
	ck_assert_int_eq(gzclose(out), Z_OK);
	load_each("a compressed source", &given, "r.csv.gz", "1");
}
END_TEST

START_TEST(from_a_faulty_source)
{
	struct given given = {.options = {.unknown_items = UNKNOWN_ITEMS_DROP}};

	load_each("a faulty source", &given, "r.csv", "0");
	ck_assert_int_eq(given.status, -1);
}
END_TEST

START_TEST(into_the_cache_and_from_there)
{
	struct given writing = {.options = {.unknown_items = UNKNOWN_ITEMS_DROP, .cache = true}};
	struct given reading = writing;
	char cache[PATH_MAX];

	(void)snprintf(cache, sizeof cache, "%s", scratch_path("r.csv.animed-cache"));
	writing.forget = cache;
	load_each("a source that is cached", &writing, "r.csv", "1");
	load_each("a cache", &reading, "r.csv", "1");
	ck_assert_int_eq(access(cache, F_OK), 0);
}
END_TEST

static void setup(void)
{
	struct animed_error err;

	scratch_open();
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", scratch_path("cache"), 1), 0);
	ck_assert_int_eq(plugin_open(BUILDDIR "/plugins", "csv", ANIMED_SOURCE, &csv, &err), 0);
	(void)scratch_text("i.csv", ITEMS);
	(void)scratch_text("r.csv", RATINGS);
}

static void teardown(void)
{
	plugin_close(&csv);
	scratch_close();
}

int main(void)
{
	Suite *suite = suite_create("fault_dataset");
	TCase *tc = tcase_create("fault_dataset");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, from_the_source);
	tcase_add_test(tc, from_a_compressed_source);
	tcase_add_test(tc, from_a_faulty_source);
	tcase_add_test(tc, into_the_cache_and_from_there);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

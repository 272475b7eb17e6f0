/* Tests the hash of what a dataset is made from: everything that would make another dataset changes it, and nothing
 * else does. */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config/param-read.h"
#include "data/source-key.h"
#include "scratch.h"

static struct conf_stage source;
static struct dataset_options options;
static struct animed_error err;
static char first[SOURCE_HASH_SIZE];

static void copy_plugin(void)
{
	char command[PATH_MAX + 64];

	(void)snprintf(command, sizeof command, "cp '" BUILDDIR "/plugins/csv.so' '%s/csv.so'", scratch);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(chmod(scratch_path("csv.so"), 0755), 0);
}

/* Set the modification time of the file to `seconds` ago. */
static void age(const char *name, int seconds)
{
	struct timespec times[2];

	ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &times[0]), 0);
	times[0].tv_sec -= seconds;
	times[1] = times[0];
	ck_assert_int_eq(utimensat(AT_FDCWD, scratch_path(name), times, 0), 0);
}

static struct animed_value *value_of(const char *name)
{
	size_t i = 0;

	while (strcmp(source.plugin.info->params[i].name, name) != 0)
		i++;
	return &source.values[i];
}

/* The hash of the source as it is now.  The next call overwrites it. */
static const char *hash(void)
{
	static char out[SOURCE_HASH_SIZE];

	ck_assert_int_eq(source_hash(&source, &options, out, &err), 0);
	return out;
}

static void setup(void)
{
	scratch_open();
	copy_plugin();
	ck_assert_msg(plugin_open(scratch, "csv", ANIMED_SOURCE, &source.plugin, &err) == 0, "%s", err.text);
	const struct animed_param *table = source.plugin.info->params;
	source.values = calloc(params_count(table) + 1, sizeof *source.values);
	for (size_t i = 0; table[i].name; i++) {
		const char *text = strcmp(table[i].name, "ratings.path") == 0 ? "r.csv"
				   : strcmp(table[i].name, "items.path") == 0 ? "i.csv"
									      : table[i].def;
		if (text)
			ck_assert_int_eq(value_parse(&table[i], text, scratch, &source.values[i], &err), 0);
	}
	(void)scratch_text("r.csv", "profile,anime_uid,score\na,1,5\n");
	(void)scratch_text("i.csv", "uid,title\n1,Eins\n");
	age("r.csv", 100);
	age("i.csv", 100);
	options = (struct dataset_options){.unknown_items = UNKNOWN_ITEMS_DROP};
	(void)snprintf(first, sizeof first, "%s", hash());
}

static void teardown(void)
{
	values_free(source.plugin.info->params, source.values);
	plugin_close(&source.plugin);
	scratch_close();
}

START_TEST(the_same_is_the_same)
{
	ck_assert_uint_eq(strlen(first), 16);
	ck_assert_str_eq(hash(), first);
	/* the options of the cache do not change the dataset */
	options.cache = true;
	options.cache_from = 1;
	ck_assert_str_eq(hash(), first);
}
END_TEST

START_TEST(files_count_by_size_and_time)
{
	age("r.csv", 50);
	ck_assert_str_ne(hash(), first);
	(void)snprintf(first, sizeof first, "%s", hash());
	ck_assert_int_eq(unlink(scratch_path("i.csv")), 0);
	ck_assert_str_ne(hash(), first);
}
END_TEST

START_TEST(values_count)
{
	value_of("max_rejects")->real = 0.5;
	ck_assert_str_ne(hash(), first);
}
END_TEST

START_TEST(what_becomes_of_unknown_items_counts)
{
	options.unknown_items = UNKNOWN_ITEMS_KEEP;
	ck_assert_str_ne(hash(), first);
}
END_TEST

START_TEST(another_build_of_the_plugin_counts)
{
	age("csv.so", 50);
	ck_assert_str_ne(hash(), first);
}
END_TEST

START_TEST(without_files_nothing_can_be_said)
{
	value_free(&(const struct animed_param){.type = ANIMED_PATH}, value_of("ratings.path"));
	value_free(&(const struct animed_param){.type = ANIMED_PATH}, value_of("items.path"));
	ck_assert_str_eq(hash(), "");
}
END_TEST

START_TEST(a_file_of_this_moment_is_not_settled)
{
	struct source_key key;

	ck_assert_int_eq(source_key_make(&source, &options, &key, &err), 0);
	ck_assert_int_eq(source_key_settled(&key, &err), 0);
	ck_assert(source_key_holds(&key));
	age("i.csv", -1);
	ck_assert(!source_key_holds(&key));
	source_key_free(&key);
	ck_assert_int_eq(source_key_make(&source, &options, &key, &err), 0);
	ck_assert_int_eq(source_key_settled(&key, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "i.csv was changed this moment"));
	source_key_free(&key);
	ck_assert_int_eq(unlink(scratch_path("r.csv")), 0);
	ck_assert_int_eq(mkdir(scratch_path("r.csv"), 0700), 0);
	ck_assert_int_eq(source_key_make(&source, &options, &key, &err), 0);
	ck_assert_int_eq(source_key_settled(&key, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "r.csv is not a regular file"));
	source_key_free(&key);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source-key");
	TCase *tc = tcase_create("source-key");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_same_is_the_same);
	tcase_add_test(tc, files_count_by_size_and_time);
	tcase_add_test(tc, values_count);
	tcase_add_test(tc, what_becomes_of_unknown_items_counts);
	tcase_add_test(tc, another_build_of_the_plugin_counts);
	tcase_add_test(tc, without_files_nothing_can_be_said);
	tcase_add_test(tc, a_file_of_this_moment_is_not_settled);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

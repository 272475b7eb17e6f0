/* Tests the cache of a dataset beside its source: it is used while the source is unchanged, and checked before use. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "config/param-read.h"
#include "config/plugin.h"
#include "data/dataset-cache-private.h"
#include "scratch.h"
#include "slow.h"

static struct plugin csv;
static struct dataset *dataset;
static struct animed_error err;
static char logged[4096];
static bool (*interfere)(void); /* called while the source is read */

static void keep_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	const size_t used = strlen(logged);
	va_list ap;

	(void)ctx;
	(void)snprintf(logged + used, sizeof logged - used, "%s", level == ANIMED_WARN ? "W " : "");
	va_start(ap, fmt);
	(void)vsnprintf(logged + strlen(logged), sizeof logged - strlen(logged), fmt, ap);
	va_end(ap);
	(void)snprintf(logged + strlen(logged), sizeof logged - strlen(logged), "\n");
}

static bool cancelled(void *ctx)
{
	(void)ctx;
	return interfere && interfere();
}

static const struct animed_host host = {NULL, keep_log, NULL, cancelled, 2};

/* Set the modification time of the file to `seconds` ago.  A dataset whose files changed too recently is not cached. */
static void age(const char *name, int seconds)
{
	struct timespec times[2];

	ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &times[0]), 0);
	times[0].tv_sec -= seconds;
	times[1] = times[0];
	ck_assert_int_eq(utimensat(AT_FDCWD, scratch_path(name), times, 0), 0);
}

static void write_source(const char *ratings)
{
	(void)scratch_text("i.csv",
			   "uid,title,genre\n1,Eins,Drama\n2,Zw\xc3\xb6lf,\n3,,Music\n1,One,\"Drama, Music\"\n");
	(void)scratch_text("r.csv", ratings);
	age("i.csv", 100);
	age("r.csv", 100);
}

#define RATINGS "profile,anime_uid,score\na,1,5\nb,2,6\nb,1,7.5\nc,3,10\na,1,4\nd,77,3\nd,x,3\ne,2,-1\n"

static void setup(void)
{
	scratch_open();
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", scratch_path("xdg/cache"), 1), 0);
	ck_assert_int_eq(plugin_open(BUILDDIR "/plugins", "csv", ANIMED_SOURCE, &csv, &err), 0);
	write_source(RATINGS);
}

static void teardown(void)
{
	dataset_free(dataset);
	plugin_close(&csv);
	scratch_close();
}

static struct animed_value *make_values(const char *range)
{
	const struct animed_param *table = csv.info->params;
	struct animed_value *values = calloc(params_count(table), sizeof *values);

	for (size_t i = 0; table[i].name; i++) {
		const char *text = strcmp(table[i].name, "ratings.path") == 0      ? "r.csv"
				   : strcmp(table[i].name, "items.path") == 0      ? "i.csv"
				   : strcmp(table[i].name, "ratings.range") == 0   ? range
				   : strcmp(table[i].name, "ratings.unrated") == 0 ? "-1"
				   : strcmp(table[i].name, "max_rejects") == 0     ? "1"
										   : table[i].def;
		if (text)
			ck_assert_int_eq(value_parse(&table[i], text, scratch, &values[i], &err), 0);
	}
	return values;
}

/* Free the dataset, empty the log and load again. */
static int load_with(const struct dataset_options *options, const char *range)
{
	struct animed_value *values = make_values(range);
	const struct conf_stage source = {csv, values};

	logged[0] = '\0';
	dataset_free(dataset);
	const int status = dataset_load(&source, options, &host, &dataset, &err);
	values_free(csv.info->params, values);
	return status;
}

static const struct dataset_options cached = {.unknown_items = UNKNOWN_ITEMS_DROP, .cache = true};

static void load(void)
{
	ck_assert_msg(load_with(&cached, NULL) == 0, "%s", err.text);
}

static bool from_cache(void)
{
	return dataset_summary(dataset)->first_seconds > 0;
}

static bool there(const char *name)
{
	return access(scratch_path(name), F_OK) == 0;
}

#define CACHE "r.csv.animed-cache"

static const char *digest(void)
{
	static char out[2][17];
	static int next;
	char *to = out[next++ % 2];

	ck_assert_int_eq(dataset_digest(dataset, to, &err), 0);
	return to;
}

static void check_strings(const struct animed_strings *a, const struct animed_strings *b, size_t n)
{
	ck_assert_mem_eq(a->offsets, b->offsets, (n + 1) * sizeof *a->offsets);
	ck_assert_mem_eq(a->bytes, b->bytes, a->offsets[n]);
}

START_TEST(the_second_load_is_the_first)
{
	struct stat st;

	load();
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "dataset cached in "));
	struct dataset *first = dataset;
	dataset = NULL;
	ck_assert_int_eq(stat(scratch_path(CACHE), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert(!there(CACHE ".tmp"));
	load();
	ck_assert(from_cache());
	const struct catalogue *a = dataset_catalogue(first), *b = dataset_catalogue(dataset);
	const struct animed_ratings r = dataset_ratings(first), s = dataset_ratings(dataset);
	ck_assert_uint_eq(r.n, 4);
	ck_assert_uint_eq(s.n, 4);
	ck_assert_mem_eq(r.users, s.users, 4 * sizeof *r.users);
	ck_assert_mem_eq(r.items, s.items, 4 * sizeof *r.items);
	ck_assert_mem_eq(r.scores, s.scores, 4 * sizeof *r.scores);
	ck_assert_uint_eq(a->n, b->n);
	ck_assert_mem_eq(a->ids, b->ids, a->n * sizeof *a->ids);
	ck_assert_mem_eq(a->counts, b->counts, a->n * sizeof *a->counts);
	ck_assert_mem_eq(a->tops, b->tops, a->n * sizeof *a->tops);
	ck_assert_mem_eq(a->means, b->means, a->n * sizeof *a->means);
	check_strings(&a->titles, &b->titles, a->n);
	check_strings(&a->genres, &b->genres, a->n);
	check_strings(&a->types, &b->types, a->n);
	ck_assert_mem_eq(dataset_user_offsets(first), dataset_user_offsets(dataset), 4 * sizeof(uint64_t));
	uint32_t n, m;
	const struct animed_strings *users = dataset_users(first, &n), *same = dataset_users(dataset, &m);
	ck_assert_uint_eq(n, m);
	check_strings(users, same, n);
	const struct dataset_summary *x = dataset_summary(first), *y = dataset_summary(dataset);
	ck_assert_mem_eq(&x->source, &y->source, sizeof x->source);
	ck_assert_uint_eq(y->source.rating_rejects, 1);
	ck_assert_uint_eq(y->source.unrated, 1);
	ck_assert(x->item_repeats == 1 && y->item_repeats == 1 && y->rating_repeats == 1 && y->unknown_items == 1 &&
		  y->unknown_ratings == 1);
	ck_assert_double_eq_tol(y->first_seconds, x->seconds, 1e-5);
	dataset_log_summary(dataset, &host);
	ck_assert_ptr_nonnull(strstr(logged, " from the cache, at first in "));
	const char *one = digest();
	dataset_free(dataset);
	dataset = first;
	ck_assert_str_eq(one, digest());
}
END_TEST

START_TEST(a_touched_file_hits_and_a_changed_one_does_not)
{
	load();
	age("r.csv", 50);
	load();
	ck_assert(from_cache());
	/* the ratings change, and their file keeps its size */
	write_source("profile,anime_uid,score\na,1,5\nb,2,6\nb,1,7.5\nc,3,10\na,1,9\nd,77,3\nd,x,3\ne,2,-1\n");
	age("r.csv", 40);
	load();
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "r.csv has changed since"));
	ck_assert_float_eq(dataset_ratings(dataset).scores[0], 9);
	load();
	ck_assert(from_cache());
	ck_assert_float_eq(dataset_ratings(dataset).scores[0], 9);
	/* the file of the items gets another size */
	(void)scratch_text("i.csv", "uid,title\n1,A\n2,B\n3,C\n");
	age("i.csv", 100);
	load();
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "i.csv has changed since"));
}
END_TEST

START_TEST(other_settings_do_not_hit)
{
	const struct dataset_options keep = {.unknown_items = UNKNOWN_ITEMS_KEEP, .cache = true};

	load();
	ck_assert_int_eq(load_with(&keep, NULL), 0);
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "made with other settings"));
	ck_assert_uint_eq(dataset_catalogue(dataset)->n, 4);
	ck_assert_int_eq(load_with(&keep, "[4, 8]"), 0);
	ck_assert(!from_cache());
	ck_assert_uint_eq(dataset_ratings(dataset).n, 3);
	ck_assert_int_eq(load_with(&keep, "[4, 8]"), 0);
	ck_assert(from_cache());
}
END_TEST

START_TEST(what_cannot_be_kept_is_not)
{
	struct animed_source_ops ops = *csv.info->ops.source;
	struct animed_plugin info = *csv.info;
	const struct plugin real = csv;
	const struct dataset_options large = {.cache = true, .cache_from = 1u << 20}, off = {.cache = false};

	ck_assert_int_eq(load_with(&off, NULL), 0);
	ck_assert_int_eq(load_with(&large, NULL), 0);
	ops.cacheable = false;
	info.ops.source = &ops;
	csv.info = &info;
	load();
	csv = real;
	ck_assert(!there(CACHE));
	/* the file was changed this moment, so a further change might not show in its time */
	age("r.csv", -1);
	load();
	ck_assert(!there(CACHE));
	ck_assert_ptr_nonnull(strstr(logged, "changed this moment"));
}
END_TEST

static bool touch_ratings(void)
{
	age("r.csv", 70);
	return false;
}

START_TEST(a_source_that_changes_meanwhile_is_not_kept)
{
	interfere = touch_ratings;
	load();
	interfere = NULL;
	ck_assert_ptr_nonnull(strstr(logged, "W the dataset is not cached: "));
	ck_assert_ptr_nonnull(strstr(logged, "changed while it was read"));
	ck_assert(!there(CACHE) && !there(CACHE ".tmp"));
}
END_TEST

static char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	char *bytes = malloc(1 << 20);

	ck_assert_ptr_nonnull(file);
	*size = fread(bytes, 1, 1 << 20, file);
	(void)fclose(file);
	return bytes;
}

static void write_cache(const char *bytes, size_t size)
{
	(void)scratch_write(CACHE, bytes, size);
	ck_assert_int_eq(chmod(scratch_path(CACHE), 0600), 0);
}

/* Change bytes all over the file, and cut it to many lengths: each damaged file is refused, and the source is read. */
START_TEST(damage_is_found)
{
	char right[17];
	size_t size;

	load();
	(void)snprintf(right, sizeof right, "%s", digest());
	char *bytes = read_file(scratch_path(CACHE), &size);
	ck_assert_uint_lt(size, 8192);
	for (size_t at = 0; at < size; at += SLOW ? 13 : 3) {
		bytes[at] ^= (char)(1 << at % 8);
		write_cache(bytes, size);
		bytes[at] ^= (char)(1 << at % 8);
		load();
		ck_assert_msg(!from_cache(), "byte %zu", at);
		ck_assert_ptr_nonnull(strstr(logged, "is not used: "));
		ck_assert_str_eq(digest(), right);
	}
	for (size_t length = 0; length < size; length += SLOW ? 397 : 97) {
		write_cache(bytes, length);
		load();
		ck_assert(!from_cache());
		ck_assert_str_eq(digest(), right);
	}
	/* the last damaged file was replaced by a good one */
	load();
	ck_assert(from_cache());
	free(bytes);
}
END_TEST

START_TEST(another_version_is_refused)
{
	size_t size;

	load();
	char *bytes = read_file(scratch_path(CACHE), &size), *format = memmem(bytes, size, CACHE_FORMAT, 16);
	ck_assert_ptr_nonnull(format);
	format[15] = '0';
	write_cache(bytes, size);
	load();
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "of another version: animed-dataset-0"));
	free(bytes);
}
END_TEST

START_TEST(a_file_that_others_may_write_is_refused)
{
	load();
	ck_assert_int_eq(chmod(scratch_path(CACHE), 0660), 0);
	load();
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "others may write it (mode 0660)"));
	/* a link to a good file is refused too */
	load();
	ck_assert(from_cache());
	ck_assert_int_eq(rename(scratch_path(CACHE), scratch_path("moved")), 0);
	ck_assert_int_eq(symlink("moved", scratch_path(CACHE)), 0);
	load();
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "cannot open: "));
}
END_TEST

START_TEST(a_file_of_another_user_is_refused)
{
	if (geteuid() != 0)
		SKIP("it takes root to give a file away");
	load();
	ck_assert_int_eq(chown(scratch_path(CACHE), 65534, 65534), 0);
	load();
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "belongs to user 65534"));
}
END_TEST

START_TEST(elsewhere_where_no_file_can_be_made)
{
	ck_assert_int_eq(mkdir(scratch_path(CACHE ".tmp"), 0700), 0);
	load();
	ck_assert(!there(CACHE));
	ck_assert_ptr_nonnull(strstr(logged, "dataset cached in "));
	ck_assert_ptr_nonnull(strstr(logged, "/xdg/cache/animed/"));
	load();
	ck_assert(from_cache());
	/* nor can a file be made in XDG_CACHE_HOME */
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", scratch_path("r.csv"), 1), 0);
	load();
	ck_assert(!from_cache());
	ck_assert_ptr_nonnull(strstr(logged, "W the dataset is not cached: "));
}
END_TEST

START_TEST(a_full_disk_costs_the_cache_only)
{
	struct animed_value *values = make_values(NULL);
	const struct conf_stage source = {csv, values};
	struct rlimit before;

	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	const struct rlimit little = {2000, before.rlim_max};
	/* no assertion while the limit holds: Check writes a line for each into a file */
	const int limited = setrlimit(RLIMIT_FSIZE, &little);
	const int status = dataset_load(&source, &cached, &host, &dataset, &err);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	ck_assert_int_eq(limited, 0);
	ck_assert_msg(status == 0, "%s", err.text);
	values_free(csv.info->params, values);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 4);
	ck_assert_ptr_nonnull(strstr(logged, "W the dataset is not cached: "));
	ck_assert_ptr_nonnull(strstr(logged, "cannot write: "));
	ck_assert(!there(CACHE) && !there(CACHE ".tmp"));
}
END_TEST

START_TEST(one_writer_at_a_time_and_what_it_left_is_used)
{
	(void)scratch_text(CACHE ".tmp", "what a writer that was killed has left, and more of it than there will be");
	int fd = open(scratch_path(CACHE ".tmp"), O_RDWR | O_CLOEXEC);

	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	load();
	ck_assert_ptr_nonnull(strstr(logged, "another process is writing it"));
	ck_assert(!there(CACHE) && there(CACHE ".tmp"));
	ck_assert_int_eq(close(fd), 0);
	load();
	ck_assert(!from_cache() && !there(CACHE ".tmp"));
	load();
	ck_assert(from_cache());
}
END_TEST

/* Several processes load the dataset while the cache is removed and written again and again. */
START_TEST(readers_and_writers_at_once)
{
	char right[17];
	pid_t children[4];
	int status;

	load();
	(void)snprintf(right, sizeof right, "%s", digest());
	for (size_t c = 0; c < 4; c++) {
		children[c] = fork();
		if (children[c] > 0)
			continue;
		bool same = true;
		for (int round = 0; round < 50; round++) {
			if ((round + (int)c) % 5 == 0)
				(void)unlink(scratch_path(CACHE));
			load();
			same &= strcmp(digest(), right) == 0;
		}
		_exit(same ? 0 : 1);
	}
	for (size_t c = 0; c < 4; c++) {
		ck_assert_int_eq(waitpid(children[c], &status, 0), children[c]);
		ck_assert_int_eq(status, 0);
	}
	load();
	ck_assert_str_eq(digest(), right);
}
END_TEST

/* ---- caches with the right checksum, whose columns do not fit ---- */

static const struct {
	const char *tensor;
	size_t at; /* index of the element that becomes `value` */
	uint64_t value;
	const char *why;
} misfits[] = {
    {"user_ratings.items", 0, 3, "none of the 3 there are"},
    {"user_ratings.items", 1, UINT32_MAX, "none of the 3 there are"},
    {"user_ratings.items", 2, 0, "do not ascend"},
    {"user_ratings.offsets", 1, 9, "is past the next"},
    {"user_ratings.offsets", 3, 3, "do not span"},
    {"user_ratings.offsets", 0, 1, "do not span"},
    {"rating_users", 0, 1, "users of its ratings do not fit"},
    {"rating_users", 3, 3, "users of its ratings do not fit"},
    {"user_names.offsets", 1, 99, "past the next"},
    {"item_titles.offsets", 3, 1000, "do not span"},
    {"item_ids", 1, 1, "comes twice"},
    {"user_ratings.scores", 0, 0x7fc00000, "is NaN"},
    {NULL, 0, 0, "lacks columns"}, /* item_counts is left out */
};

START_TEST(columns_that_do_not_fit_are_refused)
{
	static const char *const keys[] = {"format", "settings", "files", "summary"};
	struct st_tensor tensors[TENSORS_MAX];
	struct pair_list pairs = {.n = 0};
	struct st_file *file;
	const struct st_tensor *all;
	char checksum[CACHE_DIGITS + 1];
	size_t n = 0;

	load();
	ck_assert_int_eq(st_open(scratch_path(CACHE), &file, &err), 0);
	for (size_t i = st_tensors(file, &all); i-- > 0;) {
		if (!misfits[_i].tensor && strcmp(all[i].name, "item_counts") == 0)
			continue;
		tensors[n] = all[i];
		if (misfits[_i].tensor && strcmp(all[i].name, misfits[_i].tensor) == 0) {
			const size_t width = st_dtype_size(all[i].dtype);
			char *copy = malloc(all[i].bytes);
			memcpy(copy, all[i].data, all[i].bytes);
			memcpy(copy + misfits[_i].at * width, &misfits[_i].value, width); /* little-endian */
			tensors[n].data = copy;
		}
		n++;
	}
	for (size_t k = 0; k < 4; k++)
		pairs_add_text(&pairs, keys[k], st_metadata(file, keys[k]));
	cache_checksum(tensors, n, st_metadata(file, "settings"), st_metadata(file, "files"),
		       st_metadata(file, "summary"), checksum);
	pairs_add_text(&pairs, "checksum", checksum);
	int fd = open(scratch_path(CACHE), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ck_assert_int_lt(fd, 0); /* the cache exists, so it is replaced */
	fd = open(scratch_path("new"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_eq(st_write(fd, tensors, n, pairs.at, pairs.n, &err), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(rename(scratch_path("new"), scratch_path(CACHE)), 0);
	load();
	ck_assert(!from_cache());
	ck_assert_msg(strstr(logged, misfits[_i].why) != NULL, "%s", logged);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 4);
	for (size_t i = 0; i < n; i++) {
		if (misfits[_i].tensor && strcmp(tensors[i].name, misfits[_i].tensor) == 0)
			free((void *)(uintptr_t)tensors[i].data);
	}
	st_close(file);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cache");
	TCase *tc = tcase_create("cache");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_second_load_is_the_first);
	tcase_add_test(tc, a_touched_file_hits_and_a_changed_one_does_not);
	tcase_add_test(tc, other_settings_do_not_hit);
	tcase_add_test(tc, what_cannot_be_kept_is_not);
	tcase_add_test(tc, a_source_that_changes_meanwhile_is_not_kept);
	tcase_add_test(tc, damage_is_found);
	tcase_add_test(tc, another_version_is_refused);
	tcase_add_test(tc, a_file_that_others_may_write_is_refused);
	tcase_add_test(tc, a_file_of_another_user_is_refused);
	tcase_add_test(tc, elsewhere_where_no_file_can_be_made);
	tcase_add_test(tc, a_full_disk_costs_the_cache_only);
	tcase_add_test(tc, one_writer_at_a_time_and_what_it_left_is_used);
	tcase_add_test(tc, readers_and_writers_at_once);
	tcase_add_loop_test(tc, columns_that_do_not_fit_are_refused, 0, (int)(sizeof misfits / sizeof *misfits));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

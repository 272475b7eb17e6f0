/* Tests what becomes of files that are packed, faulty, not there, large, or change while they are loaded. */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "load-csv.h"

static int shrunk;

START_TEST(gzip)
{
	static const char *const given[] = {"ratings.path", "r.csv.gz", NULL};
	static const char text[] = "profile,anime_uid,score\na,1,5\nb,2,6\nc,3,7\n";
	gzFile file = gzopen(scratch_path("r.csv.gz"), "wb");

	ck_assert_int_eq(gzwrite(file, text, sizeof text - 1), (int)sizeof text - 1);
	ck_assert_int_eq(gzclose(file), Z_OK);
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, given), 0);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 3);
	dataset_free(dataset);
	/* a file that is cut off is refused, since a part of it must not pass for the whole */
	ck_assert_int_eq(truncate(scratch_path("r.csv.gz"), 40), 0);
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, given), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "r.csv.gz"));
}
END_TEST

static const struct {
	const char *items, *ratings, *error;
} faulty[] = {
    {"uid,title\n1,A\n", "profile,item,score\na,1,5\n", "set ratings.item to one of: profile, item, score"},
    {"uid,name\n1,A\n", "profile,anime_uid,score\na,1,5\n", "set items.title"},
    {"uid,title\n1,A\n", "", "r.csv: the file is empty"},
    {"", "profile,anime_uid,score\na,1,5\n", "i.csv: the file is empty"},
    {"uid,title\n", "profile,anime_uid,score\na,1,5\n", "in the catalogue"},
    {"uid,title\n1,A\n", "# nothing but\n# comments\n", "r.csv: the file is empty"},
    {"uid,title\n1,A\n", "profile,anime_uid,score\n", "r.csv: no ratings (0 rows read"},
    {"uid,title\n1,A\n", "profile,anime_uid,score\na,2,5\n",
     "r.csv: none of the 1 ratings is of an item in the catalogue"},
    {"uid,title\n1,\"A\n", "profile,anime_uid,score\na,1,5\n", "not closed"},
    {"uid,title\n1,A\n", "profile,anime_uid,score\na,1,5\nb,1,\"5\n",
     "r.csv: 1 of 2 rows are malformed, the first on line 3: a quote that is not closed"},
};

START_TEST(faulty_files_are_errors)
{
	ck_assert_int_eq(load_texts(faulty[_i].items, faulty[_i].ratings), -1);
	ck_assert_msg(strstr(err.text, faulty[_i].error) != NULL, "%s", err.text);
	ck_assert_ptr_null(dataset);
}
END_TEST

START_TEST(a_directory_is_an_error)
{
	static const char *const directory[] = {"ratings.path", ".", NULL};

	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, directory), -1);
	ck_assert_msg(strstr(err.text, "/.: is a directory") != NULL, "%s", err.text);
}
END_TEST

START_TEST(what_may_not_be_read_is_an_error)
{
	if (geteuid() == 0 && !scratch_is_for_others())
		SKIP("root reads every file; it takes a TMPDIR that others may enter");
	ck_assert_int_eq(chmod(scratch_path("r.csv"), 0), 0);
	if (geteuid() == 0) {
		ck_assert_int_eq(chmod(scratch, 0755), 0);
		ck_assert_int_eq(seteuid(65534), 0);
	}
	const int status = load(UNKNOWN_ITEMS_DROP, NULL);
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(status, -1);
	ck_assert_msg(strstr(err.text, "r.csv: cannot open: Permission denied") != NULL, "%s", err.text);
}
END_TEST

/* Write a file of ratings that is so large, five blocks, that the first ratings arrive before all of it is read. */
static void write_large(void)
{
	FILE *file = fopen(scratch_path("r.csv"), "we");

	(void)fputs("profile,anime_uid,score\n", file);
	for (unsigned r = 0; r < 450000; r++) {
		if (r % 45001 == 7)
			(void)fprintf(file, "u%u,%u,bad\n", r % 5003, r % 3);
		else
			(void)fprintf(file, "u%u,%u,%u\n", r % 5003, 1 + r * 7919 % 3, 1 + r * 31 % 10);
	}
	ck_assert_int_eq(fclose(file), 0);
}

static bool shrink(void *ctx)
{
	struct stat st;

	(void)ctx;
	/* not at the first call, when the items are read, but at the next one, when the ratings come */
	if (stat(scratch_path("r.csv"), &st) == 0 && host.ctx == &shrunk)
		(void)truncate(scratch_path("r.csv"), st.st_size / 2);
	host.ctx = &shrunk;
	return false;
}

START_TEST(a_file_that_shrinks_meanwhile_is_an_error)
{
	write_large();
	host.threads = 1;
	host.cancelled = shrink;
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, NULL), -1);
	ck_assert_msg(strstr(err.text, "the file shrank from ") != NULL, "%s", err.text);
}
END_TEST

/* The file has a block for each thread.  Whichever thread parses a block, the last of two repeats is the last in the file, and
 * messages have the line numbers of the file. */
START_TEST(threads_do_not_change_the_result)
{
	char digest[17], first[17] = "", said[sizeof logged] = "";

	write_large();
	for (host.threads = 1; host.threads <= 4; host.threads *= 2) {
		logged[0] = '\0';
		ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, NULL), 0);
		ck_assert_uint_eq(dataset_ratings(dataset).n, 5003 * 3);
		ck_assert_uint_eq(dataset_summary(dataset)->source.rating_rejects, 10);
		ck_assert_ptr_nonnull(strstr(logged, "r.csv:180013: "));
		ck_assert_int_eq(dataset_digest(dataset, digest, &err), 0);
		dataset_free(dataset);
		dataset = NULL;
		ck_assert(host.threads == 1 || strcmp(digest, first) == 0);
		ck_assert(host.threads == 1 || strcmp(logged, said) == 0);
		memcpy(first, digest, sizeof first);
		memcpy(said, logged, sizeof said);
	}
}
END_TEST

START_TEST(missing_file_and_cancel)
{
	static const char *const missing[] = {"items.path", "nowhere.csv", NULL};

	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, missing), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "nowhere.csv: cannot open: No such file"));
	cancel = true;
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, NULL), -1);
	cancel = false;
	ck_assert_str_eq(err.text, "cancelled");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("load");
	TCase *tc = tcase_create("load");

	tcase_add_checked_fixture(tc, load_setup, load_teardown);
	tcase_add_test(tc, gzip);
	tcase_add_loop_test(tc, faulty_files_are_errors, 0, (int)(sizeof faulty / sizeof *faulty));
	tcase_add_test(tc, a_directory_is_an_error);
	tcase_add_test(tc, what_may_not_be_read_is_an_error);
	tcase_add_test(tc, a_file_that_shrinks_meanwhile_is_an_error);
	tcase_add_test(tc, threads_do_not_change_the_result);
	tcase_add_test(tc, missing_file_and_cancel);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

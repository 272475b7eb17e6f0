/* Loads a dataset while memory is short: from the source, from a cache, and while a cache is written. */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "load-each.h"
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

static const char *const csv[] = {"ratings.path", "r.csv",       "items.path", "i.csv", "ratings.unrated",
				  "-1",           "max_rejects", "1",          NULL};

START_TEST(from_the_source)
{
	struct given given = {"csv", csv, .options = {.unknown_items = UNKNOWN_ITEMS_DROP}};
	struct given threads = {"csv", csv, .options = {.unknown_items = UNKNOWN_ITEMS_KEEP}, .threads = 3};

	load_each("a source", &given);
	load_each("a source, read by three threads", &threads);
}
END_TEST

START_TEST(from_a_compressed_source)
{
	static const char *const packed[] = {"ratings.path", "r.csv.gz",    "items.path", "i.csv", "ratings.unrated",
					     "-1",           "max_rejects", "1",          NULL};
	struct given given = {"csv", packed, .options = {.unknown_items = UNKNOWN_ITEMS_KEEP}};
	gzFile out = gzopen(scratch_path("r.csv.gz"), "wb");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(gzwrite(out, RATINGS, sizeof RATINGS - 1), sizeof RATINGS - 1);
	ck_assert_int_eq(gzclose(out), Z_OK);
	load_each("a compressed source", &given);
}
END_TEST

/* Write the text in UTF-16 and packed with Zstandard. */
static void write_wide(const char *name, const char *text)
{
	char wide[2048], packed[4096];
	size_t n = 0;

	wide[n++] = '\xff';
	wide[n++] = '\xfe';
	for (; *text; text++) {
		wide[n++] = *text;
		wide[n++] = '\0';
	}
	const size_t size = ZSTD_compress(packed, sizeof packed, wide, n, 1);
	ck_assert(!ZSTD_isError(size));
	(void)scratch_write(name, packed, size);
}

/* All that a file of the source may have: another encoding, a layout to find out, a rule, rows at fault, favourites. */
START_TEST(from_files_of_many_kinds)
{
	static const char *const kinds[] = {"ratings.path",    "w.csv.zst",     "items.path",  "n.csv",
					    "ratings.where",   "type\nanime\n", "max_rejects", "1",
					    "favourites.path", "f.csv",         NULL};
	struct given given = {"csv", kinds, .options = {.unknown_items = UNKNOWN_ITEMS_DROP}};

	write_wide("w.csv.zst",
		   "user_id,anime_id,rating,type\na,1,5,anime\n\"b\"x\"\",2,6,anime\nc,\"1\" ,7,anime\nd,1,1,manga\n");
	(void)scratch_text("n.csv",
			   "anime_id,name,genre\n1,Eins &amp; Zwei,\"[{'id': 1, 'name': 'Drama'}]\"\n2,Drei,A\n");
	(void)scratch_text("f.csv", "user_id,anime_id\ne,\"[1, 2]\"\na,2\n");
	load_each("files of many kinds", &given);
	ck_assert_int_eq(given.status, 0);
}
END_TEST

START_TEST(from_a_faulty_source)
{
	static const char *const strict[] = {"ratings.path", "r.csv", "items.path", "i.csv", "max_rejects", "0", NULL};
	struct given given = {"csv", strict, .options = {.unknown_items = UNKNOWN_ITEMS_DROP}};

	load_each("a faulty source", &given);
	ck_assert_int_eq(given.status, -1);
}
END_TEST

START_TEST(into_the_cache_and_from_there)
{
	struct given writing = {"csv", csv, .options = {.unknown_items = UNKNOWN_ITEMS_DROP, .cache = true}};
	struct given reading = writing;
	char cache[PATH_MAX];

	(void)snprintf(cache, sizeof cache, "%s", scratch_path("r.csv.animed-cache"));
	writing.forget = cache;
	load_each("a source that is cached", &writing);
	load_each("a cache", &reading);
	ck_assert_int_eq(access(cache, F_OK), 0);
}
END_TEST

static void setup(void)
{
	scratch_open();
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", scratch_path("cache"), 1), 0);
	(void)scratch_text("i.csv", ITEMS);
	(void)scratch_text("r.csv", RATINGS);
}

static void teardown(void)
{
	scratch_close();
}

int main(void)
{
	Suite *suite = suite_create("fault_dataset");
	TCase *tc = tcase_create("fault_dataset");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, from_the_source);
	tcase_add_test(tc, from_a_compressed_source);
	tcase_add_test(tc, from_files_of_many_kinds);
	tcase_add_test(tc, from_a_faulty_source);
	tcase_add_test(tc, into_the_cache_and_from_there);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

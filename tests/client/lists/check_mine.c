/* Tests my list: how it is kept, what an import changes in it, and what is written for other programs. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lists/cut.h"
#include "lists/finish.h"
#include "lists/formats.h"
#include "lists/json-place.h"
#include "lists/mine.h"
#include "lists/own-json.h"
#include "lists/pack.h"
#include "lists/replace.h"
#include "lists/write-mal.h"
#include "scratch.h"

static struct list_error err;

static void open_home(void)
{
	scratch_open();
	ck_assert_int_eq(setenv("XDG_DATA_HOME", scratch_path("data/home"), 1), 0);
}

static const char *list_path(void)
{
	return scratch_path("data/home/animectl/list.json");
}

/* Make my list the text. */
static void write_list(const char *text)
{
	ck_assert(mkdir(scratch_path("data"), 0700) == 0 || errno == EEXIST);
	ck_assert(mkdir(scratch_path("data/home"), 0700) == 0 || errno == EEXIST);
	ck_assert(mkdir(scratch_path("data/home/animectl"), 0700) == 0 || errno == EEXIST);
	(void)scratch_text("data/home/animectl/list.json", text);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = calloc(1, 1 << 16);

	ck_assert_msg(file, "%s: %s", path, strerror(errno));
	ck_assert_uint_lt(fread(text, 1, (1 << 16) - 1, file), (1 << 16) - 1);
	(void)fclose(file);
	return text;
}

static void expect_list(const char *expected)
{
	char *text = read_file(list_path());

	ck_assert_str_eq(text, expected);
	free(text);
}

/* Read a list as from a file. */
static void read_list(const char *text, struct list *list)
{
	const struct list_format *format;

	ck_assert_msg(list_read(scratch_text("list", text), NULL, 0, list, &format, &err) == 0, "%s", err.text);
	list_rescale(list);
}

static void import(const char *text, struct mine_merged *merged)
{
	struct list list;
	struct mine mine;

	*merged = (struct mine_merged){.added = 0};
	read_list(text, &list);
	ck_assert_msg(mine_open(&mine, &err) == 0, "%s", err.text);
	ck_assert_int_eq(mine_merge(&mine.list, &list, merged, &err), 0);
	ck_assert_msg(mine_save(&mine, &err) == 0, "%s", err.text);
	mine_close(&mine);
	list_free(&list);
}

static const char kept[] = "{\n"
			   "  \"animectl\": 1,\n"
			   "  \"colour\": [1,{\"a\":null}],\n"
			   "  \"entries\": [\n"
			   "    {\"mal\":1,\"anilist\":2,\"kitsu\":3,\"anidb\":4,\"simkl\":5,\"title\":\"A "
			   "\\\"a\\\"\",\"titles\":[\"B\",\"C\"],"
			   "\"year\":1998,\"status\":\"on_hold\",\"score\":8.55,\"progress\":3,\"repeats\":1,\"notes\":"
			   "\"two\\nlines\",\"own\":{\"x\":0.1}},\n"
			   "    {\"mal\":7,\"status\":\"ignored\"},\n"
			   "    {\"title\":\"\xe6\xb7\xb1\xe6\xb5\xb7\",\"status\":\"planned\"}\n"
			   "  ]\n"
			   "}\n";

START_TEST(a_list_is_kept_as_it_is)
{
	struct mine mine;
	struct stat st;

	ck_assert_int_eq(mine_open(&mine, &err), 0); /* there is none yet */
	ck_assert_uint_eq(mine.list.n, 0);
	ck_assert_msg(mine_save(&mine, &err) == 0, "%s", err.text);
	mine_close(&mine);
	expect_list("{\n  \"animectl\": 1,\n  \"entries\": []\n}\n");
	ck_assert_int_eq(stat(list_path(), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);

	write_list(kept);
	ck_assert_msg(mine_open(&mine, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(mine.list.n, 3);
	ck_assert_int_eq(mine_save(&mine, &err), 0);
	mine_close(&mine);
	expect_list(kept);
}
END_TEST

START_TEST(damage_is_told_with_its_place)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
	    {"{\"animectl\": 1,\n \"entries\": [\n", "list.json:3:"},
	    {"[]", "list.json:1:1: is no list of animectl"},
	    {"title,score\n", "list.json:1:1: is no list of animectl, which is JSON"},
	    {"{\"animectl\":2,\"entries\":[]}", "written by another version"},
	    {"{\"animectl\":1,\"x\":[{},{}],\n\"entries\":[{\"mal\":1},\n  {\"mal\":\"1\"}]}",
	     "list.json:3:3: \"mal\" of the entry is no whole number"},
	    {"{\"animectl\":1,\"entries\":[[1,{}],7]}", "list.json:1:26: the entry is no object"},
	    {"{\"animectl\":1,\"entries\":[{\"title\":\"a,]\\\"\",\"n\":[1,2]},{\"title\":\"b\",\"status\":\"loved\"}]"
	     "}",
	     "list.json:1:54: \"status\" of the entry is none of"},
	    {"{\"animectl\":1,\"entries\":[{\"title\":\"a\",\"score\":11}]}",
	     "\"score\" of the entry is no number above 0"},
	    {"{\"animectl\":1,\"entries\":[{\"title\":7}]}", "\"title\" of the entry is no text"},
	    {"{\"animectl\":1,\"entries\":[{\"title\":\"a\",\"titles\":[1]}]}", "\"titles\" of the entry is no list"},
	    {"{\"animectl\":1,\"entries\":[{\"title\":\"a\",\"year\":99999}]}", "\"year\" of the entry"},
	    {"{\"animectl\":1,\"entries\":[{\"title\":\"a\",\"titles\":[\"b\",\"c\",\"d\",\"e\"]}]}",
	     "has more than three titles"},
	    {"{\"animectl\":1,\"entries\":[{\"status\":\"planned\"}]}",
	     "list.json:1:26: the entry has neither a title"},
	    {"", "is empty"},
	};
	struct mine mine;
	struct list list;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		write_list(cases[i].text);
		ck_assert_int_eq(mine_open(&mine, &err), -1);
		mine_close(&mine);
		ck_assert_msg(strstr(err.text, cases[i].what), "%s: %s", cases[i].text, err.text);
		ck_assert_int_eq(mine_read(&list, &err), -1);
		list_free(&list);
		expect_list(cases[i].text);
	}
}
END_TEST

START_TEST(a_full_disk_leaves_the_list_as_it_was)
{
	struct rlimit before, little;
	struct mine mine;

	write_list(kept);
	ck_assert_int_eq(mine_open(&mine, &err), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	little = before;
	little.rlim_cur = 100;
	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
	const int status = mine_save(&mine, &err);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	mine_close(&mine);
	ck_assert_int_eq(status, -1);
	ck_assert_msg(strstr(err.text, "list.json: cannot write: File too large; it is as it was"), "%s", err.text);
	expect_list(kept);
	ck_assert_int_eq(remove(list_path()), 0);
	ck_assert_int_eq(rmdir(scratch_path("data/home/animectl")), 0); /* nothing else is left there */
}
END_TEST

START_TEST(a_link_stays_one)
{
	struct mine mine;
	struct stat st;

	write_list(kept);
	ck_assert_int_eq(rename(list_path(), scratch_path("elsewhere.json")), 0);
	ck_assert_int_eq(symlink(scratch_path("elsewhere.json"), list_path()), 0);
	ck_assert_int_eq(mine_open(&mine, &err), 0);
	list_entry_free(&mine.list.entries[--mine.list.n]);
	ck_assert_msg(mine_save(&mine, &err) == 0, "%s", err.text);
	mine_close(&mine);
	ck_assert(lstat(list_path(), &st) == 0 && S_ISLNK(st.st_mode));
	struct list list;
	ck_assert_int_eq(mine_read(&list, &err), 0);
	ck_assert_uint_eq(list.n, 2);
	list_free(&list);
}
END_TEST

START_TEST(two_writers_wait_for_each_other)
{
	struct mine mine;
	int status;

	ck_assert_int_eq(mine_open(&mine, &err), 0);
	const int other = open(scratch_path("data/home/animectl"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert(flock(other, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK);
	mine_close(&mine);
	ck_assert_int_eq(flock(other, LOCK_EX | LOCK_NB), 0);
	(void)close(other);

	/* each adds twenty shows of its own, one at a time */
	for (int writer = 1; writer <= 3; writer++) {
		if (fork() != 0)
			continue;
		for (int i = 0; i < 20; i++) {
			struct list_entry entry = {.ids[LIST_MAL] = 100 * writer + i};
			if (mine_open(&mine, &err) < 0 || list_add(&mine.list, &entry) < 0 ||
			    mine_save(&mine, &err) < 0)
				_exit(1);
			mine_close(&mine);
		}
		_exit(0);
	}
	for (int i = 0; i < 3; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(mine_open(&mine, &err), 0);
	ck_assert_uint_eq(mine.list.n, 60);
	mine_close(&mine);
}
END_TEST

START_TEST(importing_again_updates)
{
	struct mine_merged merged;

	write_list("{\"animectl\":1,\"entries\":["
		   "{\"mal\":1,\"title\":\"A\",\"status\":\"watching\",\"score\":7,\"progress\":3,\"own\":1},"
		   "{\"mal\":2,\"title\":\"B\",\"status\":\"ignored\"},"
		   "{\"title\":\"Caf\xc3\xa9\",\"year\":1999,\"status\":\"planned\",\"notes\":\"n\"},"
		   "{\"anilist\":9,\"status\":\"completed\",\"score\":4},"
		   "{\"mal\":5,\"title\":\"E\",\"status\":\"dropped\"}]}");
	import("[{\"mal_id\":1,\"title\":\"A\",\"status\":\"completed\",\"score\":80,\"progress\":12},"
	       "{\"mal_id\":2,\"title\":\"B\",\"status\":\"completed\",\"score\":90},"
	       "{\"mal_id\":3,\"title\":\"cafe\",\"year\":1999,\"status\":\"completed\"},"
	       "{\"mal_id\":4,\"anilist_id\":9,\"title\":\"D\",\"status\":\"completed\"},"
	       "{\"mal_id\":5,\"title\":\"E\",\"status\":\"dropped\"},"
	       "{\"mal_id\":6,\"title\":\"E\",\"status\":\"dropped\"}]",
	       &merged);
	expect_list(
	    "{\n  \"animectl\": 1,\n  \"entries\": [\n"
	    "    {\"mal\":1,\"title\":\"A\",\"status\":\"completed\",\"score\":8,\"progress\":12,\"own\":1},\n"
	    "    {\"mal\":2,\"title\":\"B\",\"status\":\"ignored\",\"score\":9},\n"
	    "    {\"mal\":3,\"title\":\"cafe\",\"titles\":[\"Caf\xc3\xa9\"],\"year\":1999,\"status\":\"completed\","
	    "\"notes\":\"n\"},\n"
	    "    {\"mal\":4,\"anilist\":9,\"title\":\"D\",\"status\":\"completed\",\"score\":4},\n"
	    "    {\"mal\":5,\"title\":\"E\",\"status\":\"dropped\"},\n"
	    "    {\"mal\":6,\"title\":\"E\",\"status\":\"dropped\"}\n"
	    "  ]\n}\n");
	ck_assert_uint_eq(merged.added, 1);
	ck_assert_uint_eq(merged.same, 1);
	ck_assert_uint_eq(merged.changed, 4);
	ck_assert_uint_eq(merged.ignored, 1);
}
END_TEST

START_TEST(what_a_file_does_not_say_stays)
{
	struct mine_merged merged;

	write_list("{\"animectl\":1,\"entries\":["
		   "{\"mal\":1,\"title\":\"A\",\"status\":\"planned\"},"
		   "{\"mal\":2,\"title\":\"B\",\"status\":\"dropped\",\"score\":3,\"progress\":4,\"repeats\":2,"
		   "\"notes\":\"n\",\"started\":\"2020-01-02\"},"
		   "{\"mal\":3,\"title\":\"C\",\"status\":\"watching\",\"score\":5}]}");
	import("mal_id,title,score\n1,A,\n2,B,10\n3,C,5\n4,D,6\n", &merged);
	static const char expected[] =
	    "{\n  \"animectl\": 1,\n  \"entries\": [\n"
	    "    {\"mal\":1,\"title\":\"A\",\"status\":\"planned\"},\n"
	    "    {\"mal\":2,\"title\":\"B\",\"status\":\"dropped\",\"score\":10,\"progress\":4,\"repeats\":2,"
	    "\"notes\":\"n\",\"started\":\"2020-01-02\"},\n"
	    "    {\"mal\":3,\"title\":\"C\",\"status\":\"watching\",\"score\":5},\n"
	    "    {\"mal\":4,\"title\":\"D\",\"status\":\"completed\",\"score\":6}\n"
	    "  ]\n}\n";
	expect_list(expected);
	ck_assert_uint_eq(merged.added, 1);
	ck_assert_uint_eq(merged.changed, 1);
	ck_assert_uint_eq(merged.scores, 1);
	ck_assert_uint_eq(merged.statuses, 0);
	import("title\nA\nB\n", &merged);
	expect_list(expected);
	import("mal_id,status\n1,completed\n2,completed\n", &merged);
	ck_assert_uint_eq(merged.scores, 0);
	ck_assert_uint_eq(merged.statuses, 2);
}
END_TEST

/* A show that is there once by its id elsewhere, and once by that of MyAnimeList, is one as soon as an entry has both. */
START_TEST(ids_make_entries_one)
{
	struct mine_merged merged;

	write_list("{\"animectl\":1,\"entries\":["
		   "{\"mal\":1,\"title\":\"A\",\"status\":\"completed\",\"notes\":\"n\"},"
		   "{\"anilist\":9,\"status\":\"dropped\",\"score\":4,\"progress\":7}]}");
	import("[{\"mal_id\":1,\"anilist_id\":9,\"title\":\"A\",\"score\":80}]", &merged);
	expect_list("{\n  \"animectl\": 1,\n  \"entries\": [\n"
		    "    {\"mal\":1,\"anilist\":9,\"title\":\"A\",\"status\":\"completed\",\"score\":8,\"progress\":7,"
		    "\"notes\":\"n\"}\n  ]\n}\n");
}
END_TEST

START_TEST(myanimelist_can_import_it)
{
	struct list list, again;
	char *text = NULL, *second = NULL;
	size_t size;

	read_list(
	    "[{\"mal_id\":1,\"title\":\"A & <b> ]]> "
	    "c\",\"status\":\"watching\",\"score\":8.5,\"progress\":3,\"repeats\":2,"
	    "\"notes\":\"]]>]]>\"},{\"mal_id\":2,\"status\":\"plan to watch\"},{\"title\":\"no id\"},"
	    "{\"mal_id\":3,\"status\":\"won't watch\"},{\"mal_id\":4,\"status\":\"ignored\"},"
	    "{\"mal_id\":5,\"title\":\"B\",\"status\":\"dropped\",\"score\":0.2},{\"mal_id\":6,\"status\":\"on hold\"},"
	    "{\"mal_id\":7,\"status\":\"seen\",\"score\":10}]",
	    &list);
	FILE *out = open_memstream(&text, &size);
	list_write_mal(&list, out);
	(void)fclose(out);
	list_free(&list);
	ck_assert_msg(strstr(text, "<user_total_anime>5</user_total_anime>"), "%s", text);
	ck_assert_msg(strstr(text, "<update_on_import>1</update_on_import>"), "%s", text);
	ck_assert_msg(strstr(text, "<my_status>Plan to Watch</my_status>"), "%s", text);

	read_list(text, &again);
	out = open_memstream(&second, &size);
	list_write_mal(&again, out);
	(void)fclose(out);
	ck_assert_str_eq(second, text);
	ck_assert_uint_eq(again.n, 5);
	ck_assert_str_eq(again.entries[0].titles[0], "A & <b> ]]> c");
	ck_assert_str_eq(again.entries[0].notes, "]]>]]>");
	ck_assert(again.entries[0].score >= 9 && again.entries[0].score <= 9 && again.entries[0].repeats == 2);
	ck_assert(again.entries[2].score >= 1 && again.entries[2].score <= 1);
	ck_assert_int_eq(again.entries[2].status, LIST_DROPPED);
	list_free(&again);
	free(text);
	free(second);
}
END_TEST

START_TEST(what_is_no_file_is_not_replaced)
{
	struct list list;

	read_list("[]", &list);
	ck_assert_int_eq(list_replace(scratch_path(""), 0666, list_write_mal, &list, &err), -1);
	ck_assert_msg(strstr(err.text, "is no regular file"), "%s", err.text);
	ck_assert_int_eq(list_replace(scratch_path("no/such"), 0666, list_write_mal, &list, &err), -1);
	ck_assert_msg(strstr(err.text, "no/such: cannot write: No such file"), "%s", err.text);
	struct stat st;
	ck_assert_int_eq(list_replace(scratch_path("made"), 0666, list_write_mal, &list, &err), 0);
	ck_assert(stat(scratch_path("made"), &st) == 0 && (st.st_mode & 0777) == 0644);
	list_free(&list);
}
END_TEST

START_TEST(each_status_has_a_use)
{
	static const struct {
		enum list_status status;
		enum list_use scored, unscored;
	} rows[] = {
	    {LIST_COMPLETED, LIST_RATING, LIST_SEEN},       {LIST_WATCHING, LIST_RATING, LIST_SEEN},
	    {LIST_ON_HOLD, LIST_RATING, LIST_SEEN},         {LIST_PLANNED, LIST_WISH, LIST_WISH},
	    {LIST_DROPPED, LIST_RATING, LIST_MILD_DISLIKE}, {LIST_UNWANTED, LIST_DISLIKE, LIST_DISLIKE},
	    {LIST_IGNORED, LIST_NOT_AGAIN, LIST_NOT_AGAIN},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_assert_int_eq(list_use(&(struct list_entry){.status = rows[i].status, .score = 5}), rows[i].scored);
		ck_assert_int_eq(list_use(&(struct list_entry){.status = rows[i].status}), rows[i].unscored);
	}
}
END_TEST

START_TEST(a_long_list_keeps_what_says_most)
{
	static const struct list_entry entries[] = {
	    {.ids = {1}, .status = LIST_IGNORED},
	    {.ids = {2}, .status = LIST_PLANNED, .score = 9},
	    {.ids = {3}, .status = LIST_COMPLETED},
	    {.ids = {4}, .status = LIST_ON_HOLD},
	    {.ids = {5}, .status = LIST_DROPPED},
	    {.ids = {6}, .status = LIST_COMPLETED},
	    {.ids = {7}, .status = LIST_WATCHING, .score = 3},
	};
	static const struct {
		size_t most;
		const char *ids;
	} cases[] = {{9, "1234567"}, {6, "234567"}, {5, "34567"}, {4, "3567"}, {3, "357"}, {1, "5"}, {0, ""}};
	const size_t n = sizeof entries / sizeof *entries;

	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct list list = {.scale = 10};
		char ids[16] = "";
		for (size_t e = 0; e < n; e++) {
			struct list_entry entry = entries[e];
			ck_assert_int_eq(list_add(&list, &entry), 0);
		}
		const size_t left_out = list_cut(&list, cases[c].most);
		ck_assert_uint_eq(left_out, n - strlen(cases[c].ids));
		ck_assert_uint_eq(list.n, strlen(cases[c].ids));
		for (size_t e = 0; e < list.n; e++)
			ids[e] = (char)('0' + list.entries[e].ids[LIST_MAL]);
		ck_assert_str_eq(ids, cases[c].ids);
		list_free(&list);
	}
}
END_TEST

START_TEST(entries_are_packed_for_the_daemon)
{
	struct list list;
	msgpack_sbuffer buffer;
	msgpack_packer packer;
	msgpack_unpacked unpacked;
	char *text = NULL;
	size_t size, offset = 0;
	FILE *out = open_memstream(&text, &size);

	read_list("[{\"mal_id\":1,\"anilist_id\":2,\"anidb\":3,\"title\":\"A\",\"year\":1998,\"score\":9},"
		  "{\"title\":\"B\",\"status\":\"dropped\"}]",
		  &list);
	msgpack_sbuffer_init(&buffer);
	msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
	list_pack(&packer, &list);
	list_pack_scale(&packer, &list);
	msgpack_unpacked_init(&unpacked);
	while (msgpack_unpack_next(&unpacked, buffer.data, buffer.size, &offset) == MSGPACK_UNPACK_SUCCESS)
		msgpack_object_print(out, unpacked.data);
	(void)fclose(out);
	ck_assert_str_eq(text,
			 "[{\"id\"=>1, \"ids\"=>{\"anilist\"=>2, \"anidb\"=>3}, \"title\"=>\"A\", \"year\"=>1998, "
			 "\"status\"=>\"completed\", \"score\"=>9.000000}, {\"title\"=>\"B\", \"status\"=>\"dropped\"}]"
			 "[1.000000, 10.000000]");
	msgpack_unpacked_destroy(&unpacked);
	msgpack_sbuffer_destroy(&buffer);
	list_free(&list);
	free(text);
}
END_TEST

/* Commands that look whether a show is in the list work where there is no home; those that change the list say why they
 * cannot. */
START_TEST(without_a_home_the_list_is_empty)
{
	struct mine mine;
	struct list list;

	ck_assert_int_eq(unsetenv("XDG_DATA_HOME"), 0);
	ck_assert_int_eq(unsetenv("HOME"), 0);
	ck_assert_int_eq(mine_read(&list, &err), 0);
	ck_assert_uint_eq(list.n, 0);
	list_free(&list);
	ck_assert_int_eq(mine_open(&mine, &err), -1);
	ck_assert_str_eq(err.text, "there is no place for your list; set HOME or XDG_DATA_HOME");
	mine_close(&mine);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mine");
	TCase *tests = tcase_create("mine");

	tcase_add_checked_fixture(tests, open_home, scratch_close);
	tcase_add_test(tests, a_list_is_kept_as_it_is);
	tcase_add_test(tests, without_a_home_the_list_is_empty);
	tcase_add_test(tests, damage_is_told_with_its_place);
	tcase_add_test(tests, a_full_disk_leaves_the_list_as_it_was);
	tcase_add_test(tests, a_link_stays_one);
	tcase_add_test(tests, two_writers_wait_for_each_other);
	tcase_add_test(tests, importing_again_updates);
	tcase_add_test(tests, what_a_file_does_not_say_stays);
	tcase_add_test(tests, ids_make_entries_one);
	tcase_add_test(tests, myanimelist_can_import_it);
	tcase_add_test(tests, what_is_no_file_is_not_replaced);
	tcase_add_test(tests, each_status_has_a_use);
	tcase_add_test(tests, a_long_list_keeps_what_says_most);
	tcase_add_test(tests, entries_are_packed_for_the_daemon);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}

/* Loads a dataset from a database and from JSON lines while memory is short. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "load-each.h"
#include "scratch.h"

START_TEST(from_json_lines)
{
	static const char *const jsonl[] = {"ratings.path", "r.jsonl",     "items.path", "i.jsonl", "items.title",
					    "title.romaji", "max_rejects", "1",          NULL};
	struct given given = {"jsonl", jsonl, .options = {.unknown_items = UNKNOWN_ITEMS_DROP}};

	(void)scratch_text(
	    "i.jsonl", "{\"uid\":1,\"title\":{\"romaji\":\"Eins\"},\"genre\":[\"Drama\",{\"name\":\"A, B\"}]}\n"
		       "{\"uid\":2,\"title\":{\"romaji\":\"Zw\xc3\xb6lf\"},\"genre\":[\"A, B\"],\"episodes\":12.0}\n");
	(void)scratch_text("r.jsonl", "{\"profile\":\"a\",\"anime_uid\":1,\"score\":5}\n{\"profile\":7,\"anime_uid\":2,"
				      "\"score\":7.3}\nnothing\n{\"profile\":\"c\",\"anime_uid\":77,\"score\":1}\n");
	load_each("JSON lines", &given);
}
END_TEST

static void fill(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(scratch_path("d.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

#define TABLES                                                                                                         \
	"create table i(uid, title, genre); create table r(profile, anime_uid, score);"                                \
	"insert into i values (1, 'Eins', 'Drama'), (2, 'Zwei', null);"                                                \
	"insert into r values ('a', 1, 5), (7, 2, 7.3), (x'00', 1, 2), ('c', 77, 1);"

static const char *const sqlite[] = {
    "database",    "d.db", "items.query", "select * from i", "ratings.query", "select * from r -- all",
    "max_rejects", "1",    NULL};

START_TEST(from_a_database)
{
	struct given given = {"sqlite", sqlite, .options = {.unknown_items = UNKNOWN_ITEMS_DROP}};

	fill(TABLES);
	load_each("a database", &given);
}
END_TEST

START_TEST(from_a_database_that_is_cached)
{
	struct given writing = {"sqlite", sqlite, .options = {.unknown_items = UNKNOWN_ITEMS_DROP, .cache = true}};
	struct given reading = writing;
	char cache[PATH_MAX];

	fill("pragma journal_mode=wal; " TABLES);
	(void)snprintf(cache, sizeof cache, "%s", scratch_path("d.db.animed-cache"));
	writing.forget = cache;
	load_each("a database that is cached", &writing);
	load_each("the cache of a database", &reading);
	ck_assert_int_eq(access(cache, F_OK), 0);
}
END_TEST

START_TEST(from_a_query_that_is_wrong)
{
	static const char *const wrong[] = {
	    "database", "d.db", "items.query", "select * from i", "ratings.query", "select nothing from r", NULL};
	struct given given = {"sqlite", wrong, .options = {.unknown_items = UNKNOWN_ITEMS_DROP}};

	fill(TABLES);
	load_each("a query that is wrong", &given);
	ck_assert_int_eq(given.status, -1);
}
END_TEST

static void setup(void)
{
	scratch_open();
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", scratch_path("cache"), 1), 0);
}

static void teardown(void)
{
	scratch_close();
}

int main(void)
{
	Suite *suite = suite_create("fault_sources");
	TCase *tc = tcase_create("fault_sources");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, from_json_lines);
	tcase_add_test(tc, from_a_database);
	tcase_add_test(tc, from_a_database_that_is_cached);
	tcase_add_test(tc, from_a_query_that_is_wrong);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

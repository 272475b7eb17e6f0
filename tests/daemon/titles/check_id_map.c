/* check_id_map.c - tests lists of the ids of other services: what is read of them, and what is refused. */
#include "config.h"

#include "titles/id-map.h"

#include <stdlib.h>

#include "scratch.h"

static const int64_t ids[] = {1, 5, 20};
static const struct catalogue catalogue = {.n = 3, .ids = ids};
static struct id_map map;
static struct animed_error err;

static int read_text(const char *text)
{
	id_map_close(&map);
	scratch_text("ids.json", text);
	return id_map_open(&map, scratch_path("ids.json"), &catalogue, &err);
}

static uint32_t find(const char *service, int64_t id)
{
	return id_map_find(&map, id_map_service(text_of(service)), id);
}

static void setup(void)
{
	scratch_open();
}

static void teardown(void)
{
	id_map_close(&map);
	scratch_close();
}

START_TEST(members_of_objects)
{
	ck_assert_msg(read_text("[{\"mal_id\": 5, \"anilist_id\": 50, \"annict_id\": 7, \"syobocal_tid\": 8},\n"
				"{\"anilist_id\": 51}, {\"mal_id\": 999, \"anilist_id\": 52},\n"
				"{\"mal_id\": 20, \"anilist_id\": 50, \"kitsu_id\": 3, \"anidb_id\": null}]") == 0,
		      "%s", err.text);
	ck_assert_uint_eq(find("anilist", 50), 1); /* the first of two */
	ck_assert_uint_eq(find("annict", 7), 1);
	ck_assert_uint_eq(find("syobocal", 8), 1);
	ck_assert_uint_eq(find("kitsu", 3), 2);
	ck_assert_uint_eq(find("anilist", 51), ANIMED_NO_ITEM);
	ck_assert_uint_eq(find("anilist", 52), ANIMED_NO_ITEM);
	ck_assert_uint_eq(find("anidb", 0), ANIMED_NO_ITEM);
	ck_assert_uint_eq(map.rows, 3);
	ck_assert_uint_eq(map.known, 2);
	ck_assert_uint_eq(map.pairs, 5);
	ck_assert_int_eq(id_map_service(text_of("nowhere")), -1);
}
END_TEST

START_TEST(addresses_of_pages)
{
	ck_assert_msg(
	    read_text("{\"license\": {}, \"data\": [{\"sources\": [\"https://anidb.net/anime/11\", "
		      "\"https://anilist.co/anime/12\", \"https://kitsu.app/anime/13\", "
		      "\"https://anime-planet.com/anime/x\", 3, "
		      "\"https://myanimelist.net/anime/1\", \"https://livechart.me/anime/14/\"]},\n"
		      "{\"sources\": [\"https://kitsu.io/anime/15\", \"https://myanimelist.net/anime/20\", "
		      "\"https://anilist.co/anime/16x\", \"https://simkl.com/anime/99999999999999999999\"]}]}") == 0,
	    "%s", err.text);
	ck_assert_uint_eq(find("anidb", 11), 0);
	ck_assert_uint_eq(find("anilist", 12), 0);
	ck_assert_uint_eq(find("kitsu", 13), 0);
	ck_assert_uint_eq(find("livechart", 14), 0);
	ck_assert_uint_eq(find("kitsu", 15), 2);
	ck_assert_uint_eq(find("anilist", 16), ANIMED_NO_ITEM);
	ck_assert_uint_eq(map.pairs, 5);
	/* JSON lines, with a first one that tells of the file */
	ck_assert_int_eq(read_text("{\"$schema\": \"x\"}\n{\"sources\": [\"https://myanimelist.net/anime/5\", "
				   "\"https://anilist.co/anime/9\"]}\n"),
			 0);
	ck_assert_uint_eq(find("anilist", 9), 1);
}
END_TEST

static const struct {
	const char *text, *why;
} refused[] = {
    {"", "no object has \"mal_id\" or \"sources\""},
    {"[{\"id\": 5}]", "no object has \"mal_id\" or \"sources\""},
    {"[\n{\"mal_id\": 5,}]", "the object on line 2 is no JSON"},
    {"[{\"mal_id\": 5}", "it ends within an object"},
    {"\x1f\x8b\x08", "it is packed with gzip; unpack it"},
};

START_TEST(what_is_no_list)
{
	ck_assert_int_eq(read_text(refused[_i].text), -1);
	ck_assert_msg(strstr(err.text, refused[_i].why) != NULL, "%s", err.text);
	ck_assert_msg(strncmp(err.text, "lists.ids: /", 12) == 0, "%s", err.text);
}
END_TEST

START_TEST(what_is_no_file)
{
	ck_assert_int_eq(id_map_open(&map, scratch_path("absent.json"), &catalogue, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "absent.json: No such file"));
	ck_assert_int_eq(id_map_open(&map, "/dev/zero", &catalogue, &err), -1);
	ck_assert_str_eq(err.text, "lists.ids: /dev/zero: is no file");
	ck_assert_uint_eq(find("anilist", 1), ANIMED_NO_ITEM);
}
END_TEST

/* A file of more ids than anybody has is refused before it has taken all memory. */
START_TEST(too_many_ids)
{
	FILE *file = fopen(scratch_path("many.json"), "we");

	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < ID_MAP_MOST / 4 + 1; i++)
		(void)fprintf(file, "{\"mal_id\":1,\"anilist_id\":%d,\"kitsu_id\":2,\"anidb_id\":3,\"simkl_id\":4}\n",
			      i + 1);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(id_map_open(&map, scratch_path("many.json"), &catalogue, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "it gives more than 1000000 ids"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("id map");
	TCase *tcase = tcase_create("id map");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, members_of_objects);
	tcase_add_test(tcase, addresses_of_pages);
	tcase_add_loop_test(tcase, what_is_no_list, 0, (int)(sizeof refused / sizeof *refused));
	tcase_add_test(tcase, what_is_no_file);
	tcase_add_test(tcase, too_many_ids);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

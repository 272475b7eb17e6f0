/* check_franchise.c - tests which titles belong together, and what a file of relations changes. */
#include "config.h"

#include "scratch.h"

#include "titles/franchise.h"
#include "titles/stem.h"

enum { MOST = 16 };

static struct animed_error err;
static uint32_t *franchises;

/* Find the franchises of these titles, whose ids are 100, 101, ...  `relations` is the path of a file, or NULL.
 * Returns what franchise_find() returns. */
static int find(const char *const *titles, size_t n, const char *relations)
{
	static char bytes[4096];
	static uint64_t offsets[MOST + 1];
	static int64_t ids[MOST];
	struct catalogue catalogue = {.n = (uint32_t)n, .ids = ids, .titles = {bytes, offsets}};

	ck_assert_uint_le(n, MOST);
	for (size_t i = 0; i < n; i++) {
		const size_t length = strlen(titles[i]);
		memcpy(bytes + offsets[i], titles[i], length);
		offsets[i + 1] = offsets[i] + length;
		ids[i] = 100 + (int64_t)i;
	}
	free(franchises);
	return franchise_find(&catalogue, relations, &franchises, &err);
}

static void teardown(void)
{
	free(franchises);
	franchises = NULL;
	scratch_close();
}

/* ---- stems ---- */

static const struct {
	const char *title, *stem;
} stems[] = {
    {"Made in Abyss", "made in abyss"},
    {"Shingeki no Kyojin Season 3 Part 2", "shingeki no kyojin"},
    {"Beastars 2nd Season", "beastars"},
    {"Haikyuu!! Second Season", "haikyuu"},
    {"Overlord III", "overlord"},
    {"Kanon (2006)", "kanon"},
    {"Code Geass R2", "code geass"},
    {"Gekijouban Fate/stay night", "fate stay night"},
    {"Boku no Hero Academia the Movie 2", "boku no hero academia"},
    {"Shingeki no Kyojin: The Final Season", "shingeki no kyojin"},
    {"Yuru Camp△ Specials", "yuru camp"},
    {"Pok\xc3\xa9mon Movie 01", "pokemon"},
    {"Mob Psycho 100", "mob psycho 100"},
    {"Mob Psycho 100 II", "mob psycho 100"},
    {"Cyborg 009", "cyborg 009"},
    {"86", "86"},
    {"Movie", "movie"},
    {"II", "ii"},
    {"!!!", "!!!"},
    {"", ""},
};

START_TEST(stems_of_titles)
{
	struct stem stem;
	char *folded;

	ck_assert_int_eq(stem_of(text_of(stems[_i].title), &stem, &folded), 0);
	const struct text text = stem_text(&stem, stem.n);
	ck_assert_msg(text.length == strlen(stems[_i].stem) && memcmp(text.bytes, stems[_i].stem, text.length) == 0,
		      "%s: %.*s", stems[_i].title, (int)text.length, text.bytes);
	free(folded);
}
END_TEST

START_TEST(what_cannot_be_folded_has_no_stem)
{
	struct stem stem;
	char *folded;

	ck_assert_int_eq(stem_of((struct text){"\xff\xfe", 2}, &stem, &folded), 0);
	ck_assert_uint_eq(stem.n, 0);
	ck_assert_ptr_null(folded);
}
END_TEST

START_TEST(long_titles)
{
	char title[4 * STEM_WORDS + 1];
	struct stem stem;
	char *folded;

	for (size_t i = 0; i < sizeof title; i++)
		title[i] = i % 2 ? ' ' : 'a';
	ck_assert_int_eq(stem_of((struct text){title, sizeof title}, &stem, &folded), 0);
	ck_assert_uint_eq(stem.n, STEM_WORDS);
	free(folded);
}
END_TEST

/* ---- franchises ---- */

static const struct {
	const char *titles[MOST];
	bool together;
} groups[] = {
    {{"Made in Abyss", "Made in Abyss Movie 1: Tabidachi no Yoake", "Made in Abyss: Retsujitsu no Ougonkyou"}, true},
    {{"Gintama", "Gintama'", "Gintama\xc2\xb0", "Gintama.", "Gintama: The Final", "Gintama Movie 2: Kanketsu-hen"},
     true},
    {{"Natsume Yuujinchou", "Zoku Natsume Yuujinchou", "Natsume Yuujinchou San", "Natsume Yuujinchou Roku Specials"},
     true},
    {{"Haikyuu!!", "Haikyuu!! To the Top", "Haikyuu!! Karasuno Koukou vs. Shiratorizawa Gakuen Koukou"}, true},
    {{"Mushishi", "Mushishi Zoku Shou", "Mushishi Zoku Shou: Suzu no Shizuku", "Mushishi Special: Hihamukage"}, true},
    {{"Fullmetal Alchemist", "Fullmetal Alchemist: Brotherhood"}, true},
    {{"Clannad", "Clannad: After Story", "Clannad Movie"}, true},
    {{"Kara no Kyoukai Movie 1: Fukan Fuukei", "Kara no Kyoukai Movie 5: Mujun Rasen"}, true},
    {{"Kuroko no Basket", "Kuroko no Basket NG-shuu", "Kuroko no Basket 2nd Season"}, true},
    {{"Lupin III", "Lupin III: Dead or Alive", "Lupin VIII"}, true},
    {{"Kidou Senshi Gundam", "Kidou Senshi Gundam 00"}, true},
    {{"Tokyo Ghoul", "Tokyo Ghoul:re"}, true},
    /* these begin alike and do not belong together */
    {{"One Piece", "One Punch Man", "One: Kagayaku Kisetsu e", "One Outs"}, false},
    {{"Monster", "Monster Musume no Iru Nichijou", "Monster Strike"}, false},
    {{"Samurai Champloo", "Samurai Flamenco", "Samurai X"}, false},
    {{"Air", "Air Gear", "Air Master"}, false},
    {{"Boku no Hero Academia", "Boku no Pico", "Boku dake ga Inai Machi"}, false},
    {{"Kino no Tabi", "Kino"}, false},
    {{"Death Note", "Death Parade"}, false},
    {{"Mononoke", "Mononoke Hime"}, false},
    {{"Shounen Maid", "Shounen Onmyouji"}, false},
    {{"Another", "Another World"}, false},
    {{"To LOVE-Ru", "To Heart"}, false},
    {{"", ""}, false},
};

START_TEST(titles_that_belong_together)
{
	const char *const *titles = groups[_i].titles;
	size_t n = 0;

	while (n < MOST && titles[n])
		n++;
	ck_assert_int_eq(find(titles, n, NULL), 0);
	for (uint32_t i = 0; i < n; i++)
		ck_assert_msg(franchises[i] == (groups[_i].together ? 0 : i), "%s is with %s", titles[i],
			      titles[franchises[i]]);
}
END_TEST

/* ---- relations ---- */

static const char *const shows[] = {"Alpha", "Alpha 2", "Alpha 3", "Beta", "Gamma", "Gamma 2"};

START_TEST(relations_override_titles)
{
	const char *path = scratch_text("relations.csv", "id,related\n# a comment\n\n102,103\r\n 105 \n999,104\n");

	ck_assert_int_eq(find(shows, 6, NULL), 0);
	ck_assert(franchises[2] == 0 && franchises[3] == 3 && franchises[5] == 4);
	ck_assert_msg(find(shows, 6, path) == 0, "%s", err.text);
	ck_assert_uint_eq(franchises[0], 0);
	ck_assert_uint_eq(franchises[1], 0); /* the file names neither of these two */
	ck_assert_uint_eq(franchises[2], 2); /* with Beta, and no longer with Alpha */
	ck_assert_uint_eq(franchises[3], 2);
	ck_assert_uint_eq(franchises[4], 4);
	ck_assert_uint_eq(franchises[5], 5); /* alone on its line */
}
END_TEST

START_TEST(relations_chain)
{
	ck_assert_int_eq(find(shows, 6, scratch_text("relations.csv", "100,103\n103,104,105\n")), 0);
	ck_assert(franchises[0] == 0 && franchises[3] == 0 && franchises[4] == 0 && franchises[5] == 0);
	ck_assert(franchises[1] == 1 && franchises[2] == 1);
}
END_TEST

START_TEST(bad_relations)
{
	static const char *const bad[] = {"100;101\n", "100,\n",    ",100\n",
					  "100,x\n",   "100 101\n", "99999999999999999999,1\n"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[64];
		(void)snprintf(text, sizeof text, "100,101\n%s", bad[i]);
		ck_assert_int_eq(find(shows, 6, scratch_text("relations.csv", text)), -1);
		ck_assert_msg(strstr(err.text, "relations.csv:2: ") != NULL, "%s", err.text);
		ck_assert_ptr_null(franchises);
	}
	ck_assert_int_eq(find(shows, 6, scratch_path("none.csv")), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "queries.relations: "));
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("franchise");
	TCase *tc = tcase_create("franchise");

	tcase_add_checked_fixture(tc, scratch_open, teardown);
	tcase_add_loop_test(tc, stems_of_titles, 0, sizeof stems / sizeof *stems);
	tcase_add_test(tc, what_cannot_be_folded_has_no_stem);
	tcase_add_test(tc, long_titles);
	tcase_add_loop_test(tc, titles_that_belong_together, 0, sizeof groups / sizeof *groups);
	tcase_add_test(tc, relations_override_titles);
	tcase_add_test(tc, relations_chain);
	tcase_add_test(tc, bad_relations);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

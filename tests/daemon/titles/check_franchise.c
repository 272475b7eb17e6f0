/* check_franchise.c - tests which titles belong together, and what a file of relations changes. */
#include "config.h"

#include "places.h"
#include "scratch.h"

#include "titles/franchise.h"
#include "titles/stem.h"

enum { MOST = 16 };

static struct animed_error err;
static uint32_t *franchises;
static struct relations used;

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
	return franchise_find(&catalogue, relations, &franchises, &used, &err);
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

/* Find the franchises of `shows` by a file with this text. */
static void find_by(const char *text)
{
	ck_assert_msg(find(shows, 6, scratch_text("relations.csv", text)) == 0, "%s", err.text);
}

/* Check which shows are together; the text has the franchise of each show, such as "000344". */
static void expect_franchises(const char *expected)
{
	char found[MOST + 1] = "";

	for (size_t i = 0; expected[i]; i++)
		found[i] = (char)('0' + franchises[i]);
	ck_assert_str_eq(found, expected);
}

START_TEST(relations_add_to_titles)
{
	ck_assert_int_eq(find(shows, 6, NULL), 0);
	expect_franchises("000344");
	ck_assert(!used.used);
	/* "Alpha" and "Alpha 2", which no line names, belong to the family of "Alpha 3" by their titles */
	find_by("id,related\n# a comment\n\n102,103\r\n 999,998 \n");
	expect_franchises("000044");
	ck_assert(used.used && used.families == 1);
	find_by("100,103\n103,104,105\n");
	expect_franchises("000000");
	ck_assert_uint_eq(used.families, 2);
}
END_TEST

/* A line of ids that the catalogue does not have but for one says nothing but that this one has a family. */
START_TEST(relations_may_name_other_shows)
{
	find_by("99,104\n1,2,3\n9223372036854775807,-1\n");
	expect_franchises("000344");
	ck_assert(used.used && used.families == 0);
}
END_TEST

START_TEST(relations_part_what_titles_join)
{
	/* "Alpha 3" has joined the first family of its title, and "Gamma" none but its own */
	find_by("100,103\n101,104\n");
	expect_franchises("010011");
	find_by("102\n105\n");
	expect_franchises("002345");
	/* no title joins "Alpha 2" with another show, but a line does */
	find_by("101\n101,105\n");
	expect_franchises("010311");
}
END_TEST

/* Of two families that a title might belong to, it belongs to that whose title it has more of. */
START_TEST(relations_leave_titles_to_the_nearest)
{
	static const char *const titles[] = {"Red Blue Green",
					     "Red Blue Green Alpha Beta",
					     "Red Blue Green Alpha Beta Coda",
					     "Red Blue Green Omega",
					     "Moon",
					     "Sun"};

	ck_assert_int_eq(find(titles, 6, NULL), 0);
	expect_franchises("000045");
	ck_assert_int_eq(find(titles, 6, scratch_text("relations.csv", "100,104\n101,105\n")), 0);
	expect_franchises("011001");
}
END_TEST

/* The lines that tell titles, and whether the families behind them are used. */
static const struct {
	const char *titles;
	bool used;
	unsigned known, agree;
} catalogues[] = {
    {"= 100 Alpha\n= 103 beta!\n=104\tGamma (2006)\n", true, 3, 3},
    {"= 100 Alpha\n= 103 Beta\n= 104 Gamma\n= 105 Gamma\n= 102 Omega\n", true, 5, 4},
    {"= 100 Alpha\n= 103 Beta\n= 104 Gamma\n= 102 Omega\n", false, 4, 3},
    {"= 100 Alpha\n= 103 Beta\n= 7 Omega\n= 8 Psi\n", false, 2, 2},
    {"= 7 Omega\n", false, 0, 0},
    {"= 100 \xff\n= 103 Beta\n= 104 Gamma\n", false, 3, 2},
};

START_TEST(relations_know_their_catalogue)
{
	char text[512];

	(void)snprintf(text, sizeof text, "id\n%s# families\n100,103\n104\n", catalogues[_i].titles);
	find_by(text);
	expect_franchises(catalogues[_i].used ? "000045" : "000344");
	ck_assert_int_eq(used.used, catalogues[_i].used);
	ck_assert_uint_eq(used.families, catalogues[_i].used);
	ck_assert_uint_eq(used.known, catalogues[_i].known);
	ck_assert_uint_eq(used.agree, catalogues[_i].agree);
}
END_TEST

/* What is shipped can be read, and has no family for a catalogue with other ids, of which it has many by chance. */
START_TEST(shipped_relations_leave_other_catalogues_alone)
{
	static char bytes[8 * 3000];
	static uint64_t offsets[3001];
	static int64_t ids[3000];
	struct catalogue catalogue = {.n = 3000, .ids = ids, .titles = {bytes, offsets}};

	for (uint32_t i = 0; i < catalogue.n; i++) {
		ids[i] = 1 + (int64_t)i;
		offsets[i + 1] = offsets[i] + (uint64_t)sprintf(bytes + offsets[i], "t%ux", i);
	}
	free(franchises);
	ck_assert_msg(franchise_find(&catalogue, SRCDIR "/etc/relations.csv", &franchises, &used, &err) == 0, "%s",
		      err.text);
	ck_assert(!used.used && used.families == 0 && used.known > 10 && used.agree == 0);
	for (uint32_t i = 0; i < catalogue.n; i++)
		ck_assert_uint_eq(franchises[i], i);
}
END_TEST

START_TEST(bad_relations)
{
	static const char *const bad[] = {
	    "100;101\n", "100,\n", ",100\n", "100,x\n", "100 101\n", "99999999999999999999,1\n", "= 100 Alpha\n"};
	static const char *const bad_titles[] = {"=\n",        "= Alpha\n",     "= 100\n",
						 "= 100 \r\n", "= 100,Alpha\n", "= 99999999999999999999 Alpha\n"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[64];
		(void)snprintf(text, sizeof text, "100,101\n%s", bad[i]);
		ck_assert_int_eq(find(shows, 6, scratch_text("relations.csv", text)), -1);
		ck_assert_msg(strstr(err.text, "relations.csv:2: ") != NULL, "%s", err.text);
		ck_assert_ptr_null(franchises);
	}
	for (size_t i = 0; i < sizeof bad_titles / sizeof *bad_titles; i++) {
		ck_assert_int_eq(find(shows, 6, scratch_text("relations.csv", bad_titles[i])), -1);
		ck_assert_msg(strstr(err.text, "relations.csv:1: after \"=\" come an id") != NULL, "%s", err.text);
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
	tcase_add_test(tc, relations_add_to_titles);
	tcase_add_test(tc, relations_may_name_other_shows);
	tcase_add_test(tc, relations_part_what_titles_join);
	tcase_add_test(tc, relations_leave_titles_to_the_nearest);
	tcase_add_loop_test(tc, relations_know_their_catalogue, 0, sizeof catalogues / sizeof *catalogues);
	tcase_add_test(tc, shipped_relations_leave_other_catalogues_alone);
	tcase_add_test(tc, bad_relations);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* Tests what the words of a title are read as. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "scratch.h"
#include "titles/casefold.h"
#include "titles/initials.h"
#include "titles/parts.h"

static const struct {
	const char *title, *name;
	int season, part, year;
	enum parts_type type;
} read[] = {
    {"Mushishi", "mushishi", 0, 0, 0, PARTS_NO_TYPE},
    {"Overlord Season 2", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord S2", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord S02", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord 2", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord II", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord: Season II", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord 2nd Season", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord 2nd", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord Second Season", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord: The Second Season", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord season two", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord R2", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord Part 2", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"\xe9\x8a\x80\xe9\xad\x82 \xe7\xac\xac"
     "2\xe6\x9c\x9f",
     "\xe9\x8a\x80\xe9\xad\x82", 2, 0, 0, PARTS_NO_TYPE}, /* Japanese, "second season" */
    {"Overlord Season 1", "overlord", 0, 0, 0, PARTS_NO_TYPE},
    {"Overlord 1st Season Part 1", "overlord", 0, 0, 0, PARTS_NO_TYPE},
    {"Overlord Season 3 Part 2", "overlord", 3, 2, 0, PARTS_NO_TYPE},
    {"Overlord S3 pt 2", "overlord", 3, 2, 0, PARTS_NO_TYPE},
    {"Overlord Second Stage", "overlord", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord \xc2\xbd", "overlord 1 2", 0, 0, 0, PARTS_NO_TYPE},
    {"Overlord 11 2", "overlord 11", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord S3 P2", "overlord", 3, 2, 0, PARTS_NO_TYPE},
    {"Overlord Season 1 Part 2", "overlord", 0, 2, 0, PARTS_NO_TYPE},
    {"Overlord Part 3: Crusaders II", "overlord crusaders", 2, 3, 0, PARTS_NO_TYPE},
    {"Lupin III: Part II", "lupin iii", 2, 0, 0, PARTS_NO_TYPE},
    {"Lupin III: Part Season 2", "lupin iii", 2, 0, 0, PARTS_NO_TYPE},
    {"Overlord Final Season", "overlord", PARTS_FINAL, 0, 0, PARTS_NO_TYPE},
    {"Overlord The Final Season Part 2", "overlord", PARTS_FINAL, 2, 0, PARTS_NO_TYPE},
    {"Overlord 258th Season", "overlord", 258, 0, 0, PARTS_NO_TYPE},
    {"Overlord II: The Beginning", "overlord the beginning", 2, 0, 0, PARTS_NO_TYPE},
    {"Fruits Basket (2019)", "fruits basket", 0, 0, 2019, PARTS_NO_TYPE},
    {"Fruits Basket 2019", "fruits basket", 0, 0, 2019, PARTS_NO_TYPE},
    {"Fruits Basket 2nd Season (2020)", "fruits basket", 2, 0, 2020, PARTS_NO_TYPE},
    {"Immortal Grand Prix (2005) 2", "immortal grand prix", 2, 0, 2005, PARTS_NO_TYPE},
    {"Berserk (TV) (1997)", "berserk", 0, 0, 1997, PARTS_TV},
    {"Berserk 2 (TV)", "berserk", 2, 0, 0, PARTS_TV},
    {"Aggressive Retsuko (ONA) 3", "aggressive retsuko", 3, 0, 0, PARTS_ONA},
    {"Ghost in the Shell movie", "ghost in the shell", 0, 0, 0, PARTS_MOVIE},
    {"Utena: The Movie", "utena", 0, 0, 0, PARTS_MOVIE},
    {"Gekijouban Utena", "utena", 0, 0, 0, PARTS_MOVIE},
    {"Blue Exorcist Movie Special", "blue exorcist movie", 0, 0, 0, PARTS_SPECIAL},
    /* numbers that are no seasons */
    {"Naruto Movie 3", "naruto 3", 0, 0, 0, PARTS_MOVIE},
    {"Naruto Movie 3: Mikazuki Island", "naruto mikazuki island", 0, 0, 0, PARTS_MOVIE},
    {"Mob Psycho 100", "mob psycho 100", 0, 0, 0, PARTS_NO_TYPE},
    {"Mob Psycho 100 II", "mob psycho 100", 2, 0, 0, PARTS_NO_TYPE},
    {"91 Days", "91 days", 0, 0, 0, PARTS_NO_TYPE},
    {"86", "86", 0, 0, 0, PARTS_NO_TYPE},
    {"2", "2", 0, 0, 0, PARTS_NO_TYPE},
    {"2001", "2001", 0, 0, 0, PARTS_NO_TYPE},
    {"Movie", "movie", 0, 0, 0, PARTS_NO_TYPE},
    {"Season 2", "season", 2, 0, 0, PARTS_NO_TYPE},
    {"Hunter x Hunter", "hunter x hunter", 0, 0, 0, PARTS_NO_TYPE},
    {"Gundam V", "gundam v", 0, 0, 0, PARTS_NO_TYPE},
    {"Bubblegum Crisis 2100", "bubblegum crisis 2100", 0, 0, 0, PARTS_NO_TYPE},
    {"", "", 0, 0, 0, PARTS_NO_TYPE},
};

/* Read a title whose subtitle, if any, begins behind a colon.  *folded is the memory of the words. */
static void read_title(const char *title, struct parts *parts, char **folded)
{
	const char *colon = strchr(title, ':');
	size_t head = colon != NULL;

	for (const char *at = title; colon && at < colon; at++)
		head += *at == ' ';
	ck_assert_int_eq(fold_text(text_of(title), folded), 0);
	parts_read(text_of(*folded ? *folded : ""), head, parts);
}

START_TEST(titles_are_read)
{
	struct parts parts;
	char *folded, name[256] = "";

	read_title(read[_i].title, &parts, &folded);
	for (size_t w = 0, used = 0; w < parts.n; w++)
		used += (size_t)snprintf(name + used, sizeof name - used, "%s%.*s", w ? " " : "",
					 (int)parts.words[w].length, parts.words[w].bytes);
	ck_assert_str_eq(name, read[_i].name);
	ck_assert_int_eq(parts.season, read[_i].season);
	ck_assert_int_eq(parts.part, read[_i].part);
	ck_assert_int_eq(parts.year, read[_i].year);
	ck_assert_int_eq(parts.type, read[_i].type);
	free(folded);
}
END_TEST

static const struct {
	const char *a, *b;
	bool same;
} names[] = {
    {"The Matrix", "Matrix, The", true},
    {"The Matrix", "Matrix, The (1999)", true},
    {"A Silent Voice", "Silent Voice", true},
    {"Les Miserables Cosette", "Miserables Cosette, Les", true},
    {"Ushio & Tora", "Ushio and Tora", true},
    {"Shoujo Kakumei Utena", "Shojo Kakumei Utena", true},
    {"Azumanga Daioh", "Azumanga Daiou", true},
    {"Steins;Gate", "SteinsGate", true},
    {"Birdy Decode:02", "Birdy Decode 2 (TV)", true},
    {"Hunter x Hunter", "Hunter Hunter", false},
    {"Mob Psycho 100", "Mob Psycho 10", false},
    {"The", "A", false},
};

START_TEST(names_have_keys)
{
	struct text_buffer keys[2] = {{0}, {0}};
	const char *const titles[] = {names[_i].a, names[_i].b};

	for (int t = 0; t < 2; t++) {
		struct parts parts;
		char *folded;
		read_title(titles[t], &parts, &folded);
		ck_assert_int_eq(parts_key(&parts, &keys[t]), 0);
		ck_assert_uint_gt(keys[t].length, 0);
		free(folded);
	}
	ck_assert_msg((strcmp(keys[0].bytes, keys[1].bytes) == 0) == names[_i].same, "%s, %s", keys[0].bytes,
		      keys[1].bytes);
	free(keys[0].bytes);
	free(keys[1].bytes);
}
END_TEST

START_TEST(many_words)
{
	struct parts parts;
	char text[4096] = "a";

	for (int w = 0; w < 1000; w++)
		strcat(text, " a");
	strcat(text, " 2");
	parts_read(text_of(text), 0, &parts);
	ck_assert_uint_eq(parts.n, PARTS_WORDS);
	ck_assert_int_eq(parts.season, 0);
}
END_TEST

static const struct {
	const char *typed, *title;
	int how; /* 2: by first letters; 1: less well; 0: not at all */
} abbreviations[] = {
    {"nge", "neon genesis evangelion", 2},
    {"hxh", "hunter x hunter", 2},
    {"ssy", "shin sekai yori", 2},
    {"kny", "kimetsu no yaiba", 2},
    {"ky", "kimetsu no yaiba", 1},
    {"fmab", "fullmetal alchemist brotherhood", 1},
    {"jjk", "jujutsu kaisen", 1},
    {"nge", "neon genesis", 1},
    {"ng", "neon genesis evangelion", 0},
    {"naruto", "naruto", 0},
    {"fzab", "fullmetal alchemist brotherhood", 0},
};

static void note(void *ctx, uint32_t text)
{
	*(bool *)ctx |= text == 7;
}

START_TEST(texts_are_abbreviated)
{
	const struct text typed = text_of(abbreviations[_i].typed), title = text_of(abbreviations[_i].title);
	const float match = initials_match(typed, title);
	struct initials index = {0};
	bool found = false;

	ck_assert_int_eq(match >= 1 ? 2 : match > 0 ? 1 : 0, abbreviations[_i].how);
	ck_assert_int_eq(initials_add(&index, 6, text_of("some other title")), 0);
	ck_assert_int_eq(initials_add(&index, 7, title), 0);
	initials_sort(&index);
	initials_each(&index, typed, note, &found);
	ck_assert(found || abbreviations[_i].how == 0);
	initials_free(&index);
	ck_assert(initials_may_be(typed));
}
END_TEST

START_TEST(what_is_no_abbreviation)
{
	static const char *const texts[] = {"", "a", "abcdefg", "a b", "a1", "\xe9\x8a\x80"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert(!initials_may_be(text_of(texts[i])));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parts");
	TCase *tc = tcase_create("parts");

	tcase_add_loop_test(tc, titles_are_read, 0, (int)(sizeof read / sizeof *read));
	tcase_add_loop_test(tc, names_have_keys, 0, (int)(sizeof names / sizeof *names));
	tcase_add_test(tc, many_words);
	tcase_add_loop_test(tc, texts_are_abbreviated, 0, (int)(sizeof abbreviations / sizeof *abbreviations));
	tcase_add_test(tc, what_is_no_abbreviation);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

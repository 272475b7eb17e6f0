/* Tests that a show is found for sure only where what was typed says enough. */
#include "config.h"

#include <stdlib.h>

#include "base/columns.h"
#include "scratch.h"
#include "titles/franchise.h"
#include "titles/lookup.h"

/* A made-up catalogue, in which many more shows have common words. */
static const struct show {
	const char *title, *others;
	int year;
	int64_t ratings;
} shows[] = {
    {"Hyou", "", 2012, 900},
    {"Kara Sekai", "Starting Life in a Hyou World 2nd Season", 2020, 800},
    {"Sora", "", 2005, 700},
    {"Saru On Sora 2nd", "", 2006, 2},
    {"Mimi", "Ai", 2007, 300},
    {"Mimi Season 2", "Ai", 2008, 200},
    {"Horai", "", 1990, 1},
    {"Kyoukai no Horai", "", 2011, 400},
    {"Kyoukai no Horai 2", "", 2012, 300},
    {"Seventh Sun", "", 2002, 900},
    {"Seventh Sun Destiny", "", 2004, 800},
    {"Final Plus", "Seventh Sun Destiny 2", 2005, 3},
    {"Half \xc2\xbd", "Half1/2", 1989, 300},
    {"Tonari no Totto", "", 1988, 900},
    {"Totto Bus", "", 2002, 5},
    {"Kono Subarashii Uta", "", 2016, 700},
    {"Kono Subarashii Uta 2", "", 2017, 600},
    {"Onigiri", "Ogre Hunter", 2016, 1},
    {"Kimi no Yaiba", "Ogre Hunter: Kimi no Yaiba", 2019, 800},
    /* words that say little */
    {"Dai Ikkai", "The Life of an Office in Spring", 2019, 90},
    {"Rakuda Kishi", "The Worst One|Two", 2015, 900},
    {"A-Nyoko", "", 1993, 2},
    {"001", "", 2013, 2},
    {"Zombie desu ka", "Is This a Zombie?", 2011, 500},
    {"X", "", 2001, 100},
    {"Special B", "S", 2008, 100},
    /* abbreviations and beginnings */
    {"Egao no Orchestra!", "", 2017, 1},
    {"Neon Evangel", "Evangel", 1995, 900},
    {"Petit Eva", "", 2007, 50},
    {"Juju Kaisen", "", 2020, 900},
    {"Jukujo no Karate", "", 2008, 2},
    {"Tokyo Ghoul", "", 2014, 900},
    /* names of a franchise */
    {"Gate of Stein", "", 2011, 900},
    {"Gate of Stein Zero", "\xe3\x82\xb2\xe3\x83\xbc\xe3\x83\x88 \xe3\x82\xbc\xe3\x83\xad", 2018, 200},
    {"Gate of Stein Movie", "\xe5\x8a\x87\xe5\xa0\xb4\xe7\x89\x88 \xe3\x82\xb7\xe3\x83\xa5\xe3\x82\xbf \xe8\xb2\xa0",
     2013, 200},
    {"Astro Boy", "", 0, 50},
    {"Bebop Cowboys", "", 1998, 900},
    {"Tengoku no Tobira", "Bebop Cowboys: The Movie", 2001, 300},
    {"Spirited Away", "", 2001, 900},
    {"Ghost Shell", "", 1995, 900}, /* of one episode */
    {"Kidou Shin", "Ghost Shell Movie", 2015, 50},
};
enum { N = sizeof shows / sizeof *shows, COMMON = 300, ALL = N + COMMON, ROOM = 8 };

static struct text_column names, others;
static int64_t ids[ALL], counts[ALL];
static int32_t years[ALL], episodes[ALL];
static struct catalogue catalogue;
static uint32_t *franchises;
static struct lookup *lookup;
static struct lookup_hit hits[ROOM];
static size_t n;
static enum lookup_way way;

static void add(int i, const char *title, const char *other, int year, int64_t ratings)
{
	ck_assert_int_eq(text_column_add(&names, title, strlen(title)), 0);
	ck_assert_int_eq(text_column_add(&others, other, strlen(other)), 0);
	ids[i] = 100 + i;
	years[i] = year;
	counts[i] = ratings;
	episodes[i] = strcmp(title, "Ghost Shell") == 0 ? 1 : 12;
}

static void setup(void)
{
	struct animed_error err;
	char title[64];

	for (int i = 0; i < N; i++)
		add(i, shows[i].title, shows[i].others, shows[i].year, shows[i].ratings);
	for (int i = 0; i < COMMON; i++) {
		(void)snprintf(title, sizeof title, "The Girl is no Love of this %c%cq Two", 'a' + i % 26,
			       'a' + i / 26);
		add(N + i, title, "", 1990, 20);
	}
	catalogue = (struct catalogue){.n = ALL,
				       .ids = ids,
				       .counts = counts,
				       .years = years,
				       .episodes = episodes,
				       .titles = text_column_view(&names),
				       .alt_titles = text_column_view(&others),
				       .types = {0}};
	ck_assert_int_eq(lookup_open(&catalogue, &lookup, &err), 0);
	ck_assert_int_eq(franchise_find(&catalogue, NULL, &franchises, NULL, &err), 0);
	lookup_set_franchises(lookup, franchises);
}

static void teardown(void)
{
	lookup_close(lookup);
	free(franchises);
	text_column_free(&names);
	text_column_free(&others);
}

static const struct {
	const char *typed;
	enum lookup_outcome outcome;
	const char *first; /* NULL: any */
	enum lookup_way way;
} typed[] = {
    /* a season that the show of this very name does not have */
    {"Hyou 2", LOOKUP_NO_SEASON, "Hyou", LOOKUP_FUZZY},
    {"Sora 2", LOOKUP_NO_SEASON, "Sora", LOOKUP_FUZZY},
    {"Ai 2", LOOKUP_NO_SEASON, "Mimi", LOOKUP_FUZZY}, /* both are called so, and neither season is one of the other */
    {"Half 2", LOOKUP_NO_SEASON, "Half \xc2\xbd", LOOKUP_FUZZY},
    {"Horai 2", LOOKUP_FOUND, "Kyoukai no Horai 2", LOOKUP_WORDS}, /* of this very name is a hardly known one alone */
    {"totto 2", LOOKUP_NO_SEASON, "Tonari no Totto", LOOKUP_FUZZY},
    {"ksu 3", LOOKUP_NO_SEASON, "Kono Subarashii Uta", LOOKUP_FUZZY},
    {"Ogre Hunter 2", LOOKUP_NO_SEASON, NULL, LOOKUP_FUZZY},
    {"Ogre 2", LOOKUP_NO_SEASON, "Kimi no Yaiba", LOOKUP_FUZZY},
    /* words that say little */
    {"The Office", LOOKUP_UNKNOWN, "Dai Ikkai", LOOKUP_WORDS},
    {"The Nyoko", LOOKUP_FOUND, "A-Nyoko", LOOKUP_FUZZY}, /* another article */
    {"is this", LOOKUP_AMBIGUOUS, NULL, LOOKUP_WORDS},
    {"no", LOOKUP_AMBIGUOUS, NULL, LOOKUP_WORDS},
    {"the", LOOKUP_AMBIGUOUS, NULL, LOOKUP_WORDS},
    {"Two", LOOKUP_AMBIGUOUS, NULL, LOOKUP_WORDS},
    {"girl love", LOOKUP_AMBIGUOUS, NULL, LOOKUP_WORDS},
    {"1", LOOKUP_AMBIGUOUS, NULL, LOOKUP_FOLDED},
    {"S", LOOKUP_FOUND, "Special B", LOOKUP_ALTERNATIVE}, /* no other show has the word */
    {"x", LOOKUP_FOUND, "X", LOOKUP_FOLDED},              /* its title is no more */
    {"x 2001", LOOKUP_FOUND, "X", LOOKUP_FOLDED},
    {"office", LOOKUP_FOUND, "Dai Ikkai", LOOKUP_WORDS},
    /* abbreviations and beginnings */
    {"EnO", LOOKUP_UNKNOWN, "Egao no Orchestra!", LOOKUP_INITIALS},
    {"jk", LOOKUP_FOUND, "Juju Kaisen", LOOKUP_INITIALS}, /* the other one is hardly known */
    {"tgl", LOOKUP_UNKNOWN, "Tokyo Ghoul", LOOKUP_INITIALS},
    {"tg", LOOKUP_FOUND, "Tokyo Ghoul", LOOKUP_INITIALS},
    {"eva", LOOKUP_AMBIGUOUS, "Neon Evangel", LOOKUP_WORDS},
    /* names of a franchise that only a part of it has */
    {"\xe3\x82\xb2\xe3\x83\xbc\xe3\x83\x88", LOOKUP_AMBIGUOUS, "Gate of Stein", LOOKUP_WORDS},
    {"\xe3\x82\xb7\xe3\x83\xa5\xe3\x82\xbf", LOOKUP_AMBIGUOUS, "Gate of Stein", LOOKUP_WORDS},
    {"Gate of Stein Zero", LOOKUP_FOUND, "Gate of Stein Zero", LOOKUP_EXACT},
    /* the best known film of the name, whatever its type, which the catalogue does not tell */
    {"Ghost Shell movie", LOOKUP_FOUND, "Ghost Shell", LOOKUP_FOLDED},
    {"Kidou Shin movie", LOOKUP_FOUND, "Kidou Shin", LOOKUP_FOLDED},
    /* names of files */
    {"[Some-Subs] Spirited Away - 01 [1080p].mkv", LOOKUP_FOUND, "Spirited Away", LOOKUP_FOLDED},
    {"Spirited Away S1E5", LOOKUP_FOUND, "Spirited Away", LOOKUP_FOLDED},
    {"spirited away 720p", LOOKUP_FOUND, "Spirited Away", LOOKUP_FOLDED},
    {"Mimi.S02E05.The.Return.1080p.x265.mkv", LOOKUP_FOUND, "Mimi Season 2", LOOKUP_FOLDED},
    {"Hyou_ep_12v2_(BD_1080p).mp4", LOOKUP_FOUND, "Hyou", LOOKUP_FOLDED},
    {"[1080p].mkv", LOOKUP_UNKNOWN, NULL, LOOKUP_FUZZY},
    {"xyzzy plugh", LOOKUP_UNKNOWN, NULL, LOOKUP_FUZZY},
    /* guesses */
    {"Astro Boy 1999", LOOKUP_FOUND, "Astro Boy", LOOKUP_FUZZY},
    {"Bebob Cowboys movie", LOOKUP_FOUND, "Tengoku no Tobira", LOOKUP_FUZZY},
    {"Spirited awy", LOOKUP_FOUND, "Spirited Away", LOOKUP_FUZZY},
};

START_TEST(says_how_sure_it_is)
{
	n = ROOM;
	const enum lookup_outcome outcome = lookup_resolve(lookup, text_of(typed[_i].typed), hits, &n, &way);
	const char *first = n == 0 ? "nothing" : hits[0].item < N ? shows[hits[0].item].title : "a common one";

	ck_assert_msg(outcome == typed[_i].outcome && (!typed[_i].first || strcmp(first, typed[_i].first) == 0) &&
			  (outcome != LOOKUP_FOUND || way == typed[_i].way),
		      "%s: %d, %s, %s", typed[_i].typed, (int)outcome, first, lookup_way_name(way));
}
END_TEST

/* Of whole titles alone nothing is listed that is not one of them. */
START_TEST(titles_alone_are_sure)
{
	n = ROOM;
	if (lookup_title(lookup, text_of(typed[_i].typed), hits, &n, &way) == LOOKUP_UNKNOWN)
		ck_assert_msg(n == 0, "%s", typed[_i].typed);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sure");
	TCase *tc = tcase_create("sure");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, says_how_sure_it_is, 0, (int)(sizeof typed / sizeof *typed));
	tcase_add_loop_test(tc, titles_alone_are_sure, 0, (int)(sizeof typed / sizeof *typed));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

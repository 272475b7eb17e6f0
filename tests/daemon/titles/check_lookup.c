/* Tests finding the item that a person means by a text. */
#include "config.h"

#include <csv.h>
#include <unistd.h>

#include "base/columns.h"
#include "scratch.h"
#include "titles/casefold.h"
#include "titles/lookup.h"

static const char *const titles[] = {"Berserk",
				     "Berserk: Ougon Jidai-hen",
				     "Made in Abyss",
				     "Made in Abyss Movie 1",
				     "Gintama",
				     "Gintama'",
				     "Gintama\xc2\xb0",
				     "Caf\xc3\xa9 Lumi\xc3\xa8re",
				     "Twin",
				     "Twin",
				     "\xe3\x82\xac\xe3\x83\x83\xe3\x83\x81\xe3\x83\xa3",
				     "\xe2\x98\x86",
				     "Shingeki no Kyojin",
				     "86",
				     ""};
enum { N = sizeof titles / sizeof *titles, ROOM = 8 };

static struct text_column names, others;
static int64_t ids[N], counts[N];
static struct catalogue catalogue;
static struct lookup *lookup;
static struct lookup_hit hits[ROOM];
static size_t n;
static enum lookup_way way;
static struct animed_error err;

static void setup(void)
{
	for (int i = 0; i < N; i++) {
		const char *other = strcmp(titles[i], "Shingeki no Kyojin") == 0 ? "Attack on Titan|AoT" : "";
		ck_assert_int_eq(text_column_add(&names, titles[i], strlen(titles[i])), 0);
		ck_assert_int_eq(text_column_add(&others, other, strlen(other)), 0);
		ids[i] = 100 + i;
		counts[i] = i;
	}
	catalogue = (struct catalogue){.n = N,
				       .ids = ids,
				       .counts = counts,
				       .titles = text_column_view(&names),
				       .alt_titles = text_column_view(&others)};
	ck_assert_int_eq(lookup_open(&catalogue, &lookup, &err), 0);
}

static void teardown(void)
{
	lookup_close(lookup);
	text_column_free(&names);
	text_column_free(&others);
}

static enum lookup_outcome resolve(const char *text)
{
	n = ROOM;
	return lookup_resolve(lookup, text_of(text), hits, &n, &way);
}

static const struct {
	const char *typed, *found;
	enum lookup_way way;
} finds[] = {
    {"Berserk", "Berserk", LOOKUP_EXACT},
    {"berserk", "Berserk", LOOKUP_FOLDED},
    {"Beserk", "Berserk", LOOKUP_FUZZY},
    {"brserk", "Berserk", LOOKUP_FUZZY},
    {"MADE  in abyss!", "Made in Abyss", LOOKUP_FOLDED},
    {"Made in Abys", "Made in Abyss", LOOKUP_PREFIX},
    {"Made in Abbys", "Made in Abyss", LOOKUP_FUZZY},
    {"Gintama", "Gintama", LOOKUP_EXACT},
    {"Gintama'", "Gintama'", LOOKUP_EXACT},
    {"Gintama\xc2\xb0", "Gintama\xc2\xb0", LOOKUP_EXACT},
    {"cafe lumiere", "Caf\xc3\xa9 Lumi\xc3\xa8re", LOOKUP_FOLDED},
    {"CAFE\xcc\x81 LUMIERE", "Caf\xc3\xa9 Lumi\xc3\xa8re", LOOKUP_FOLDED},
    {"attack on titan", "Shingeki no Kyojin", LOOKUP_ALTERNATIVE},
    {"shingeki", "Shingeki no Kyojin", LOOKUP_PREFIX},
    {"86", "86", LOOKUP_EXACT},
    {"\xe2\x98\x86", "\xe2\x98\x86", LOOKUP_EXACT},
    {"\xef\xbd\xb6\xef\xbe\x9e\xef\xbd\xaf\xef\xbe\x81\xef\xbd\xac", "\xe3\x82\xac\xe3\x83\x83\xe3\x83\x81\xe3\x83\xa3",
     LOOKUP_FOLDED}, /* half-width */
};

START_TEST(finds_what_is_meant)
{
	ck_assert_msg(resolve(finds[_i].typed) == LOOKUP_FOUND, "%s", finds[_i].typed);
	ck_assert_str_eq(titles[hits[0].item], finds[_i].found);
	ck_assert_str_eq(lookup_way_name(way), lookup_way_name(finds[_i].way));
	ck_assert_uint_eq(n, 1);
}
END_TEST

START_TEST(equally_good_is_ambiguous)
{
	ck_assert(resolve("Twin") == LOOKUP_AMBIGUOUS);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(hits[0].item, 9); /* more ratings first */
	ck_assert_int_eq(hits[1].item, 8);
	ck_assert(resolve("gintama") == LOOKUP_AMBIGUOUS);
	ck_assert_uint_eq(n, 3);
}
END_TEST

static const char *const unknown[] = {"", "   ", "xyzzy plugh", "\xff\xfe", "?"};

START_TEST(unknown_is_unknown)
{
	ck_assert(resolve(unknown[_i]) == LOOKUP_UNKNOWN);
}
END_TEST

START_TEST(very_long_text)
{
	static char text[100000];

	memset(text, 'a', sizeof text);
	n = ROOM;
	ck_assert(lookup_resolve(lookup, (struct text){text, sizeof text}, hits, &n, &way) == LOOKUP_UNKNOWN);
	ck_assert_uint_eq(n, 0);
	n = ROOM;
	ck_assert(lookup_resolve(lookup, (struct text){text, 1000}, hits, &n, &way) == LOOKUP_UNKNOWN);
}
END_TEST

static size_t search(const char *text, size_t limit)
{
	n = limit;
	ck_assert_int_eq(lookup_search(lookup, text_of(text), NULL, hits, &n, &way), 0);
	return n;
}

START_TEST(search_puts_words_before_likeness)
{
	ck_assert_uint_ge(search("abyss", ROOM), 2);
	ck_assert_str_eq(titles[hits[0].item], "Made in Abyss Movie 1"); /* the same score, and more ratings */
	ck_assert_str_eq(titles[hits[1].item], "Made in Abyss");
	ck_assert_uint_eq(search("gintama", 2), 2);
	ck_assert_float_eq(hits[0].score, 1);
	ck_assert_uint_ge(search("made abyss", ROOM), 2);
	ck_assert_uint_eq(search("", ROOM), 0);
	ck_assert_uint_eq(search("qqqqqq", ROOM), 0);
}
END_TEST

/* lookup_title() finds exact, folded and alternative titles as lookup_resolve() does, and nothing else. */
START_TEST(titles_are_told_apart)
{
	const char *const typed = finds[_i].typed;
	const bool title =
	    finds[_i].way == LOOKUP_EXACT || finds[_i].way == LOOKUP_FOLDED || finds[_i].way == LOOKUP_ALTERNATIVE;

	n = ROOM;
	ck_assert(lookup_title(lookup, text_of(typed), hits, &n, &way) == (title ? LOOKUP_FOUND : LOOKUP_UNKNOWN));
	ck_assert_uint_eq(n, title);
	if (title) {
		ck_assert_str_eq(titles[hits[0].item], finds[_i].found);
		ck_assert_int_eq(way, finds[_i].way);
	}
}
END_TEST

START_TEST(folding)
{
	static const struct {
		const char *text, *folded;
	} pairs[] = {
	    {"  Foo--BAR!! ", "foo bar"},
	    {"Stra\xc3\x9f"
	     "e",
	     "strasse"},
	    {"\xef\xbc\xa1\xef\xbc\xa2", "ab"},
	    {"\xe3\x82\xac", "\xe3\x82\xac"},
	    {"\xce\x86\xce\xb1", "\xce\xb1\xce\xb1"},
	    {"", ""},
	};
	char *folded;

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		ck_assert_int_eq(fold_text(text_of(pairs[i].text), &folded), 0);
		ck_assert_str_eq(folded, pairs[i].folded);
		free(folded);
	}
	ck_assert_int_eq(fold_text(text_of("\xff"), &folded), 0);
	ck_assert_ptr_null(folded);
}
END_TEST

/* ---- the titles of MyAnimeList ---- */

struct csv_titles {
	struct text_column names;
	size_t column, rows;
};

static void take_field(void *bytes, size_t length, void *arg)
{
	struct csv_titles *out = arg;
	if (out->column++ == 1 && out->rows > 0)
		ck_assert_int_eq(text_column_add(&out->names, bytes, length), 0);
}

static void take_row(int end, void *arg)
{
	struct csv_titles *out = arg;
	(void)end;
	out->column = 0;
	out->rows++;
}

START_TEST(misspelt_titles_among_all_there_are)
{
	static const char *const typed[][2] = {
	    {"Cowboy Beebop", "Cowboy Bebop"},
	    {"Stiens;Gate", "Steins;Gate"},
	    {"Fullmetal Alchemist Brotherhod", "Fullmetal Alchemist: Brotherhood"},
	    {"Made in Abbys", "Made in Abyss"},
	    {"Serial Experiment Lain", "Serial Experiments Lain"},
	    {"Mushisi", "Mushishi"},
	    {"Haibane Remnei", "Haibane Renmei"},
	    {"Texhnolize", "Texhnolyze"},
	    {"Samuri Champloo", "Samurai Champloo"},
	    {"Clanad", "Clannad"},
	    {"Toradora", "Toradora!"},
	    {"Kimi no Na wa", "Kimi no Na wa."},
	    {"Spirted Away", NULL},
	    {"Mononoke Hime", "Mononoke Hime"},
	    {"Elfen Leid", "Elfen Lied"},
	    {"Darker then Black: Kuro no Keiyakusha", "Darker than Black: Kuro no Keiyakusha"},
	    {"Nodame Cantable", "Nodame Cantabile"},
	    {"Bacano!", "Baccano!"},
	    {"Durarara", "Durarara!!"},
	    {"Hyoka", "Hyouka"},
	};
	FILE *file = fopen(SRCDIR "/../shared/data/mal/animes.csv", "re");
	struct csv_titles out = {0};
	struct csv_parser parser;
	static char buffer[1 << 16];
	size_t got, right = 0;

	if (!file)
		SKIP("there is no catalogue at ../shared/data/mal");
	ck_assert_int_eq(csv_init(&parser, 0), 0);
	while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
		ck_assert_uint_eq(csv_parse(&parser, buffer, got, take_field, take_row, &out), got);
	(void)csv_fini(&parser, take_field, take_row, &out);
	csv_free(&parser);
	(void)fclose(file);
	const uint32_t count = (uint32_t)out.names.n;
	int64_t *all_ids = calloc(count, sizeof *all_ids);
	for (uint32_t i = 0; i < count; i++)
		all_ids[i] = i;
	const struct catalogue all = {.n = count, .ids = all_ids, .titles = text_column_view(&out.names)};
	struct lookup *big;
	ck_assert_int_eq(lookup_open(&all, &big, &err), 0);
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		size_t found = ROOM;
		enum lookup_outcome outcome = lookup_resolve(big, text_of(typed[i][0]), hits, &found, &way);
		if (!typed[i][1]) {
			/* an English title that the catalogue does not have must not be taken for another show */
			ck_assert(outcome != LOOKUP_FOUND);
			continue;
		}
		ck_assert_msg(outcome != LOOKUP_UNKNOWN && found > 0, "%s", typed[i][0]);
		const struct text title = strings_at(&all.titles, hits[0].item);
		const bool same =
		    title.length == strlen(typed[i][1]) && memcmp(title.bytes, typed[i][1], title.length) == 0;
		if (outcome == LOOKUP_FOUND)
			ck_assert_msg(same, "%s: %.*s", typed[i][0], (int)title.length, title.bytes);
		right += outcome == LOOKUP_FOUND;
	}
	printf("%zu of 19 misspelt titles found at once, the others as one of several\n", right);
	ck_assert_uint_ge(right, 14);
	lookup_close(big);
	free(all_ids);
	text_column_free(&out.names);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lookup");
	TCase *tc = tcase_create("lookup");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, finds_what_is_meant, 0, (int)(sizeof finds / sizeof *finds));
	tcase_add_loop_test(tc, titles_are_told_apart, 0, (int)(sizeof finds / sizeof *finds));
	tcase_add_test(tc, equally_good_is_ambiguous);
	tcase_add_loop_test(tc, unknown_is_unknown, 0, (int)(sizeof unknown / sizeof *unknown));
	tcase_add_test(tc, very_long_text);
	tcase_add_test(tc, search_puts_words_before_likeness);
	tcase_add_test(tc, folding);
	tcase_add_test(tc, misspelt_titles_among_all_there_are);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

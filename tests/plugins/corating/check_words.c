/* check_words.c - which words a text has, and what genres and words weigh. */
#include "config.h"

#include <math.h>

#include "corating/features.h"
#include "corating/words.h"
#include "scratch.h"

static struct animed_error err;

/* ---- words ---- */

static char found[1024];

static int note(void *ctx, const char *word, size_t length, struct animed_error *error)
{
	(void)ctx;
	(void)error;
	ck_assert_uint_lt(strlen(found) + length + 1, sizeof found);
	strncat(found, word, length);
	strcat(found, "/");
	return 0;
}

static const char *words_of(const char *text)
{
	found[0] = '\0';
	ck_assert_int_eq(words_each(text, strlen(text), note, NULL, &err), 0);
	return found;
}

START_TEST(words_are_runs_of_letters)
{
	ck_assert_str_eq(words_of("The sun, the MOON; the end."), "the/sun/the/moon/the/end/");
	ck_assert_str_eq(words_of("sun"), "sun/");
	ck_assert_str_eq(words_of("Edward's x I am"), "edward/am/");
	ck_assert_str_eq(words_of("snake_case 2nd 3D abc123def 1999"), "snake/case/nd/abc/def/");
	ck_assert_str_eq(words_of("a b c"), "");
	ck_assert_str_eq(words_of(""), "");
	ck_assert_str_eq(words_of("line\nbreak\tand\"quotes\""), "line/break/and/quotes/");
}
END_TEST

START_TEST(letters_are_those_of_unicode)
{
	ck_assert_str_eq(words_of("Émile CAFÉ\u2014Straße"), "émile/café/strasse/");
	ck_assert_str_eq(words_of("Мастер и Маргарита"), "мастер/маргарита/");
	ck_assert_str_eq(words_of("進撃の巨人、第\u0662"), "進撃の巨人/");
	/* a letter and its accent are as the letter with its accent; an accent alone is no letter */
	ck_assert_str_eq(words_of("cafe\u0301 e\u0301"), "café/");
	ck_assert_str_eq(words_of("\u0301ab"), "ab/");
}
END_TEST

START_TEST(what_is_not_utf8_ends_a_word)
{
	ck_assert_str_eq(words_of("abc\xff"
				  "def\xc3"),
			 "abc/def/");
	ck_assert_str_eq(words_of("gh\xe2\x80"
				  "ij"),
			 "gh/ij/");
}
END_TEST

START_TEST(long_words_are_words)
{
	char text[301], folded[302];

	memset(text, 'Q', 300);
	memset(folded, 'q', 300);
	text[300] = '\0';
	strcpy(folded + 300, "/");
	ck_assert_str_eq(words_of(text), folded);
}
END_TEST

static int refuse(void *ctx, const char *word, size_t length, struct animed_error *error)
{
	int *calls = ctx;

	(void)word;
	(void)length;
	++*calls;
	return animed_fail(error, "enough");
}

START_TEST(a_failure_ends_it)
{
	int calls = 0;

	ck_assert_int_eq(words_each("one two", 7, refuse, &calls, &err), -1);
	ck_assert_str_eq(err.text, "enough");
	ck_assert_int_eq(calls, 1);
}
END_TEST

/* ---- weights ---- */

enum { TEXTS = 30 };

/* Strings in one piece, of at most TEXTS texts. */
struct texts {
	char bytes[4096];
	uint64_t offsets[TEXTS + 1];
};

static struct animed_strings join(struct texts *texts, const char *const *list, size_t n)
{
	texts->offsets[0] = 0;
	for (size_t i = 0; i < n; i++) {
		const size_t length = list[i] ? strlen(list[i]) : 0;
		if (length)
			memcpy(texts->bytes + texts->offsets[i], list[i], length);
		texts->offsets[i + 1] = texts->offsets[i] + length;
	}
	return (struct animed_strings){texts->bytes, texts->offsets};
}

/* The value of a name in a row, 0 where it is not in it. */
static double value_of(const struct features *features, uint32_t row, const char *name)
{
	for (uint64_t at = features->offsets[row]; at < features->offsets[row + 1]; at++) {
		const uint64_t start = features->name_offsets[features->columns[at]];
		const uint64_t length = features->name_offsets[features->columns[at] + 1] - start;
		if (at > features->offsets[row])
			ck_assert_uint_gt(features->columns[at], features->columns[at - 1]);
		if (length == strlen(name) && memcmp(features->bytes + start, name, length) == 0)
			return (double)features->values[at];
	}
	return 0;
}

START_TEST(words_of_one_synopsis_or_of_many_are_left_out)
{
	static const char *list[TEXTS] = {"dragon dragon Knight castle once", "knight castle castle castle",
					  "DRAGON castle", "castle alone"};
	struct texts texts;
	struct features features;
	const struct animed_strings synopses = join(&texts, list, TEXTS);

	ck_assert_int_eq(features_words(&features, &synopses, TEXTS, 4, &err), 0);
	ck_assert_uint_eq(features.rows, TEXTS);
	ck_assert_uint_eq(features.n_names, 2); /* castle is in 4 of 30, more than a tenth; once and alone in one */
	const double idf = log(31 / 3.0) + 1, twice = (1 + log(2)) * idf, length = sqrt(twice * twice + idf * idf);
	ck_assert_double_eq_tol(value_of(&features, 0, "dragon"), 2 * twice / length, 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 0, "knight"), 2 * idf / length, 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 1, "knight"), 2, 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 2, "dragon"), 2, 1e-6);
	ck_assert_uint_eq(features.offsets[3], features.offsets[TEXTS]);
	features_free(&features);
}
END_TEST

START_TEST(genres_weigh_by_how_rare_they_are)
{
	static const char *list[] = {"Action|Sci-Fi", "Action", "Action|Action|Drama|", "", "|Drama", "Everything"};
	struct texts texts;
	struct features features;
	const struct animed_items items = {.n = 6, .genres = join(&texts, list, 6)};

	ck_assert_int_eq(features_genres(&features, &items, &err), 0);
	ck_assert_uint_eq(features.n_names, 4);
	const double action = sqrt(log(6 / 4.0)), rare = sqrt(log(6 / 2.0)), drama = sqrt(log(6 / 3.0));
	ck_assert_double_eq_tol(value_of(&features, 0, "Action"), action / hypot(action, rare), 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 0, "Sci-Fi"), rare / hypot(action, rare), 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 1, "Action"), 1, 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 2, "Drama"), drama / hypot(action, drama), 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 4, "Drama"), 1, 1e-6);
	ck_assert_uint_eq(features.offsets[3], features.offsets[4]);
	features_free(&features);
}
END_TEST

/* A genre of all items would have the weight 0, and one of all but one a weight of 0 as well. */
START_TEST(genres_of_all_items_are_left_out)
{
	static const char *list[] = {"Anime|Series", "Anime|Series", "Anime|Series|Drama", "Anime"};
	struct texts texts;
	struct features features;
	const struct animed_items items = {.n = 4, .genres = join(&texts, list, 4)};

	ck_assert_int_eq(features_genres(&features, &items, &err), 0);
	ck_assert_uint_eq(features.n_names, 1);
	ck_assert_double_eq_tol(value_of(&features, 2, "Drama"), 1, 1e-6);
	features_free(&features);
}
END_TEST

/* A tag that is a genre too counts once, and brings items together that have it as one or the other. */
START_TEST(tags_count_as_genres)
{
	static const char *genre_lists[] = {"Drama", "", "Music", "", "Music"},
			  *tag_lists[] = {"drama|robots", "DRAMA", "", "robots", "songs"};
	struct texts genres, tags;
	struct features features;
	const struct animed_items items = {
	    .n = 5, .genres = join(&genres, genre_lists, 5), .tags = join(&tags, tag_lists, 5)};
	const double two = sqrt(log(5 / 3.0)), one = sqrt(log(5 / 2.0));

	ck_assert_int_eq(features_genres(&features, &items, &err), 0);
	ck_assert_uint_eq(features.n_names, 4);
	ck_assert_double_eq_tol(value_of(&features, 0, "Drama"), sqrt(0.5), 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 0, "robots"), sqrt(0.5), 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 1, "Drama"), 1, 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 3, "robots"), 1, 1e-6);
	ck_assert_double_eq_tol(value_of(&features, 4, "songs"), one / hypot(one, two), 1e-6);
	features_free(&features);
}
END_TEST

START_TEST(no_column_is_no_rows)
{
	const struct animed_strings none = {0};
	struct features features;

	for (uint32_t n = 0; n < 3; n++) {
		const struct animed_items items = {.n = n};
		ck_assert_int_eq(features_genres(&features, &items, &err), 0);
		ck_assert_uint_eq(features.offsets[n], 0);
		features_free(&features);
		ck_assert_int_eq(features_words(&features, &none, n, 3, &err), 0);
		ck_assert_uint_eq(features.offsets[n], 0);
		ck_assert_uint_eq(features.n_names, 0);
		features_free(&features);
	}
}
END_TEST

/* More names than the table of hashes begins with. */
START_TEST(thousands_of_words_are_kept_apart)
{
	enum { PAIRS = 2000 };
	char *bytes = malloc(PAIRS * 2 * 8 + 1), *end = bytes;
	uint64_t *offsets = calloc(PAIRS * 2 + 1, sizeof *offsets);
	struct features features;

	for (uint32_t i = 0; i < PAIRS * 2; i++) {
		const uint32_t k = i / 2;
		end += sprintf(end, "%c%c%c", (char)('a' + k % 26), (char)('a' + k / 26 % 26), (char)('a' + k / 676));
		offsets[i + 1] = (uint64_t)(end - bytes);
	}
	const struct animed_strings synopses = {bytes, offsets};
	ck_assert_int_eq(features_words(&features, &synopses, PAIRS * 2, 1, &err), 0);
	ck_assert_uint_eq(features.n_names, PAIRS);
	for (uint32_t i = 0; i < PAIRS * 2; i++) {
		ck_assert_uint_eq(features.offsets[i], i);
		ck_assert_uint_eq(features.columns[i], i / 2);
		ck_assert(memcmp(features.bytes + features.name_offsets[i / 2], bytes + offsets[i], 3) == 0);
	}
	features_free(&features);
	free(bytes);
	free(offsets);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("words");
	TCase *tc = tcase_create("words");

	tcase_add_test(tc, words_are_runs_of_letters);
	tcase_add_test(tc, letters_are_those_of_unicode);
	tcase_add_test(tc, what_is_not_utf8_ends_a_word);
	tcase_add_test(tc, long_words_are_words);
	tcase_add_test(tc, a_failure_ends_it);
	tcase_add_test(tc, words_of_one_synopsis_or_of_many_are_left_out);
	tcase_add_test(tc, genres_weigh_by_how_rare_they_are);
	tcase_add_test(tc, genres_of_all_items_are_left_out);
	tcase_add_test(tc, tags_count_as_genres);
	tcase_add_test(tc, no_column_is_no_rows);
	tcase_add_test(tc, thousands_of_words_are_kept_apart);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

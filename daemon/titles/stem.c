/* stem.c - takes the words off a title that tell the parts of a franchise apart.  The lists of words were made by
 * reading the groups that they give in the catalogue of MyAnimeList (16,747 titles), looking for shows in large groups
 * that do not belong there, and for sequels that stand alone. */
#include "config.h"

#include "titles/stem.h"

#include <stdlib.h>
#include <string.h>

#include "titles/casefold.h"

static bool is_word(struct text text, const char *word)
{
	return strlen(word) == text.length && memcmp(text.bytes, word, text.length) == 0;
}

static bool is_one_of(struct text text, const char *const *words)
{
	for (; *words; words++) {
		if (is_word(text, *words))
			return true;
	}
	return false;
}

/* Returns how many digits the text begins with. */
static size_t digits(struct text text)
{
	size_t n = 0;

	while (n < text.length && text.bytes[n] >= '0' && text.bytes[n] <= '9')
		n++;
	return n;
}

static bool is_number(struct text text)
{
	return digits(text) == text.length;
}

/* Whether the word is an ordinal number, such as "2nd", "21st" or "second", or "final". */
static bool is_ordinal(struct text text)
{
	static const char *const names[] = {"first", "second", "third", "fourth", "fifth", "final", NULL};
	static const char *const ends[] = {"st", "nd", "rd", "th", NULL};
	const size_t n = digits(text);

	return is_one_of(text, names) || (n > 0 && is_one_of((struct text){text.bytes + n, text.length - n}, ends));
}

static bool is_roman(struct text text)
{
	static const char *const numerals[] = {"ii",   "iii", "iv", "v",   "vi",   "vii",
					       "viii", "ix",  "xi", "xii", "xiii", NULL};

	return is_one_of(text, numerals);
}

/* Whether the word names a part of a franchise, whatever stands before it. */
static bool is_marker(struct text text)
{
	static const char *const kinds[] = {"movie", "movies", "film",   "gekijouban", "eiga",    "ova",
					    "ovas",  "oad",    "oads",   "ona",        "special", "specials",
					    "tv",    "recap",  "recaps", "soushuuhen", "picture", "drama",
					    "pv",    "pilot",  "the",    NULL};
	const size_t n = digits(text);

	if (is_one_of(text, kinds) || is_roman(text))
		return true;
	if (n == text.length)
		return n <= 2 || (n == 4 && (text.bytes[0] == '1' || text.bytes[0] == '2'));
	if (n > 0)
		return is_ordinal(text);
	/* "s2", "r2": a second season */
	return text.length == 2 && (text.bytes[0] == 's' || text.bytes[0] == 'r') && text.bytes[1] >= '0' &&
	       text.bytes[1] <= '9';
}

/* Returns how many words at the end of the first n name a part of a franchise, such as 3 for "the final season"; 0:
 * none. */
static size_t marker_words(const struct stem *stem, size_t n)
{
	static const char *const counted[] = {"season",  "part", "cour",  "movie",   "series",
					      "chapter", "vol",  "stage", "episode", NULL};
	static const char *const seasons[] = {"season", "series", "part", "cour", NULL};
	static const char *const of_the[] = {"movie", "animation", "final", "ova", "series", NULL};
	const struct text *last = &stem->words[n - 1];

	if (n > 3 && is_word(last[-2], "the") && is_word(last[-1], "final") && is_word(last[0], "season"))
		return 3;
	if (n > 2 && is_one_of(last[-1], counted) && (is_number(last[0]) || is_roman(last[0])))
		return 2;
	if (n > 2 && is_one_of(last[0], seasons) && is_ordinal(last[-1]))
		return 2;
	if (n > 2 && is_word(last[-1], "the") && is_one_of(last[0], of_the))
		return 2;
	return n > 1 && is_marker(last[0]) ? 1 : 0;
}

static void split(struct stem *stem, char *folded)
{
	char *at = folded;

	stem->n = 0;
	while (*at && stem->n < STEM_WORDS) {
		const size_t length = strcspn(at, " ");
		stem->words[stem->n++] = (struct text){at, length};
		at += length + (at[length] == ' ');
	}
}

int stem_of(struct text title, struct stem *stem, char **folded)
{
	static const char *const front[] = {"gekijouban", "eiga", NULL};
	size_t n;

	stem->n = 0;
	if (fold_text(title, folded) < 0)
		return -1;
	if (!*folded)
		return 0;
	split(stem, *folded);
	while (stem->n > 1 && is_one_of(stem->words[0], front))
		memmove(stem->words, stem->words + 1, --stem->n * sizeof *stem->words);
	while (stem->n > 1 && (n = marker_words(stem, stem->n)) > 0)
		stem->n -= n;
	return 0;
}

struct text stem_text(const struct stem *stem, size_t n)
{
	if (n == 0)
		return (struct text){"", 0};
	const struct text last = stem->words[n - 1];
	return (struct text){stem->words[0].bytes, (size_t)(last.bytes + last.length - stem->words[0].bytes)};
}

size_t stem_without_weak(const struct stem *stem)
{
	static const char *const weak[] = {
	    "ni",     "san",         "shi",   "go",    "roku",     "zoku",     "shin",   "shou",    "ketsu",
	    "ten",    "kai",         "x2",    "new",   "next",     "second",   "zero",   "plus",    "x",
	    "r",      "s",           "z",     "final", "ultimate", "gaiden",   "reload", "reverse", "returns",
	    "encore", "alternative", "after", "neo",   "hen",      "kanketsu", NULL};
	size_t n = stem->n;

	while (n > 1 && is_one_of(stem->words[n - 1], weak))
		n--;
	return n;
}

size_t stem_subtitle(struct text title)
{
	static const char *const breaks[] = {": ", " - ", " ~", " (", NULL};
	size_t first = 0;

	for (const char *const *mark = breaks; *mark; mark++) {
		const char *at = memmem(title.bytes, title.length, *mark, strlen(*mark));
		if (at && (first == 0 || (size_t)(at - title.bytes) < first))
			first = (size_t)(at - title.bytes);
	}
	return first;
}

size_t stem_mark(struct text title, size_t from)
{
	static const char *const marks[] = {
	    "!", "?", "'", "\xe2\x80\x99", "\xc2\xb0", "\xe2\x98\x86", "\xe2\x98\x85", "\xe2\x99\xaa", NULL};

	for (size_t i = from + 1; i + 1 < title.length; i++) {
		if (title.bytes[i] != ' ')
			continue;
		for (const char *const *mark = marks; *mark; mark++) {
			const size_t n = strlen(*mark);
			if (i >= n && memcmp(title.bytes + i - n, *mark, n) == 0)
				return i;
		}
	}
	return 0;
}

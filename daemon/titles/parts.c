/* parts.c - takes the words that say season, part, year and type out of a folded title. */
#include "config.h"

#include "titles/parts.h"

/* A bare number up to this one says a season; a larger one is part of the name, as in "Mob Psycho 100". */
#define LAST_SEASON 20

static bool is_word(struct text text, const char *word)
{
	/* most words differ in their first byte, and a catalogue has many to compare */
	return text.length > 0 && *text.bytes == *word && strlen(word) == text.length &&
	       memcmp(text.bytes, word, text.length) == 0;
}

static bool is_one_of(struct text text, const char *const *words)
{
	for (; *words; words++) {
		if (is_word(text, *words))
			return true;
	}
	return false;
}

/* Returns the value of a text of one to four digits, or -1. */
static int number_of(struct text text)
{
	int value = 0;

	if (text.length == 0 || text.length > 4)
		return -1;
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return -1;
		value = value * 10 + (text.bytes[i] - '0');
	}
	return value;
}

/* Returns the value of a Roman numeral from 1 to 20, or -1. */
static int roman_of(struct text text)
{
	static const char *const numerals[] = {"i",  "ii",  "iii",  "iv",  "v",  "vi",  "vii",  "viii",  "ix",  "x",
					       "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx"};

	for (size_t i = 0; text.length <= 5 && i < sizeof numerals / sizeof *numerals; i++) {
		if (is_word(text, numerals[i]))
			return (int)i + 1;
	}
	return -1;
}

/* Returns the place that an ordinal names, such as "2nd", "second" or "final", or -1. */
static int ordinal_of(struct text text)
{
	static const char *const names[] = {"first", "second",  "third",  "fourth", "fifth",
					    "sixth", "seventh", "eighth", "ninth",  "tenth"};
	static const char *const ends[] = {"st", "nd", "rd", "th", NULL};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (is_word(text, names[i]))
			return (int)i + 1;
	}
	if (is_word(text, "final"))
		return PARTS_FINAL;
	if (text.length < 3 || !is_one_of((struct text){text.bytes + text.length - 2, 2}, ends))
		return -1;
	return number_of((struct text){text.bytes, text.length - 2});
}

/* Returns the number that follows "season" or "part": "2", "ii", "two" or "second"; or -1. */
static int count_of(struct text text)
{
	static const char *const names[] = {"one", "two",   "three", "four", "five",
					    "six", "seven", "eight", "nine", "ten"};
	const int number = number_of(text), roman = roman_of(text);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (is_word(text, names[i]))
			return (int)i + 1;
	}
	return number >= 0 ? number : roman >= 0 ? roman : ordinal_of(text);
}

/* Returns the number behind `head` in a word such as "s2" or "season2", or -1. */
static int number_behind(struct text word, const char *head)
{
	const size_t length = strlen(head);

	if (word.length <= length || word.length > length + 2 || memcmp(word.bytes, head, length) != 0)
		return -1;
	return number_of((struct text){word.bytes + length, word.length - length});
}

/* Returns the number in "2\u671f" or "\u7b2c2\u671f", which is Japanese for the second season, or -1. */
static int number_of_ki(struct text word)
{
	static const char first[] = "\xe7\xac\xac", last[] = "\xe6\x9c\x9f";

	if (word.length > 3 && memcmp(word.bytes, first, 3) == 0)
		word = (struct text){word.bytes + 3, word.length - 3};
	if (word.length < 4 || memcmp(word.bytes + word.length - 3, last, 3) != 0)
		return -1;
	return number_of((struct text){word.bytes, word.length - 3});
}

enum parts_type parts_type_of(struct text word)
{
	static const struct {
		const char *word;
		enum parts_type type;
	} types[] = {
	    {"tv", PARTS_TV},
	    {"movie", PARTS_MOVIE},
	    {"movies", PARTS_MOVIE},
	    {"film", PARTS_MOVIE},
	    {"gekijouban", PARTS_MOVIE},
	    {"eiga", PARTS_MOVIE},
	    {"\xe5\x8a\x87\xe5\xa0\xb4\xe7\x89\x88", PARTS_MOVIE}, /* "gekijouban" in Japanese */
	    {"ova", PARTS_OVA},
	    {"ovas", PARTS_OVA},
	    {"oad", PARTS_OVA},
	    {"oads", PARTS_OVA},
	    {"ona", PARTS_ONA},
	    {"onas", PARTS_ONA},
	    {"web", PARTS_ONA},
	    {"special", PARTS_SPECIAL},
	    {"sp", PARTS_SPECIAL},
	    {"specials", PARTS_SPECIAL},
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (is_word(word, types[i].word))
			return types[i].type;
	}
	return PARTS_NO_TYPE;
}

bool parts_is_number(struct text word)
{
	return parts_has_digit(word) || (word.length > 1 && roman_of(word) > 0);
}

bool parts_has_digit(struct text word)
{
	for (size_t i = 0; i < word.length; i++) {
		if (word.bytes[i] >= '0' && word.bytes[i] <= '9')
			return true;
	}
	return false;
}

/* Take `count` words out at `at`.  *head is kept the number of words before the subtitle. */
static void take_out(struct parts *parts, size_t at, size_t count, size_t *head)
{
	memmove(parts->words + at, parts->words + at + count, (parts->n - at - count) * sizeof *parts->words);
	parts->n -= count;
	if (at < *head)
		*head -= *head - at < count ? *head - at : count;
}

/* ---- what is said in words ---- */

/* What stands at a word: `count` words say that the season or the part is `value`.  A count of 0: nothing. */
struct said {
	size_t count;
	int value;
};

static const char *const season_words[] = {"season", "series", "stage",
					   "\xe3\x82\xb7\xe3\x83\xbc\xe3\x82\xba\xe3\x83\xb3", NULL};
static const char *const part_words[] = {"part", "cour", "pt", NULL};

/* Read a season or part at word `at`, in any spelling that has a word for it. */
static struct said read_counted(const struct parts *parts, size_t at, const char *const *words,
				const char *const *heads)
{
	const struct text word = parts->words[at];
	const bool more = at + 1 < parts->n;
	int value = -1;

	for (; *heads && value < 0; heads++)
		value = number_behind(word, *heads);
	if (value >= 0)
		return (struct said){1, value};
	if (more && is_one_of(word, words) && (value = count_of(parts->words[at + 1])) >= 0)
		return (struct said){2, value};
	if (more && is_one_of(parts->words[at + 1], words) && (value = ordinal_of(word)) >= 0)
		return (struct said){2, value};
	return (struct said){0, 0};
}

static struct said read_season(const struct parts *parts, size_t at)
{
	static const char *const heads[] = {"s", "season", "r", NULL};
	const int ki = number_of_ki(parts->words[at]);

	return ki >= 0 ? (struct said){1, ki} : read_counted(parts, at, season_words, heads);
}

static struct said read_part(const struct parts *parts, size_t at)
{
	static const char *const heads[] = {"part", "p", "pt", "cour", NULL};

	return read_counted(parts, at, part_words, heads);
}

/* What a title says in words, and where. */
struct found {
	int season, part; /* -1: nothing */
	size_t part_at;   /* where the part stood */
};

/* Take season and part out, where words say them.  A word such as "part" that is left at the end goes, too. */
static void take_said(struct parts *parts, size_t *head, struct found *found)
{
	for (size_t at = 1; at < parts->n;) {
		struct said said = found->season < 0 ? read_season(parts, at) : (struct said){0, 0};
		if (said.count > 0) {
			found->season = said.value;
		} else if (found->part < 0 && (said = read_part(parts, at)).count > 0) {
			found->part = said.value;
			found->part_at = at;
		} else {
			at++;
			continue;
		}
		const bool the = at > 1 && is_word(parts->words[at - 1], "the");
		take_out(parts, at - the, said.count + the, head);
		at -= the;
	}
	while (found->season >= 0 && parts->n > 1 && is_one_of(parts->words[parts->n - 1], part_words))
		take_out(parts, parts->n - 1, 1, head);
}

/* Take a year off the end. */
static void take_year(struct parts *parts, size_t *head)
{
	const struct text last = parts->words[parts->n - 1];
	const int number = last.length == 4 ? number_of(last) : -1;

	if (parts->n < 2 || number < 1900 || number > 2099)
		return;
	parts->year = number;
	take_out(parts, parts->n - 1, 1, head);
}

/* Returns the number at word `at`: digits or a Roman numeral, or -1. */
static int plain_number(const struct parts *parts, size_t at)
{
	const int number = number_of(parts->words[at]);

	return number >= 0 ? number : roman_of(parts->words[at]);
}

/* Take the last word out that names a type, wherever it stands.  "The" before it goes with it, and so does a number
 * behind it if more follows: in "Movie 2: Bonds" it counts the films, and the words behind it are a better name. */
static void take_type(struct parts *parts, size_t *head)
{
	size_t at = parts->n;

	while (at > 0 && parts_type_of(parts->words[at - 1]) == PARTS_NO_TYPE)
		at--;
	if (at == 0 || parts->n < 2)
		return;
	at--;
	const bool the = at > 0 && is_word(parts->words[at - 1], "the");
	const bool number = at + 3 < parts->n && plain_number(parts, at + 1) >= 0;
	if (parts->n < 2U + the + number)
		return;
	parts->type = parts_type_of(parts->words[at]);
	take_out(parts, at - the, 1U + the + number, head);
}

/* Returns the season that the last of the first `end` words is as a bare number, or -1. */
static int bare_season(const struct parts *parts, size_t end)
{
	static const char *const counted[] = {"movie",   "movies", "film",       "ova",  "ovas",    "oad",
					      "special", "sp",     "episode",    "ep",   "vol",     "volume",
					      "no",      "number", "gekijouban", "eiga", "chapter", NULL};

	if (end < 2 || is_one_of(parts->words[end - 2], counted))
		return -1;
	struct text last = parts->words[end - 1];
	/* a half is folded into two numbers: "Ranma \u00bd" */
	const struct text before = parts->words[end - 2];
	const bool one =
	    before.bytes[before.length - 1] == '1' &&
	    (before.length == 1 || before.bytes[before.length - 2] < '0' || before.bytes[before.length - 2] > '9');
	if (one && is_word(last, "2"))
		return -1;
	if (last.length > 2 && last.length <= 4 && parts_has_digit((struct text){last.bytes, 1}) &&
	    ordinal_of(last) >= 0)
		last.length -= 2;
	const int number = last.length <= 2 ? number_of(last) : -1;
	if (number >= 0)
		return number >= 1 && number <= LAST_SEASON ? number : -1;
	/* a letter alone is more often a name: "Hunter x", "Gundam V" */
	return last.length > 1 ? roman_of(last) : -1;
}

/* Take a bare number or Roman numeral off the end of the title, before its type if that comes last, or off the end of
 * what stands before its subtitle. */
static void take_bare(struct parts *parts, size_t *head, struct found *found)
{
	size_t end = parts->n;
	int value;

	while (end > 1 && parts_type_of(parts->words[end - 1]) != PARTS_NO_TYPE)
		end--;
	value = bare_season(parts, end);
	if (value < 0 && *head > 0 && *head < parts->n) {
		end = *head;
		value = bare_season(parts, end);
	}
	/* in "Lupin III: Part II" the first number is a part of the name */
	if (value < 0 || (found->part >= 0 && end <= found->part_at))
		return;
	found->season = value;
	parts->counted = true;
	take_out(parts, end - 1, 1, head);
}

static void split(struct text folded, struct parts *parts)
{
	for (size_t at = 0; at < folded.length && parts->n < PARTS_WORDS;) {
		const char *from = folded.bytes + at, *end = memchr(from, ' ', folded.length - at);
		const size_t length = end ? (size_t)(end - from) : folded.length - at;
		if (length > 0)
			parts->words[parts->n++] = (struct text){from, length};
		at += length + 1;
	}
}

void parts_read(struct text folded, size_t head, struct parts *parts)
{
	struct found found = {-1, -1, 0};

	*parts = (struct parts){.n = 0};
	split(folded, parts);
	if (parts->n == 0)
		return;
	take_year(parts, &head);
	take_said(parts, &head, &found);
	if (found.season < 0)
		take_bare(parts, &head, &found);
	take_type(parts, &head);
	/* a year before the season or the type: "Immortal Grand Prix (2005) 2" */
	if (parts->year == 0)
		take_year(parts, &head);
	parts->halves = found.season < 0 && found.part > 1;
	parts->season = found.season > 1 ? found.season : parts->halves ? found.part : 0;
	parts->part = found.season >= 0 && found.part > 1 ? found.part : 0;
}

/* ---- keys ---- */

/* Words that are often left out or added. */
static const char *const silent[] = {"the", "a", "an", "and", NULL};

static bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* Add a word, with long vowels short: "shoujo", "shojo" and "shohjo" are one. */
static int add_word(struct text_buffer *key, struct text word)
{
	size_t zeros = 0, from;

	while (zeros + 1 < word.length && word.bytes[zeros] == '0' &&
	       parts_has_digit((struct text){word.bytes + zeros + 1, 1}))
		zeros++;
	from = zeros;
	for (size_t i = zeros + 1; i < word.length; i++) {
		const char c = word.bytes[i], last = word.bytes[i - 1];
		const bool lengthens = (is_vowel(c) && c == last) || (last == 'o' && c == 'u') ||
				       (last == 'o' && c == 'h' && i + 1 == word.length);
		if (!lengthens)
			continue;
		if (text_buffer_add(key, word.bytes + from, i - from) < 0)
			return -1;
		from = i + 1;
	}
	return text_buffer_add(key, word.bytes + from, word.length - from);
}

int parts_key(const struct parts *parts, struct text_buffer *key)
{
	static const char *const articles[] = {"le",  "la", "les", "l",   "der", "die",
					       "das", "el", "los", "las", "il",  NULL};
	bool any = false;

	key->length = 0;
	for (size_t i = 0; i < parts->n; i++) {
		const bool outer = parts->n > 2 && (i == 0 || i + 1 == parts->n);
		const bool last = i + 1 == parts->n && !any;
		if (!last && (is_one_of(parts->words[i], silent) || (outer && is_one_of(parts->words[i], articles))))
			continue;
		if (add_word(key, parts->words[i]) < 0)
			return -1;
		any = true;
	}
	return 0;
}

bool parts_is_minor(struct text word)
{
	return parts_type_of(word) != PARTS_NO_TYPE || is_one_of(word, silent) || is_one_of(word, season_words) ||
	       is_one_of(word, part_words) || number_of(word) >= 0 || ordinal_of(word) >= 0 || roman_of(word) >= 0;
}

bool parts_is_particle(struct text word)
{
	static const char *const particles[] = {
	    "no",   "to",  "wa", "ga",  "ni", "wo",  "o",    "de",   "na",  "ka",  "mo", "ya", "e",   "yo",
	    "ne",   "of",  "in", "on",  "at", "for", "with", "by",   "or",  "is",  "it", "be", "are", "this",
	    "that", "i",   "my", "you", "we", "me",  "your", "from", "not", "do",  "la", "le", "el",  "les",
	    "los",  "las", "du", "des", "un", "une", "der",  "die",  "das", "und", NULL};

	return is_one_of(word, particles) || count_of(word) >= 0;
}

bool parts_say(const struct parts *parts, struct text word)
{
	if (parts->season == 0 && parts->part == 0 && parts->year == 0)
		return false;

	int value = count_of(word);

	if (value < 0)
		value = number_behind(word, "s");
	return value > 0 && (value == parts->season || value == parts->part || value == parts->year);
}

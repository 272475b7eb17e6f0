/* lookup-names.c - finds shows by whole titles, by the beginnings of titles, and by initials. */
#include "config.h"

#include "titles/lookup-private.h"

#include <strings.h>

#include "titles/initials.h"

/* How well a title matches.  The better known show has to be this many times as well known to win with a title that
 * matches less well. */
#define MATCH_MARKS       81.0f /* the same with its marks, which were typed: "gintama'" is "Gintama'" */
#define MATCH_SPELT       12.0f /* the same but for the case of its letters */
#define MATCH_FOLDED      9.0f
#define MATCH_NAME        9.0f       /* the same name, with the year, season and type that were asked for */
#define MATCH_ALTERNATIVE (1 / 3.0f) /* times the above: it is an alternative title */

/* How well a title agrees that has a year or "TV" which was not asked for; and an alternative title with "TV", since
 * another show may have it without. */
#define AGREE_MORE      0.6f
#define AGREE_MORE_ELSE 0.1f

/* How well a title agrees of a show of one episode whose type is not known, where a film was asked for. */
#define AGREE_SINGLE 0.5f

/* How well a title agrees whose season is said in another way: "2" and "2nd Season" may be two shows. */
#define AGREE_OTHERWISE 0.15f

/* How well an alternative title agrees if the season of the title itself is another one. */
#define AGREE_ELSEWHERE 0.2f

static bool begins_with(struct text text, struct text beginning)
{
	return text.length >= beginning.length && memcmp(text.bytes, beginning.bytes, beginning.length) == 0;
}

static float agree_year(const struct lookup *lookup, const struct asked *asked, uint32_t text)
{
	const int said = lookup->titles.marks[text].year, wanted = asked->parts.year;
	const int32_t *years = lookup->catalogue->years;
	const int known = years ? years[lookup->titles.items[text]] : 0;

	if (wanted == 0)
		return said ? AGREE_MORE : 1;
	if (wanted == said || wanted == known)
		return 1;
	return said == 0 && known == 0 ? AGREE_UNKNOWN : 0;
}

static float agree_season(const struct title_mark *mark, const struct parts *wanted)
{
	if (mark->season != wanted->season || mark->part != wanted->part)
		return 0;
	const bool same = mark->halves == wanted->halves && mark->counted == wanted->counted;
	return wanted->season > 0 && !same ? AGREE_OTHERWISE : 1;
}

static float agree_type(const struct lookup *lookup, const struct asked *asked, uint32_t text)
{
	const enum parts_type wanted = asked->parts.type, said = lookup->titles.marks[text].type,
			      known = lookup->types[lookup->titles.items[text]];

	if (wanted == PARTS_NO_TYPE)
		return said == PARTS_NO_TYPE              ? 1
		       : said != PARTS_TV                 ? 0
		       : lookup->titles.alternative[text] ? AGREE_MORE_ELSE
							  : AGREE_MORE;
	if (wanted == said || (wanted == known && said == PARTS_NO_TYPE))
		return 1;
	const int32_t *episodes = lookup->catalogue->episodes;
	const bool single = episodes && episodes[lookup->titles.items[text]] == 1;
	if (said == PARTS_NO_TYPE && known == PARTS_NO_TYPE && wanted == PARTS_MOVIE && single)
		return AGREE_SINGLE;
	/* a title that says no type is most likely that of the series */
	return said == PARTS_NO_TYPE && known == PARTS_NO_TYPE && wanted == PARTS_TV ? AGREE_UNKNOWN : 0;
}

/* Whether one has an article where the other has another one: "The Girl" and "A Girl". */
static bool articles_differ(struct text typed, struct text title)
{
	return (begins_with(typed, text_of("the ")) &&
		(begins_with(title, text_of("a ")) || begins_with(title, text_of("an ")))) ||
	       (begins_with(title, text_of("the ")) &&
		(begins_with(typed, text_of("a ")) || begins_with(typed, text_of("an "))));
}

float names_agree(const struct lookup *lookup, const struct asked *asked, uint32_t text)
{
	if ((lookup->titles.marks[text].sign && !titles_has_sign(asked->typed)) ||
	    articles_differ(asked->folded, titles_at(&lookup->titles, text)))
		return 0;
	return agree_year(lookup, asked, text) * agree_season(&lookup->titles.marks[text], &asked->parts) *
	       agree_type(lookup, asked, text);
}

/* ---- whole titles ---- */

/* Whether the season that the title of an item says is the one that was asked for. */
static float agree_at_home(const struct titles *titles, uint32_t item, const struct parts *wanted)
{
	const struct title_mark *mark = &titles->marks[titles->first[item]];

	return mark->season == wanted->season && mark->part == wanted->part ? 1 : AGREE_ELSEWHERE;
}

static bool is_spelt(struct text title, struct text typed)
{
	return title.length == typed.length && strncasecmp(title.bytes, typed.bytes, typed.length) == 0;
}

static bool is_exact(struct text title, struct text typed)
{
	return title.length == typed.length && memcmp(title.bytes, typed.bytes, typed.length) == 0;
}

/* Returns how well the title of an item matches that is equal once folded. */
static float match_folded(const struct asked *asked, struct text title)
{
	if (!is_spelt(title, asked->typed))
		return MATCH_FOLDED;
	return is_spelt(asked->folded, asked->typed) ? MATCH_SPELT : MATCH_MARKS;
}

/* Add the items whose title is equal to what was typed byte by byte.  `place` is that of the first text that begins
 * with the folded one. */
static void add_exact(struct hits *hits, const struct asked *asked, size_t place)
{
	const struct lookup *lookup = hits->lookup;
	const struct titles *titles = &lookup->titles;

	for (size_t i = place; i < titles->folded.n; i++) {
		const uint32_t text = titles->sorted[i], item = titles->items[text];
		if (text_compare(titles_at(titles, text), asked->folded) != 0)
			break;
		if (!titles->alternative[text] && is_exact(strings_at(&lookup->catalogue->titles, item), asked->typed))
			(void)hits_offer(hits, item, 1);
	}
}

/* Add the items that have a text equal to the folded one. */
static void add_folded(struct hits *hits, const struct asked *asked, size_t place)
{
	const struct lookup *lookup = hits->lookup;
	const struct titles *titles = &lookup->titles;

	for (size_t i = place; i < titles->folded.n; i++) {
		const uint32_t text = titles->sorted[i], item = titles->items[text];
		if (text_compare(titles_at(titles, text), asked->folded) != 0)
			break;
		if (titles->marks[text].sign && !titles_has_sign(asked->typed))
			continue;
		const float match = titles->alternative[text]
					? MATCH_FOLDED * MATCH_ALTERNATIVE * agree_at_home(titles, item, &asked->parts)
					: match_folded(asked, strings_at(&lookup->catalogue->titles, item));
		(void)hits_offer(hits, item, match);
	}
}

static void add_named(struct hits *hits, const struct asked *asked)
{
	const struct lookup *lookup = hits->lookup;
	const uint32_t *texts;
	const size_t n = titles_with_key(&lookup->titles, asked->key, &texts);

	for (size_t i = 0; i < n; i++) {
		const uint32_t item = lookup->titles.items[texts[i]];
		const float title = lookup->titles.alternative[texts[i]] ? MATCH_ALTERNATIVE : 1;
		const float agree = names_agree(lookup, asked, texts[i]);
		if (agree > 0)
			(void)hits_offer(hits, item,
					 MATCH_NAME * title * agree *
					     agree_at_home(&lookup->titles, item, &asked->parts));
	}
}

void names_add(struct hits *hits, const struct asked *asked)
{
	const size_t place = titles_find(&hits->lookup->titles, asked->folded);

	add_exact(hits, asked, place);
	if (hits->n > 0)
		return;
	add_folded(hits, asked, place);
	add_named(hits, asked);
}

/* How many times as well known a show has to be that has the name only before a subtitle. */
#define HEAD_FAME 10.0f

void names_add_heads(struct hits *hits, const struct asked *asked, uint32_t found)
{
	const struct lookup *lookup = hits->lookup;
	const struct titles *titles = &lookup->titles;
	const struct text name = asked_name(asked);
	size_t words = 1;

	for (size_t i = 0; i < name.length; i++)
		words += name.bytes[i] == ' ';
	for (size_t i = titles_find(titles, name); i < titles->folded.n; i++) {
		const uint32_t text = titles->sorted[i], item = titles->items[text];
		if (!begins_with(titles_at(titles, text), name))
			break;
		if (titles->marks[text].head == words && titles_at(titles, text).bytes[name.length] == ' ' &&
		    lookup->fame[item] >= HEAD_FAME * lookup->fame[found] && !lookup_are_kin(lookup, item, found))
			(void)hits_offer(hits, item, 1);
	}
}

/* Whether it is known of an item that it is of the year that was asked for, if one was. */
static bool is_year_told(const struct lookup *lookup, const struct asked *asked, uint32_t item)
{
	const struct titles *titles = &lookup->titles;
	const int year = asked->parts.year;
	bool told = year == 0 || (lookup->catalogue->years && lookup->catalogue->years[item] == year);

	for (uint32_t text = titles->first[item]; text < titles->first[item + 1] && !told; text++)
		told = titles->marks[text].year == year || text_compare(titles_at(titles, text), asked->folded) == 0;
	return told;
}

enum lookup_way names_way(const struct lookup *lookup, const struct asked *asked, uint32_t item)
{
	const struct titles *titles = &lookup->titles;
	const uint32_t first = titles->first[item];
	const uint32_t *texts;
	const size_t n = titles_with_key(titles, asked->key, &texts);

	if (!is_year_told(lookup, asked, item))
		return LOOKUP_FUZZY;
	if (is_exact(strings_at(&lookup->catalogue->titles, item), asked->typed))
		return LOOKUP_EXACT;
	if (!titles->alternative[first] && text_compare(titles_at(titles, first), asked->folded) == 0)
		return LOOKUP_FOLDED;
	for (size_t i = 0; i < n; i++) {
		if (texts[i] == first && !titles->alternative[first] && names_agree(lookup, asked, first) > 0)
			return LOOKUP_FOLDED;
	}
	return LOOKUP_ALTERNATIVE;
}

/* Returns in what a text of the name that was asked for differs from it. */
static enum lookup_outcome differs(const struct lookup *lookup, const struct asked *asked, uint32_t text)
{
	if (agree_season(&lookup->titles.marks[text], &asked->parts) <= 0)
		return LOOKUP_NO_SEASON;
	if (agree_year(lookup, asked, text) <= 0)
		return LOOKUP_NO_YEAR;
	return lookup->types[lookup->titles.items[text]] != PARTS_NO_TYPE ? LOOKUP_NO_TYPE : LOOKUP_UNKNOWN;
}

enum lookup_outcome names_add_others(struct hits *hits, const struct asked *asked)
{
	const struct lookup *lookup = hits->lookup;
	enum lookup_outcome outcome = LOOKUP_UNKNOWN;
	const uint32_t *texts;
	const size_t n = titles_with_key(&lookup->titles, asked->key, &texts);

	for (size_t i = 0; i < n; i++) {
		const uint32_t item = lookup->titles.items[texts[i]];
		const enum lookup_outcome other = differs(lookup, asked, texts[i]);
		/* films and specials are no seasons */
		if (other == LOOKUP_NO_SEASON && agree_type(lookup, asked, texts[i]) <= 0)
			continue;
		/* a season that is there in another year is told by the year */
		if (outcome == LOOKUP_UNKNOWN || other == LOOKUP_NO_YEAR)
			outcome = other;
		(void)hits_offer(hits, item, 1);
	}
	return outcome;
}

/* ---- beginnings ---- */

void names_add_any_beginning(struct hits *hits, const struct asked *asked)
{
	const struct lookup *lookup = hits->lookup;
	const struct titles *titles = &lookup->titles;
	const struct animed_strings names = text_column_view(&titles->names.names);

	for (size_t i = titles_find_key(titles, asked->key); i < titles->names.names.n; i++) {
		const uint32_t key = titles->keys_sorted[i];
		const struct text name = strings_at(&names, key);
		if (name.length < asked->key.length || memcmp(name.bytes, asked->key.bytes, asked->key.length) != 0)
			break;
		for (uint32_t t = titles->key_starts[key]; t < titles->key_starts[key + 1]; t++) {
			const uint32_t text = titles->by_key[t], item = titles->items[text];
			const float share = (float)asked->key.length / (float)name.length;
			if (hits->listing || names_agree(lookup, asked, text) > AGREE_UNKNOWN)
				(void)hits_offer(hits, item, share);
		}
	}
}

void names_add_beginning(struct hits *hits, const struct asked *asked)
{
	if (asked->key.length >= BEGINNING_LEAST)
		names_add_any_beginning(hits, asked);
}

/* ---- initials ---- */

struct abbreviated {
	struct hits *hits;
	const struct asked *asked;
};

static void take_abbreviated(void *ctx, uint32_t text)
{
	const struct abbreviated *to = ctx;
	const struct titles *titles = &to->hits->lookup->titles;
	const float match = initials_match(to->asked->parts.words[0], titles_without_year(titles, text));

	if (match > 0 && names_agree(to->hits->lookup, to->asked, text) > 0)
		(void)hits_offer(to->hits, titles->items[text], match);
}

/* Add the season that was asked for of the show that the text abbreviates without it: "snk 2". */
static void add_abbreviated_season(struct hits *hits, const struct asked *asked)
{
	struct lookup_hit room[ABBREVIATED];
	struct hits series = {.lookup = hits->lookup, .at = room, .limit = ABBREVIATED};
	struct asked bare = *asked;
	struct abbreviated to = {&series, &bare};

	bare.parts.season = bare.parts.part = 0;
	initials_each(&hits->lookup->titles.initials, asked->parts.words[0], take_abbreviated, &to);
	if (series.n > 0 && lookup_choose(&series, &bare) == LOOKUP_FOUND)
		names_add_seasons_of(hits, asked, room[0].item);
}

void names_add_initials(struct hits *hits, const struct asked *asked)
{
	struct abbreviated to = {hits, asked};

	if (asked->parts.n != 1 || !initials_may_be(asked->parts.words[0]))
		return;
	initials_each(&hits->lookup->titles.initials, asked->parts.words[0], take_abbreviated, &to);
	if (hits->n == 0 && asked_season(asked))
		add_abbreviated_season(hits, asked);
}

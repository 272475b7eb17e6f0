/* lookup.c - finds the item that a text means. */
#include "config.h"

#include "titles/lookup-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "titles/casefold.h"
#include "titles/fame.h"
#include "titles/file-name.h"

/* How many times as high the score of a show has to be that a text abbreviates, where others have the text as a word. */
#define FAR_BETTER 3.0f

#define MAX_TEXT   1024 /* bytes of a text; a longer one is not searched for */

void lookup_close(struct lookup *lookup)
{
	if (!lookup)
		return;
	titles_close(&lookup->titles);
	free(lookup->fame);
	free(lookup->types);
	free(lookup);
}

bool lookup_is_better_known(const struct lookup *lookup, uint32_t a, uint32_t b)
{
	const float *fame = lookup->fame;

	if (fame[a] > fame[b] || fame[a] < fame[b])
		return fame[a] > fame[b];
	return lookup->catalogue->ids[a] < lookup->catalogue->ids[b];
}

bool lookup_are_kin(const struct lookup *lookup, uint32_t a, uint32_t b)
{
	return lookup->franchises && lookup->franchises[a] == lookup->franchises[b];
}

static bool is_better(const struct lookup *lookup, struct lookup_hit a, struct lookup_hit b)
{
	if (a.score > b.score || a.score < b.score)
		return a.score > b.score;
	return lookup_is_better_known(lookup, a.item, b.item);
}

void hits_add(struct hits *hits, uint32_t item, float score)
{
	const struct lookup_hit hit = {item, score};
	size_t at = 0;

	if (!hits_may_have(hits, item))
		return;
	/* what is worse than all of a full list is no better than the same item in it */
	if (hits->n > 0 && hits->n == hits->limit && !is_better(hits->lookup, hit, hits->at[hits->n - 1]))
		return;
	while (at < hits->n && hits->at[at].item != item)
		at++;
	if (at < hits->n) {
		if (hits->at[at].score >= score)
			return;
		memmove(hits->at + at, hits->at + at + 1, (--hits->n - at) * sizeof *hits->at);
	}
	at = hits->n;
	while (at > 0 && is_better(hits->lookup, hit, hits->at[at - 1]))
		at--;
	if (at == hits->limit)
		return;
	if (hits->n < hits->limit)
		hits->n++;
	memmove(hits->at + at + 1, hits->at + at, (hits->n - at - 1) * sizeof *hits->at);
	hits->at[at] = hit;
}

float hits_offer(struct hits *hits, uint32_t item, float match)
{
	const float score = hits->lookup->fame[item] * (hits->listing ? 1 : match);

	hits_add(hits, item, score);
	return score;
}

/* ---- opening ---- */

/* Read the types of the catalogue, of which the last word that names one counts: "TV Special" is a special.  A type that
 * is not known there is the one that a title says. */
static int read_types(struct lookup *lookup)
{
	const struct catalogue *catalogue = lookup->catalogue;

	lookup->types = calloc(catalogue->n + 1U, sizeof *lookup->types);
	for (uint32_t i = 0; lookup->types && i < catalogue->n; i++) {
		const struct text type = strings_at(&catalogue->types, i);
		char *folded = NULL;
		if (type.length > 0 && fold_text(type, &folded) < 0)
			return -1;
		for (const char *at = folded; at && *at;) {
			const size_t length = strcspn(at, " ");
			const enum parts_type said = parts_type_of((struct text){at, length});
			if (said != PARTS_NO_TYPE)
				lookup->types[i] = (uint8_t)said;
			at += length + (at[length] == ' ');
		}
		free(folded);
		const uint32_t first = lookup->titles.first[i], end = lookup->titles.first[i + 1];
		for (uint32_t text = first; text < end && lookup->types[i] == PARTS_NO_TYPE; text++)
			lookup->types[i] = lookup->titles.marks[text].type;
	}
	return lookup->types ? 0 : -1;
}

/* ---- what was typed ---- */

bool asked_read(struct hits *hits, struct text text, struct asked *asked)
{
	*asked = (struct asked){.typed = text};
	if (text.length == 0 || text.length > MAX_TEXT)
		return false;
	hits->no_memory = fold_text(text, &asked->memory) < 0;
	if (!asked->memory || text_is_blank(text_of(asked->memory)))
		return false;
	asked->folded = text_of(asked->memory);
	size_t head = 0;
	hits->no_memory = titles_head(text, &head) < 0;
	parts_read(asked->folded, head, &asked->parts);
	hits->no_memory |= parts_key(&asked->parts, &asked->name) < 0;
	asked->key = (struct text){asked->name.bytes, asked->name.length};
	return !hits->no_memory;
}

struct text asked_name(const struct asked *asked)
{
	const struct text first = asked->parts.words[0], last = asked->parts.words[asked->parts.n - 1];

	return (struct text){first.bytes, (size_t)(last.bytes + last.length - first.bytes)};
}

void asked_free(struct asked *asked)
{
	free(asked->memory);
	free(asked->name.bytes);
}

/* Measure how long one way takes.  Returns 0, or -1 where memory is short. */
static int measure_way(struct lookup *lookup, struct text text,
		       void (*add)(struct hits *hits, const struct asked *asked))
{
	struct lookup_hit hits[8];
	struct hits found = {.lookup = lookup, .at = hits, .limit = sizeof hits / sizeof *hits};
	struct asked asked;
	const uint64_t start = clock_begin();

	if (asked_read(&found, text, &asked))
		add(&found, &asked);
	asked_free(&asked);
	lookup->cost = fmax(lookup->cost, clock_seconds(start));
	return found.no_memory ? -1 : 0;
}

/* Measure how long a search takes: for the word that most shows have, and for what is like the title in the middle, which
 * has several words.  Returns 0, or -1 where memory is short. */
static int measure(struct lookup *lookup)
{
	const struct titles *titles = &lookup->titles;
	const struct words *words = &titles->words;
	uint32_t common = 0;

	if (titles->folded.n == 0)
		return 0;
	for (uint32_t w = 1; w < words->names.names.n; w++)
		common = words->weights[w] < words->weights[common] ? w : common;
	if (measure_way(lookup, words_at(words, common), lookup_add_words) < 0)
		return -1;
	return measure_way(lookup, titles_at(titles, (uint32_t)(titles->folded.n / 2)), lookup_add_alike);
}

int lookup_open(const struct catalogue *catalogue, struct lookup **out, struct animed_error *err)
{
	struct lookup *lookup = calloc(1, sizeof *lookup);

	*out = NULL;
	if (!lookup)
		return animed_fail(err, "out of memory");
	lookup->catalogue = catalogue;
	lookup->fame = fame_of_all(catalogue);
	if (titles_open(&lookup->titles, catalogue) < 0 || !lookup->fame || read_types(lookup) < 0 ||
	    measure(lookup) < 0) {
		lookup_close(lookup);
		return animed_fail(err, "not enough memory to index %u titles", catalogue->n);
	}
	*out = lookup;
	return 0;
}

void lookup_set_franchises(struct lookup *lookup, const uint32_t *franchises)
{
	lookup->franchises = franchises;
}

/* ---- resolving ---- */

/* Add the shows that have the words of the text or, if they are far better known, those that it abbreviates: "hxh" is a
 * word of few titles.  Returns the way that found them. */
static enum lookup_way add_by_words(struct hits *hits, const struct asked *asked)
{
	struct lookup_hit room[ABBREVIATED];
	struct hits abbreviated = {.lookup = hits->lookup, .at = room, .limit = ABBREVIATED, .mask = hits->mask};

	lookup_add_words(hits, asked);
	if (sure_all_little(asked))
		return LOOKUP_WORDS;
	names_add_initials(&abbreviated, asked);
	if (abbreviated.n == 0 || (hits->n > 0 && room[0].score < FAR_BETTER * hits->at[0].score))
		return LOOKUP_WORDS;
	hits->n = hits->limit < abbreviated.n ? hits->limit : abbreviated.n;
	hits->total = 0;
	memcpy(hits->at, room, hits->n * sizeof *room);
	return LOOKUP_INITIALS;
}

/* Choose among the shows that were found by words, initials or the beginning of a title. */
static enum lookup_outcome choose_found(struct hits *hits, const struct asked *asked, enum lookup_way way)
{
	if (way == LOOKUP_INITIALS)
		sure_drop_unknown(hits);
	else if (!sure_says_enough(hits, asked))
		return lookup_doubt(hits);
	const enum lookup_outcome outcome = lookup_choose(hits, asked);
	if (outcome != LOOKUP_FOUND)
		return outcome;
	const bool sure = way == LOOKUP_WORDS      ? sure_by_words(hits, asked)
			  : way == LOOKUP_INITIALS ? sure_by_initials(hits, asked)
						   : true;
	return sure ? LOOKUP_FOUND : lookup_doubt(hits);
}

enum lookup_outcome lookup_by_words(struct hits *hits, const struct asked *asked, enum lookup_way *way)
{
	*way = add_by_words(hits, asked);
	if (hits->n == 0) {
		*way = LOOKUP_PREFIX;
		names_add_beginning(hits, asked);
	}
	return hits->n > 0 ? choose_found(hits, asked, *way) : LOOKUP_UNKNOWN;
}

/* Find the shows by all ways behind whole titles, one after another, until one finds any. */
static enum lookup_outcome resolve_rest(struct hits *hits, const struct asked *asked, enum lookup_way *way)
{
	const struct lookup *lookup = hits->lookup;
	enum lookup_outcome outcome = LOOKUP_UNKNOWN;
	float named = 0;

	*way = LOOKUP_ALTERNATIVE;
	names_add_seasons(hits, asked);
	if (hits->n > 0)
		return lookup_choose(hits, asked);
	/* a season that a well known show of this very name does not have is none of another show that has its words */
	if (asked_season(asked) && !sure_is_long(asked))
		outcome = seasons_add_others(hits, asked);
	if (outcome != LOOKUP_UNKNOWN) {
		named = lookup->fame[hits->at[0].item];
		if (sure_is_known(lookup, hits->at[0].item))
			return outcome;
	}
	hits->n = 0;
	outcome = lookup_by_words(hits, asked, way);
	if (hits->n > 0 && asked_season(asked))
		outcome = seasons_judge(hits, asked, outcome);
	if (hits->n > 0 && lookup->fame[hits->at[0].item] >= FAR_KNOWN * named)
		return outcome;
	*way = LOOKUP_FUZZY;
	hits->n = 0;
	if (named > 0)
		return seasons_add_others(hits, asked);
	outcome = asked_season(asked) ? seasons_add_found(hits, asked) : names_add_others(hits, asked);
	if (outcome != LOOKUP_UNKNOWN)
		return outcome;
	hits->n = 0;
	lookup_add_alike(hits, asked);
	return lookup_choose_guess(hits, asked);
}

/* Choose among the shows that have the name.  Where that says too little for an alternative title, those that have its
 * words may be meant as well, unless there are none.  With `title_only` no hits are left then. */
static enum lookup_outcome choose_named(struct hits *hits, const struct asked *asked, bool title_only,
					enum lookup_way *way)
{
	const enum lookup_outcome outcome = lookup_choose_name(hits, asked);
	const uint32_t found = hits->at[0].item;

	*way = names_way(hits->lookup, asked, found);
	if (outcome != LOOKUP_FOUND || parts_say_more(&asked->parts) || !sure_all_little(asked) ||
	    sure_is_title(hits->lookup, asked, found))
		return outcome;
	if (title_only) {
		hits->n = 0;
		return LOOKUP_UNKNOWN;
	}
	lookup_add_words(hits, asked);
	return hits->n == 1 ? LOOKUP_FOUND : lookup_doubt(hits);
}

/* How far is searched. */
enum reach { WHOLE_TITLES, NAMES, ALL };

static enum lookup_outcome resolve(const struct lookup *lookup, struct text text, enum reach reach,
				   struct lookup_hit *hits, size_t *n, enum lookup_way *way)
{
	struct hits found = {.lookup = lookup, .at = hits, .limit = *n};
	enum lookup_outcome outcome = LOOKUP_UNKNOWN;
	struct asked asked;

	*way = LOOKUP_FUZZY;
	if (asked_read(&found, text, &asked)) {
		names_add(&found, &asked);
		if (found.n > 0) {
			outcome = choose_named(&found, &asked, reach != ALL, way);
		} else if (reach == ALL) {
			outcome = resolve_rest(&found, &asked, way);
		} else if (reach == NAMES) {
			*way = LOOKUP_ALTERNATIVE;
			names_add_seasons(&found, &asked);
			outcome = found.n > 0 ? lookup_choose(&found, &asked) : LOOKUP_UNKNOWN;
		}
	}
	asked_free(&asked);
	*n = found.n;
	return found.no_memory ? LOOKUP_NO_MEMORY : outcome;
}

/* Decide which show the name of a video file means.  LOOKUP_UNKNOWN with *n = 0: the text is no such name. */
static enum lookup_outcome resolve_file(const struct lookup *lookup, struct text text, struct lookup_hit *hits,
					size_t *n, enum lookup_way *way)
{
	struct text_buffer title = {0};
	enum lookup_outcome outcome = LOOKUP_NO_MEMORY;
	bool is_one;

	if (file_name_title(text, &title, &is_one) == 0) {
		outcome = LOOKUP_UNKNOWN;
		if (is_one)
			outcome = resolve(lookup, (struct text){title.bytes, title.length}, ALL, hits, n, way);
		else
			*n = 0;
	}
	free(title.bytes);
	if (*way == LOOKUP_EXACT)
		*way = LOOKUP_FOLDED; /* the file has this title, but not what was typed */
	return outcome;
}

enum lookup_outcome lookup_resolve(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				   enum lookup_way *way)
{
	const size_t room = *n;
	const enum lookup_outcome outcome = resolve(lookup, text, ALL, hits, n, way);

	if (outcome != LOOKUP_UNKNOWN || *n > 0 || text.length == 0 || text.length > MAX_TEXT)
		return outcome;
	*n = room;
	return resolve_file(lookup, text, hits, n, way);
}

enum lookup_outcome lookup_title(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				 enum lookup_way *way)
{
	return resolve(lookup, text, WHOLE_TITLES, hits, n, way);
}

enum lookup_outcome lookup_named(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				 enum lookup_way *way)
{
	return resolve(lookup, text, NAMES, hits, n, way);
}

bool lookup_is_extra(const struct lookup *lookup, uint32_t item)
{
	return lookup->types[item] == PARTS_OVA || lookup->types[item] == PARTS_SPECIAL;
}

uint32_t lookup_also(const struct lookup *lookup, struct text text, uint32_t item)
{
	struct hits none = {.lookup = lookup};
	uint32_t best = item;
	struct asked asked;
	const uint32_t *texts;

	const size_t n = asked_read(&none, text, &asked) ? titles_with_key(&lookup->titles, asked.key, &texts) : 0;
	for (size_t i = 0; i < n; i++) {
		const uint32_t other = lookup->titles.items[texts[i]];
		if (lookup->fame[other] > lookup->fame[best] && names_agree(lookup, &asked, texts[i]) > 0)
			best = other;
	}
	asked_free(&asked);
	return best == item ? ANIMED_NO_ITEM : best;
}

const char *lookup_way_name(enum lookup_way way)
{
	static const char *const names[] = {"exact", "folded", "alternative", "words", "initials", "prefix", "fuzzy"};

	return names[way];
}

double lookup_cost(const struct lookup *lookup)
{
	return lookup->cost;
}

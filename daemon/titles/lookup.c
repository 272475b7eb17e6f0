/* lookup.c - finds the item that a text means. */
#include "config.h"

#include "titles/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/spelling.h"
#include "titles/casefold.h"
#include "titles/titles.h"

#define SCORE_EQUAL  1.0f
#define SCORE_PREFIX 0.9f
#define SCORE_WORDS  0.8f
#define SCORE_FUZZY  0.7f /* times the share of the text that needs no edit */

/* The best fuzzy match is taken as meant if at least seven tenths of it need no edit and no other item comes within a
 * twentieth.  Of 19 well-known titles that were typed with an error, 18 are found at once among the 16,747 titles of
 * MyAnimeList, one comes first of several, and none is taken for another title (tests/daemon/titles/check_lookup.c). */
#define FUZZY_LEAST  0.7f
#define FUZZY_MARGIN 0.05f

/* What is taken off the share of an alternative title, so that a show with this title comes before a show that has it
 * as an alternative. */
#define ALTERNATIVE_HANDICAP 0.06f

#define FUZZY_SHOWN          0.4f /* a match with a smaller share is not shown */
#define MAX_CANDIDATES       64   /* texts whose edits are counted: those with the most trigrams in common */
#define MAX_TEXT             1024 /* bytes of a text; a longer one is not searched for */

struct lookup {
	const struct catalogue *catalogue;
	struct titles titles;
	double cost; /* seconds that a fuzzy search takes */
};

/* The best hits so far, the best first; at most one for each item. */
struct hits {
	const struct lookup *lookup;
	struct lookup_hit *at;
	size_t n, limit;
	const uint64_t *mask; /* the items that may be hits; NULL: all */
	bool no_memory;
};

void lookup_close(struct lookup *lookup)
{
	if (!lookup)
		return;
	titles_close(&lookup->titles);
	free(lookup);
}

/* Whether `a` comes before `b`: score descending, then number of ratings descending, then id ascending. */
static bool is_better(const struct lookup *lookup, struct lookup_hit a, struct lookup_hit b)
{
	const struct catalogue *c = lookup->catalogue;
	const int64_t a_count = c->counts ? c->counts[a.item] : 0, b_count = c->counts ? c->counts[b.item] : 0;

	if (a.score > b.score || a.score < b.score)
		return a.score > b.score;
	return a_count != b_count ? a_count > b_count : c->ids[a.item] < c->ids[b.item];
}

static bool may_be(const struct hits *hits, uint32_t item)
{
	return !hits->mask || ((hits->mask[item / 64] >> (item % 64)) & 1);
}

/* Insert a hit in its place.  Of several hits of one item the best stays. */
static void add_hit(struct hits *hits, uint32_t item, float score)
{
	const struct lookup_hit hit = {item, score};
	size_t at = 0;

	if (!may_be(hits, item))
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

static bool begins_with(struct text text, struct text beginning)
{
	return text.length >= beginning.length && memcmp(text.bytes, beginning.bytes, beginning.length) == 0;
}

/* Add the items that have a text equal to `text` or, with `prefix`, beginning with it.  `titles_too` and `alternatives`
 * say whether titles and alternative titles are such texts. */
static void add_sorted(struct hits *hits, struct text text, bool prefix, bool titles_too, bool alternatives)
{
	const struct titles *titles = &hits->lookup->titles;

	for (size_t i = titles_find(titles, text.bytes, text.length); i < titles->folded.n; i++) {
		const uint32_t at = titles->sorted[i];
		const struct text found = titles_at(titles, at);
		if (!begins_with(found, text))
			break;
		const bool equal = found.length == text.length;
		if ((equal || prefix) && (titles->alternative[at] ? alternatives : titles_too))
			add_hit(hits, titles->items[at], equal ? SCORE_EQUAL : SCORE_PREFIX);
		if (!equal && !prefix)
			break;
	}
}

/* Keep of the hits only those whose title is `text` byte by byte.  If there are none, keep all and return false. */
static bool keep_exact(struct hits *hits, struct text text)
{
	size_t kept = 0;

	for (size_t i = 0; i < hits->n; i++) {
		const struct text title = strings_at(&hits->lookup->catalogue->titles, hits->at[i].item);
		if (title.length == text.length && memcmp(title.bytes, text.bytes, text.length) == 0)
			hits->at[kept++] = hits->at[i];
	}
	if (kept > 0)
		hits->n = kept;
	return kept > 0;
}

/* Whether each word of `text` occurs in `in` at the beginning of a word. */
static bool has_words(struct text in, struct text text)
{
	for (size_t from = 0; from < text.length;) {
		const char *end = memchr(text.bytes + from, ' ', text.length - from);
		const size_t n = end ? (size_t)(end - text.bytes) - from : text.length - from;
		const char *at = in.bytes, *stop = in.bytes + in.length;
		while ((at = memmem(at, (size_t)(stop - at), text.bytes + from, n)) && at > in.bytes && at[-1] != ' ')
			at++;
		if (!at)
			return false;
		from += n + 1;
	}
	return true;
}

static void add_by_words(struct hits *hits, struct text text)
{
	const struct titles *titles = &hits->lookup->titles;

	for (uint32_t i = 0; i < titles->folded.n; i++) {
		if (has_words(titles_at(titles, i), text))
			add_hit(hits, titles->items[i], SCORE_WORDS);
	}
}

/* Find the texts that have the most trigrams in common with `text`, relative to both lengths (Dice coefficient), best
 * first.  `counts` has the number of common trigrams of each text.  Returns how many texts were found. */
static size_t find_candidates(const struct hits *hits, struct text text, const uint16_t *counts,
			      uint32_t candidates[MAX_CANDIDATES])
{
	const struct titles *titles = &hits->lookup->titles;
	float dice[MAX_CANDIDATES];
	size_t n = 0;

	for (uint32_t i = 0; i < titles->folded.n; i++) {
		if (counts[i] == 0 || !may_be(hits, titles->items[i]))
			continue;
		const float score = 2.0f * counts[i] / (float)(text.length + titles_at(titles, i).length);
		size_t at = n;
		while (at > 0 && score > dice[at - 1])
			at--;
		if (at == MAX_CANDIDATES)
			continue;
		if (n < MAX_CANDIDATES)
			n++;
		memmove(dice + at + 1, dice + at, (n - at - 1) * sizeof *dice);
		memmove(candidates + at + 1, candidates + at, (n - at - 1) * sizeof *candidates);
		dice[at] = score;
		candidates[at] = i;
	}
	return n;
}

static void add_fuzzy(struct hits *hits, struct text text)
{
	const struct titles *titles = &hits->lookup->titles;
	uint32_t candidates[MAX_CANDIDATES];
	uint16_t *counts = calloc(titles->folded.n + 1, sizeof *counts);

	if (!counts) {
		hits->no_memory = true;
		return;
	}
	titles_count_trigrams(titles, text.bytes, text.length, counts);
	const size_t n = find_candidates(hits, text, counts, candidates);
	free(counts);
	for (size_t i = 0; i < n; i++) {
		const struct text found = titles_at(titles, candidates[i]);
		const size_t longer = found.length > text.length ? found.length : text.length;
		if (longer > EDIT_MAX)
			continue;
		const size_t edits = edit_distance(text.bytes, text.length, found.bytes, found.length);
		const float handicap = titles->alternative[candidates[i]] ? ALTERNATIVE_HANDICAP : 0;
		const float share = 1 - (float)edits / (float)longer - handicap;
		if (share >= FUZZY_SHOWN)
			add_hit(hits, titles->items[candidates[i]], SCORE_FUZZY * share);
	}
}

/* Measure how long a fuzzy search takes, with the title in the middle.  Returns 0, or -1 where memory is short. */
static int measure(struct lookup *lookup)
{
	const struct titles *titles = &lookup->titles;
	struct lookup_hit hits[8];
	struct hits found = {.lookup = lookup, .at = hits, .limit = sizeof hits / sizeof *hits};
	const uint64_t start = clock_begin();

	if (titles->folded.n > 0)
		add_fuzzy(&found, titles_at(titles, (uint32_t)(titles->folded.n / 2)));
	lookup->cost = clock_seconds(start);
	return found.no_memory ? -1 : 0;
}

int lookup_open(const struct catalogue *catalogue, struct lookup **out, struct animed_error *err)
{
	struct lookup *lookup = calloc(1, sizeof *lookup);

	*out = NULL;
	if (!lookup)
		return animed_fail(err, "out of memory");
	lookup->catalogue = catalogue;
	if (titles_open(&lookup->titles, catalogue) < 0 || measure(lookup) < 0) {
		lookup_close(lookup);
		return animed_fail(err, "not enough memory to index %u titles", catalogue->n);
	}
	*out = lookup;
	return 0;
}

/* Fold what was typed.  Returns false if there is nothing to search for, or if memory is short, which is noted in
 * `hits`.  *out lies in *folded, which the caller frees with free() in either case. */
static bool fold_query(struct hits *hits, struct text text, char **folded, struct text *out)
{
	*folded = NULL;
	if (text.length == 0 || text.length > MAX_TEXT)
		return false;
	hits->no_memory = fold_text(text, folded) < 0;
	if (!*folded || !**folded)
		return false;
	*out = (struct text){*folded, strlen(*folded)};
	return true;
}

int lookup_search(const struct lookup *lookup, struct text text, const uint64_t *mask, struct lookup_hit *hits,
		  size_t *n, enum lookup_way *way)
{
	struct hits found = {.lookup = lookup, .at = hits, .limit = *n, .mask = mask};
	struct text query;
	char *folded;

	*way = LOOKUP_FUZZY;
	if (fold_query(&found, text, &folded, &query)) {
		add_sorted(&found, query, true, true, true);
		add_by_words(&found, query);
		add_fuzzy(&found, query);
		if (found.n > 0 && found.at[0].score >= SCORE_EQUAL)
			*way = LOOKUP_FOLDED;
		else if (found.n > 0 && found.at[0].score >= SCORE_WORDS)
			*way = LOOKUP_PREFIX;
	}
	free(folded);
	*n = found.n;
	return found.no_memory ? -1 : 0;
}

static enum lookup_outcome one_or_several(const struct hits *hits)
{
	return hits->n == 1 ? LOOKUP_FOUND : LOOKUP_AMBIGUOUS;
}

static enum lookup_outcome judge_fuzzy(struct hits *hits)
{
	size_t close = 1;

	if (hits->n == 0 || hits->at[0].score < SCORE_FUZZY * FUZZY_LEAST)
		return LOOKUP_UNKNOWN;
	while (close < hits->n && hits->at[close].score > hits->at[0].score - SCORE_FUZZY * FUZZY_MARGIN)
		close++;
	hits->n = close;
	return one_or_several(hits);
}

/* Whether `title`, which begins with `beginning`, ends with the word at which `beginning` ends. */
static bool ends_in_same_word(struct text title, struct text beginning)
{
	return !memchr(title.bytes + beginning.length, ' ', title.length - beginning.length);
}

/* Whether all texts that begin with `beginning` continue the first of them, which is at `place` in byte order.  A text
 * that is equal to the first does not continue it if it is of another item. */
static bool all_continue_first(const struct titles *titles, size_t place, struct text beginning)
{
	const uint32_t first = titles->sorted[place];
	const struct text shortest = titles_at(titles, first);

	for (size_t i = place + 1; i < titles->folded.n; i++) {
		const uint32_t at = titles->sorted[i];
		const struct text other = titles_at(titles, at);
		if (!begins_with(other, beginning))
			return true;
		const bool equal = other.length == shortest.length;
		if (!begins_with(other, shortest) || (equal && titles->items[at] != titles->items[first]))
			return false;
	}
	return true;
}

/* Find the one title from which `text` lacks only the end of the last word: "made in abys" means "Made in Abyss",
 * though the titles of its films begin with that, too.  It becomes the only hit.  Returns false, and keeps all hits, if
 * there is no such title.  There must be a title that begins with `text`. */
static bool keep_completed_title(struct hits *hits, struct text text)
{
	const struct titles *titles = &hits->lookup->titles;
	const size_t place = titles_find(titles, text.bytes, text.length);
	const uint32_t first = titles->sorted[place];

	if (!ends_in_same_word(titles_at(titles, first), text) || !all_continue_first(titles, place, text))
		return false;
	hits->at[0] = (struct lookup_hit){titles->items[first], SCORE_PREFIX};
	hits->n = 1;
	return true;
}

/* Find the titles that are equal to the folded text `query`, or else the alternative titles that are.  Of several
 * titles those that are equal to `text` byte by byte are meant. */
static enum lookup_outcome resolve_title(struct hits *hits, struct text text, struct text query, enum lookup_way *way)
{
	*way = LOOKUP_FOLDED;
	add_sorted(hits, query, false, true, false);
	if (hits->n > 0) {
		if (keep_exact(hits, text))
			*way = LOOKUP_EXACT;
		return one_or_several(hits);
	}
	*way = LOOKUP_ALTERNATIVE;
	add_sorted(hits, query, false, false, true);
	return hits->n > 0 ? one_or_several(hits) : LOOKUP_UNKNOWN;
}

/* Find the titles that begin with the folded text `query`, or else those that are similar to it. */
static enum lookup_outcome resolve_rest(struct hits *hits, struct text query, enum lookup_way *way)
{
	*way = LOOKUP_PREFIX;
	add_sorted(hits, query, true, true, true);
	if (hits->n > 1 && keep_completed_title(hits, query))
		return LOOKUP_FOUND;
	if (hits->n > 0)
		return one_or_several(hits);
	*way = LOOKUP_FUZZY;
	add_fuzzy(hits, query);
	return judge_fuzzy(hits);
}

static enum lookup_outcome resolve(const struct lookup *lookup, struct text text, bool title_only,
				   struct lookup_hit *hits, size_t *n, enum lookup_way *way)
{
	struct hits found = {.lookup = lookup, .at = hits, .limit = *n};
	enum lookup_outcome outcome = LOOKUP_UNKNOWN;
	struct text query;
	char *folded;

	*way = LOOKUP_FUZZY;
	if (fold_query(&found, text, &folded, &query)) {
		outcome = resolve_title(&found, text, query, way);
		if (outcome == LOOKUP_UNKNOWN && !title_only)
			outcome = resolve_rest(&found, query, way);
	}
	free(folded);
	*n = found.n;
	return found.no_memory ? LOOKUP_NO_MEMORY : outcome;
}

enum lookup_outcome lookup_resolve(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				   enum lookup_way *way)
{
	return resolve(lookup, text, false, hits, n, way);
}

enum lookup_outcome lookup_title(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				 enum lookup_way *way)
{
	return resolve(lookup, text, true, hits, n, way);
}

const char *lookup_way_name(enum lookup_way way)
{
	static const char *const names[] = {"exact", "folded", "alternative", "prefix", "fuzzy"};

	return names[way];
}

double lookup_cost(const struct lookup *lookup)
{
	return lookup->cost;
}

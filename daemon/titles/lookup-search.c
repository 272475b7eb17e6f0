/* lookup-search.c - lists the shows that match a text, by all ways at once. */
#include "config.h"

#include "titles/lookup-private.h"

#include <stdlib.h>

#define SCORE_EQUAL     1.0f
#define SCORE_PREFIX    0.9f
#define SCORE_WORDS     0.8f
#define SCORE_BEGINNING 0.78f /* a word begins with what was typed last */
#define SCORE_INITIALS  0.75f
#define SCORE_WITHIN    0.7f
#define SCORE_FUZZY     0.6f /* times how much is alike */

/* What is less like the text is left out. */
#define ALIKE_SHOWN 0.6f

/* Whether a title of the item begins with the words that were typed. */
static bool begins_with_words(const struct lookup *lookup, const struct asked *asked, uint32_t item)
{
	const struct titles *titles = &lookup->titles;
	const struct text typed = asked->folded;

	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++) {
		const struct text title = titles_at(titles, text);
		if (title.length >= typed.length && memcmp(title.bytes, typed.bytes, typed.length) == 0 &&
		    (title.length == typed.length || title.bytes[typed.length] == ' '))
			return true;
	}
	return false;
}

/* The hits of one way, of which `to` gets those that it does not have yet. */
struct searching {
	struct hits *to;
	struct hits one;
	const struct asked *asked;
	enum lookup_way *way;
};

/* Let one way add hits, and take them over with the score of that way, times their own if `likeness` is set. */
static void search_by(struct searching *searching, void (*add)(struct hits *hits, const struct asked *asked),
		      float score, bool likeness, enum lookup_way way)
{
	struct hits *one = &searching->one, *to = searching->to;

	const float best = to->n > 0 ? to->at[0].score : 0;
	one->n = 0;
	add(one, searching->asked);
	if (way == LOOKUP_INITIALS)
		sure_drop_unknown(one);
	to->no_memory |= one->no_memory;
	for (size_t i = 0; i < one->n; i++) {
		if (way == LOOKUP_PREFIX && !begins_with_words(to->lookup, searching->asked, one->at[i].item))
			hits_add(to, one->at[i].item, SCORE_BEGINNING);
		else if (!likeness)
			hits_add(to, one->at[i].item, score);
		else if (one->at[i].score >= ALIKE_SHOWN)
			hits_add(to, one->at[i].item, score * one->at[i].score);
	}
	if (to->n > 0 && to->at[0].score > best)
		*searching->way = way;
}

int lookup_search(const struct lookup *lookup, struct text text, const uint64_t *mask, struct lookup_hit *hits,
		  size_t *n, enum lookup_way *way)
{
	struct hits found = {.lookup = lookup, .at = hits, .limit = *n, .mask = mask};
	struct lookup_hit *room = malloc((*n + 1) * sizeof *room);
	struct asked asked;
	struct searching searching = {
	    &found, {.lookup = lookup, .at = room, .limit = *n, .mask = mask, .listing = true}, &asked, way};

	*way = LOOKUP_FUZZY;
	found.no_memory = !room;
	if (room && asked_read(&found, text, &asked)) {
		search_by(&searching, names_add, SCORE_EQUAL, false, LOOKUP_FOLDED);
		if (found.n > 0)
			*way = names_way(lookup, &asked, found.at[0].item);
		search_by(&searching, names_add_beginning, SCORE_PREFIX, false, LOOKUP_PREFIX);
		search_by(&searching, lookup_add_words, SCORE_WORDS, false, LOOKUP_WORDS);
		if (found.n == 0)
			search_by(&searching, names_add_initials, SCORE_INITIALS, false, LOOKUP_INITIALS);
		if (found.n < found.limit)
			search_by(&searching, lookup_add_within, SCORE_WITHIN, false, LOOKUP_WORDS);
		/* a guess is no better than noise where there is something sure */
		if (found.n == 0)
			search_by(&searching, lookup_add_alike, SCORE_FUZZY, true, LOOKUP_FUZZY);
	}
	if (room)
		asked_free(&asked);
	free(room);
	*n = found.n;
	return found.no_memory ? -1 : 0;
}

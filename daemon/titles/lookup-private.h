/* lookup-private.h - what the files of the lookup share. */
#ifndef ANIMED_LOOKUP_PRIVATE_H
#define ANIMED_LOOKUP_PRIVATE_H

#include "titles/lookup.h"
#include "titles/titles.h"

struct lookup {
	const struct catalogue *catalogue;
	const uint32_t *franchises; /* NULL: not known */
	struct titles titles;
	float *fame;    /* [catalogue->n] */
	uint8_t *types; /* [catalogue->n]: enum parts_type of the catalogue's type */
	double cost;    /* seconds that a search takes which finds no whole title */
};

/* What was typed. */
struct asked {
	struct text typed, folded, key;
	struct parts parts;      /* its words lie in `memory` */
	char *memory;            /* owned: the folded text */
	struct text_buffer name; /* owned: the key of the name */
};

struct hits;

/* Read what was typed.  Returns false if there is nothing to search for, or if memory is short, which is noted in
 * `hits`.  The caller calls asked_free() in either case. */
bool asked_read(struct hits *hits, struct text text, struct asked *asked);
void asked_free(struct asked *asked);

/* Returns the words of the name with what stands between them. */
struct text asked_name(const struct asked *asked);

static inline bool asked_season(const struct asked *asked)
{
	return asked->parts.season > 0 || asked->parts.part > 0;
}

/* The best hits so far, the best first; at most one for each item. */
struct hits {
	const struct lookup *lookup;
	struct lookup_hit *at;
	size_t n, limit;
	const uint64_t *mask; /* the items that may be hits; NULL: all */
	bool listing;         /* all that match are listed, so that how well they match counts nothing beside fame */
	float total;          /* the scores of all items that lookup_add_words() has added */
	size_t looked;        /* how many texts the seasons of a show were looked for in; a test counts them */
	bool no_memory;
};

/* Insert a hit in its place.  Of several hits of one item the best stays. */
void hits_add(struct hits *hits, uint32_t item, float score);

/* Insert a hit whose score is the item's fame times how well it matches.  Returns the score. */
float hits_offer(struct hits *hits, uint32_t item, float match);

static inline bool hits_may_have(const struct hits *hits, uint32_t item)
{
	return !hits->mask || ((hits->mask[item / 64] >> (item % 64)) & 1);
}

/* Whether a is better known than b; between equals the smaller id comes first. */
bool lookup_is_better_known(const struct lookup *lookup, uint32_t a, uint32_t b);

/* Whether two items are of one franchise. */
bool lookup_are_kin(const struct lookup *lookup, uint32_t a, uint32_t b);

/* How many shows that a text abbreviates are looked at, to see which of them is meant. */
#define ABBREVIATED 8

/* ---- lookup-names.c: by whole titles ---- */

/* How text number `text` agrees with the year, season and type that were asked for: 0: it does not; else the more the
 * better, at most 1. */
float names_agree(const struct lookup *lookup, const struct asked *asked, uint32_t text);

/* What names_agree() returns where the year or type of the show is not known; where all is as asked it is more. */
#define AGREE_UNKNOWN 0.1f

/* Add the items that have a title or alternative title of the name that was asked for, and agree with the rest of it.
 * The score of each is its fame times how well its title matches.  If there are titles that are equal to what was typed
 * byte by byte, only these are added. */
void names_add(struct hits *hits, const struct asked *asked);

/* Add the items of other franchises of which a title has the name before a subtitle, and that are so much better known
 * than `found` that they may be meant: "Demon Slayer" may be "Demon Slayer: Kimetsu no Yaiba". */
void names_add_heads(struct hits *hits, const struct asked *asked, uint32_t found);

/* Returns how names_add() has found an item: LOOKUP_EXACT, LOOKUP_FOLDED or LOOKUP_ALTERNATIVE, or
 * LOOKUP_FUZZY where it is not known whether the item is of the year that was asked for. */
enum lookup_way names_way(const struct lookup *lookup, const struct asked *asked, uint32_t item);

/* Add the items that have the name that was asked for, whatever year, season and type they have, the best known first.
 * Returns which of these differs, or LOOKUP_UNKNOWN where no item has the name. */
enum lookup_outcome names_add_others(struct hits *hits, const struct asked *asked);

/* Add the items that have a title whose name begins with what was asked for, if that has BEGINNING_LEAST bytes. */
void names_add_beginning(struct hits *hits, const struct asked *asked);
#define BEGINNING_LEAST 4

/* The same, however short it is. */
void names_add_any_beginning(struct hits *hits, const struct asked *asked);

/* Add the items that the text abbreviates or, if a season was asked for, this season of such an item. */
void names_add_initials(struct hits *hits, const struct asked *asked);

/* ---- lookup-seasons.c: by another name of a show ---- */

/* Where a season was asked for: add the items of this season that have any other name of the shows of this name.  So "AoT
 * 2" is "Attack on Titan Season 2", if another season of that is called "AoT".  However many shows share names, no text is
 * looked at twice. */
void names_add_seasons(struct hits *hits, const struct asked *asked);

/* Add the items of the season that was asked for that have any name of this item. */
void names_add_seasons_of(struct hits *hits, const struct asked *asked, uint32_t item);

/* Where a season was asked for that the shows of this name do not have: add these and, behind them, the best known
 * seasons of their franchise.  Returns what names_add_others() does. */
enum lookup_outcome seasons_add_others(struct hits *hits, const struct asked *asked);

/* Compare hits[0], which was found by words with the season, with the show that the name means without it.  If that is of
 * another franchise and better known, no hits are left.  If it is far better known either may be meant, and it is added.  Returns `outcome`, or what is left of it. */
enum lookup_outcome seasons_judge(struct hits *hits, const struct asked *asked, enum lookup_outcome outcome);

/* How many times as well known one show is beside which the other is not meant. */
#define FAR_KNOWN 10.0f

/* The same where the name, without the season, is found by words, initials or the beginning of a title. */
enum lookup_outcome seasons_add_found(struct hits *hits, const struct asked *asked);

/* ---- lookup-words.c: by words ---- */

/* Add the items of which one title has all words that were typed, in any order or, in a script without blanks, within
 * its own; if there are none, those that have the words of the name, and agree with the year, season and type.  The
 * score of each is its fame times how much of the title was typed, to the power of 1.5. */
void lookup_add_words(struct hits *hits, const struct asked *asked);

/* The same, where a word that was typed may be any part of a word. */
void lookup_add_within(struct hits *hits, const struct asked *asked);

/* Add the items whose titles together have most of the words of the name, which may be misspelt.  The score is how much
 * is alike, from 0 to 1. */
void lookup_add_alike(struct hits *hits, const struct asked *asked);

/* ---- lookup-choose.c: which of several is meant ---- */

/* Decide which of the hits is meant, whose scores are how well they are known times how well they match.  If one of them
 * stands out it becomes the first, else the best known does. */
enum lookup_outcome lookup_choose(struct hits *hits, const struct asked *asked);

/* The same of hits by names_add(). */
enum lookup_outcome lookup_choose_name(struct hits *hits, const struct asked *asked);

/* The same of hits by likeness, whose scores say how like the text they are. */
enum lookup_outcome lookup_choose_guess(struct hits *hits, const struct asked *asked);

/* Sort the hits by fame where none of them is sure: they may be meant or, where there is but one, it comes nearest. */
enum lookup_outcome lookup_doubt(struct hits *hits);

/* ---- lookup.c ---- */

/* Decide which show is meant by words, initials or the beginning of a title, in this order.  hits->n is 0 if none of
 * these finds any. */
enum lookup_outcome lookup_by_words(struct hits *hits, const struct asked *asked, enum lookup_way *way);

/* ---- lookup-sure.c: whether what was typed says enough ---- */

/* Whether all words that were typed say little: letters, numbers, articles, particles, types. */
bool sure_all_little(const struct asked *asked);

/* Whether the words that were typed are so rare together that a show which has them all is meant, or stand in this order
 * in a title of hits[0], three or more. */
bool sure_says_enough(const struct hits *hits, const struct asked *asked);

/* Whether the name has so many words that say something that no other show has them by chance. */
bool sure_is_long(const struct asked *asked);

/* Drop the hits that are so much less known than the best known one that nobody means them by a few letters. */
void sure_drop_unknown(struct hits *hits);

/* Whether an item is as well known as all are on average. */
bool sure_is_known(const struct lookup *lookup, uint32_t item);

/* Whether what was typed is the title of the item once folded. */
bool sure_is_title(const struct lookup *lookup, const struct asked *asked, uint32_t item);

/* Whether hits[0], which the text abbreviates, is meant for sure. */
bool sure_by_initials(const struct hits *hits, const struct asked *asked);

/* Whether hits[0], which was found by words, is meant for sure.  Other shows that may be meant are added. */
bool sure_by_words(struct hits *hits, const struct asked *asked);

#endif

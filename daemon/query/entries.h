/* entries.h - somebody's list, as a client gives it with a request: what each of its entries says of a show. */
#ifndef ANIMED_ENTRIES_H
#define ANIMED_ENTRIES_H

#include "query/params.h"

/* The most entries of one list. */
#define ENTRIES_MAX 20000

/* What an entry counts as. */
enum entry_use {
	ENTRY_RATING,  /* a score */
	ENTRY_LIKE,    /* seen and not scored: counts as the score ENTRY_LIKE_PLACE */
	ENTRY_DISLIKE, /* given up or not wanted, and not scored: a score too, a low one */
	ENTRY_SEEN,    /* seen; says nothing more */
	ENTRY_PLANNED, /* to be seen */
	ENTRY_IGNORED, /* never an answer */
	ENTRY_USES,
};

/* The places on the scale, from 0 to 1, that likes and dislikes without a score count as.  animed-ease(7) has the
 * figures for the first.  The second is for what was given up, the third for what is not wanted at all. */
#define ENTRY_LIKE_PLACE     0.7F
#define ENTRY_DROPPED_PLACE  0.3F
#define ENTRY_UNWANTED_PLACE 0.0F

/* Scores up to this place are dislikes, too. */
#define ENTRY_DISLIKED 0.3F

struct entry {
	uint32_t item;
	enum entry_use use;
	bool finished;       /* seen to the end */
	bool given_up;       /* begun and given up, or not wanted at all */
	bool unwanted;       /* the second of these: not seen */
	float score;         /* of RATING, LIKE and DISLIKE, on the scale of the model */
	bool pair;           /* given as [show, score] */
	const char *matched; /* the next two as in struct named_item */
	struct text typed;
};

/* How many entries that were not found are named. */
enum { ENTRIES_NAMED = 5 };

/* Shows that were not found. */
struct entries_missing {
	size_t n;
	const msgpack_object *at[ENTRIES_NAMED]; /* the maps of the first of them; in the request */
};

/* A list.  Zeroed, it is an empty one. */
struct entries {
	struct entry *at; /* owned; each item once */
	size_t n, room;
	bool maps; /* whether the list is empty or has an entry that is a map, so that the reply says what was used */
	size_t used[ENTRY_USES];
	struct entries_missing missing;
};

/* Read a list.  An entry is [title or id, score], whose title may be misspelt and has to mean a show, or a map as
 * PROTOCOL.md describes it, whose show may be one that the catalogue does not have.  Errors call the list `what`.
 * `scale` is [lowest, highest] of its scores, or NULL, where they are on the scale of the model.  Returns 0.  On failure
 * returns -1 and fills question->err.  The caller calls entries_free() in either case. */
int entries_read(struct question *question, const msgpack_object *list, const char *what, const msgpack_object *scale,
		 struct entries *entries);
void entries_free(struct entries *entries);

/* Read a show that is named as in an entry that is a map.  *item is ANIMED_NO_ITEM where the catalogue does not have
 * it.  Returns 0.  On failure returns -1 and fills question->err. */
int entries_read_show(struct question *question, const msgpack_object *map, const char *what, struct named_item *out);

/* Write what such a show is called, in quotes: its title, or an id as "anilist:5". */
void entries_show_name(const msgpack_object *map, char out[QUOTE_SIZE]);

/* Returns the seconds that a list is expected to take.  If it has several entries, each counts as a search by similarity,
 * even one by id, since it takes long to make a user of ratings. */
double entries_cost(struct question *question, const msgpack_object *list);

static inline bool entry_is_taste(const struct entry *entry)
{
	return entry->use == ENTRY_RATING || entry->use == ENTRY_LIKE || entry->use == ENTRY_DISLIKE;
}

/* Whether the show of an entry is no answer to what else to see. */
static inline bool entry_is_seen(const struct entry *entry)
{
	return entry->use != ENTRY_PLANNED && entry->use != ENTRY_IGNORED;
}

/* Note a show that was not found, and pack the entry `key` of a reply, a map of how many there are and the first names. */
void entries_miss(struct entries_missing *missing, const msgpack_object *map);
void entries_pack_missing(msgpack_packer *reply, const char *key, const struct entries_missing *missing);

/* Pack the entries `used` and `not_found` of a reply. */
enum { ENTRIES_REPLY = 2 };
void entries_pack(struct question *question, const struct entries *entries);

#endif

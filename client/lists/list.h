/* list.h - a person's list of shows, in one form whatever file it came from. */
#ifndef CLIENT_LIST_H
#define CLIENT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* The sites whose ids of shows an entry may have. */
enum list_site { LIST_MAL, LIST_ANILIST, LIST_KITSU, LIST_ANIDB, LIST_SIMKL, LIST_SITES };

/* What a person says of a show.  The order is the one in which lists are shown. */
enum list_status {
	LIST_UNSET, /* the file says nothing; list_add() makes it completed */
	LIST_WATCHING,
	LIST_COMPLETED,
	LIST_ON_HOLD,
	LIST_PLANNED,
	LIST_DROPPED,
	LIST_UNWANTED, /* "won't watch" */
	LIST_IGNORED,  /* never to be recommended, which says nothing of taste */
	LIST_BAD,      /* the file has a word that is none of these; list_add() leaves the entry out */
};

/* What an entry tells a recommender; animectl-list(5) has the table. */
enum list_use { LIST_RATING, LIST_SEEN, LIST_WISH, LIST_MILD_DISLIKE, LIST_DISLIKE, LIST_NOT_AGAIN, LIST_USES };

/* The most titles of an entry, and the most entries of a list. */
enum { LIST_TITLES = 4, LIST_ENTRIES = 100000 };

/* The highest score of the scale to which my list and exports convert. */
#define LIST_SCALE 10.0

/* A show of the list.  It owns its strings and what is kept in `more`. */
struct list_entry {
	int64_t ids[LIST_SITES];   /* 0: not known */
	char *titles[LIST_TITLES]; /* the first is shown; NULL: no more */
	int year;                  /* 0: not known */
	enum list_status status;
	bool status_assumed; /* the file said nothing, and list_add() took completed */
	double score;        /* on the scale of the list; 0: not scored */
	int64_t progress, repeats;
	char *notes;  /* NULL: none */
	json_t *more; /* keys of my list that this program does not know; NULL: none */
};

/* How a file without a scale of its own is scored.  Whole numbers up to 3 are the smileys of AniList alone. */
enum list_guess { LIST_SCALE_KNOWN, LIST_SCALE_ANILIST, LIST_SCALE_ROWS };

/* All that a file has.  Zero is an empty list; list_free() frees what is in it. */
struct list {
	struct list_entry *entries;
	size_t n, room;
	bool full;             /* there were more entries than a list may have */
	double scale;          /* scores are from scale / 10 to this */
	enum list_guess guess; /* whether list_finish() has to find the scale */
	bool scale_guessed;    /* list_finish() has found it */
	size_t others;         /* rows of manga, games, episodes and the like, which are left out */
	size_t repeats;        /* entries that the file has again, as in AniList's custom lists */
	json_t *more;          /* keys of my list beside the entries that this program does not know; NULL: none */
	const char *unit;      /* what the file calls an entry in messages: "row" */
	size_t at;             /* the number of the one that is being read, from 1 */
	char **told;           /* what is wrong with single entries, a line each */
	size_t n_told;         /* lines that there are, also those that are not kept */
};

/* Why a list could not be read or written: what is wrong, where, and what to do. */
struct list_error {
	char text[1024];
};

/* Fill err and return -1. */
__attribute__((format(printf, 2, 3))) int list_fail(struct list_error *err, const char *fmt, ...);

/* Add an entry, and take over what it owns; *entry becomes empty.  Its text is made fit to print.  One that has neither
 * a title nor an id, or whose status is LIST_BAD, is left out and told.  Where there are LIST_ENTRIES already, returns -1
 * and sets list->full.  Like all that adds to a list, ends the program where memory is short. */
int list_add(struct list *list, struct list_entry *entry);

/* Add a title to an entry, unless it is NULL, empty or there already.  A copy is made. */
void list_entry_title(struct list_entry *entry, const char *title);

/* Whether an entry has a title or an id. */
bool list_entry_is_named(const struct list_entry *entry);

/* What to call an entry: its title or, without one, an id such as "anilist:21".  The caller frees it. */
char *list_entry_name(const struct list_entry *entry);

/* Give `to` what it lacks and `from` has: ids, titles, the year, the score, progress, repeats, notes, keys that are not
 * known, and the status where that of `to` is assumed.  What is given is moved where it is owned. */
void list_entry_fill(struct list_entry *to, struct list_entry *from);

void list_entry_free(struct list_entry *entry);
void list_free(struct list *list);

/* Note a line on the entry that is being read. */
__attribute__((format(printf, 2, 3))) void list_tell(struct list *list, const char *fmt, ...);

/* How many of the lines are kept in list->told. */
size_t list_told(const struct list *list);

/* What an entry tells. */
enum list_use list_use(const struct list_entry *entry);

/* Such as "mal" and "on_hold", as my list writes them. */
const char *list_site_name(enum list_site site);
const char *list_status_name(enum list_status status);

#endif

/* lookup.h - asks the daemon which shows the entries of a list are. */
#ifndef CLIENT_LIST_LOOKUP_H
#define CLIENT_LIST_LOOKUP_H

#include "ctl/ctl.h"
#include "lists/list.h"

/* What came of it.  The caller frees it with lookup_free(). */
struct lookup {
	bool asked;    /* a daemon answered for all entries */
	bool strange;  /* its ids are not those of MyAnimeList, so that nothing was taken from it */
	char *why;     /* why no daemon answered, NULL where none listens */
	size_t by_ids; /* entries that have ids of other services alone, where the daemon has no file of those */
	json_t *lines; /* what was not found: an array of strings, with what is nearest */
};

/* Ask for each entry by its MyAnimeList id or, without one, by its other ids, its titles and its year.  An entry that is found gets
 * the daemon's id, title and year; a guess at a title is not taken.  Ends the program where memory is short. */
void lookup_list(const struct ctl *ctl, struct list *list, struct lookup *lookup);
void lookup_free(struct lookup *lookup);

/* Ask for the entries of my list that have no id of MyAnimeList: those with ids of other services or, with `titles`, all.
 * Entries that turn out to be one show are joined. */
void lookup_kept(const struct ctl *ctl, struct list *mine, bool titles);

/* Find the show that a person names, as all commands do.  `entry` receives its id, title and year; *name the name to
 * print, with "nearest to" where it is a guess, which the caller frees.  Where it is not found, says why and returns the
 * exit status. */
enum ctl_exit lookup_title(const struct ctl *ctl, const char *title, struct list_entry *entry, char **name);

#endif

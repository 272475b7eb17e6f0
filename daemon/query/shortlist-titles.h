/* shortlist-titles.h - a table of texts and what they mean. */
#ifndef ANIMED_SHORTLIST_TITLES_H
#define ANIMED_SHORTLIST_TITLES_H

#include "titles/lookup.h"

struct shortlist_titles;

struct shortlist_title {
	uint32_t item;
	enum lookup_way way;
};

/* Returns a new, empty table, or NULL where memory is short. */
struct shortlist_titles *shortlist_titles_new(void);
void shortlist_titles_free(struct shortlist_titles *titles);

/* Add a text and what it means.  A text that is there already keeps its meaning, and a text that is too long for the
 * table is left out.  Returns 0, or -1 where memory is short. */
int shortlist_titles_add(struct shortlist_titles *titles, struct text text, struct shortlist_title title);

/* Returns true, and in *title what the text means, if it is in the table. */
bool shortlist_titles_find(const struct shortlist_titles *titles, const char *text, size_t length,
			   struct shortlist_title *title);

#endif

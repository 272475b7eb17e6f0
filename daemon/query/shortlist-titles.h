/* shortlist-titles.h - a table of texts whose meaning is known. */
#ifndef ANIMED_SHORTLIST_TITLES_H
#define ANIMED_SHORTLIST_TITLES_H

#include "titles/lookup.h"

struct shortlist_titles;

struct shortlist_title {
	uint32_t item;
	enum lookup_way way;
};

/* An empty table; NULL: out of memory. */
struct shortlist_titles *shortlist_titles_new(void);
void shortlist_titles_free(struct shortlist_titles *titles);

/* Add a text that is not there yet; one that is too long is left out.  -1: out of memory. */
int shortlist_titles_add(struct shortlist_titles *titles, struct text text, struct shortlist_title title);

/* Whether the text is there, and what it means. */
bool shortlist_titles_find(const struct shortlist_titles *titles, const char *text, size_t length,
			   struct shortlist_title *title);

#endif

/* shortlist-titles.h - a table of texts whose meaning is known. */
#ifndef ANIMED_KNOWN_TITLES_H
#define ANIMED_KNOWN_TITLES_H

#include "titles/lookup.h"

struct known_titles;

struct known_title {
	uint32_t item;
	enum lookup_way way;
};

/* An empty table; NULL: out of memory. */
struct known_titles *known_titles_new(void);
void known_titles_free(struct known_titles *known);

/* Add a text that is not there yet; one that is too long is left out.  -1: out of memory. */
int known_titles_add(struct known_titles *known, struct text text, struct known_title title);

/* Whether the text is there, and what it means. */
bool known_titles_find(const struct known_titles *known, const char *text, size_t length, struct known_title *title);

#endif

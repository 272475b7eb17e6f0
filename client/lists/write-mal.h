/* write-mal.h - writes a list as the XML that MyAnimeList imports. */
#ifndef CLIENT_LIST_WRITE_MAL_H
#define CLIENT_LIST_WRITE_MAL_H

#include <stdio.h>

#include "lists/list.h"

/* Whether MyAnimeList can have the entry: it has an id there, and is neither unwanted nor ignored, for which
 * MyAnimeList has no status. */
bool list_mal_takes(const struct list_entry *entry);

/* Write the entries that MyAnimeList can have.  Scores are on LIST_SCALE; MyAnimeList has whole ones from 1, to which they
 * are rounded.  That writing failed is known by ferror(). */
void list_write_mal(const struct list *list, FILE *out);

#endif

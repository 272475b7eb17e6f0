/* title-list.h - reads a list of titles beside the catalogue, which the parameter items.titles names: other names of its
 * items and, where the list has them, their type, year, episodes, picture and tags.
 *
 * The list is told by its content.  One that begins with a bracket is the anime-offline-database, as JSON or as JSON
 * lines, of which the entries with a page on MyAnimeList are those of that page's id
 * (https://github.com/manami-project/anime-offline-database).  Any other is a CSV file with a column of ids and columns of
 * titles. */
#ifndef PLUGINS_TITLE_LIST_H
#define PLUGINS_TITLE_LIST_H

#include "rows/table.h"

/* Reads a CSV file into a table in this many threads, as csv_read_table() does. */
typedef int (*title_list_csv)(struct rows_table *table, const char *path, unsigned threads, struct animed_error *err);

/* Give what the list knows to the sink, as details; to be called once the sink has the items.  Does nothing where the
 * configuration names no list.  Returns 0.  On failure returns -1 and fills err. */
int title_list_load(const struct rows_load *load, title_list_csv read_csv, struct animed_error *err);

#endif

/* row.h - rows of columns that are known by their names, from CSV and from JSON. */
#ifndef CLIENT_LIST_ROW_H
#define CLIENT_LIST_ROW_H

#include "lists/list.h"

/* What a column may have. */
enum row_column {
	ROW_MAL,
	ROW_ANILIST,
	ROW_KITSU,
	ROW_ANIDB,
	ROW_SIMKL,
	ROW_TITLE,
	ROW_TITLE_2,
	ROW_TITLE_3,
	ROW_YEAR,
	ROW_STATUS,
	ROW_SCORE,
	ROW_PROGRESS,
	ROW_REPEATS,
	ROW_NOTES,
	ROW_KIND,
	ROW_COLUMNS,
	ROW_UNKNOWN = ROW_COLUMNS,
};

/* Where the cells of each column come from.  A file may have several columns of one kind, such as the rating of all
 * people beside one's own, of which the one whose name is the most telling counts. */
struct row_name {
	enum row_column column;
	int rank; /* the lower, the more telling */
};

/* What a column is by its name, in any spelling: ROW_UNKNOWN where it is none of these. */
struct row_name row_name_of(const char *name);

/* Make an entry of the cells, of which each may be NULL, and add it, as list_add() does. */
int row_add(struct list *list, const char *const cells[static ROW_COLUMNS]);

#endif

/* table-private.h - what the files of the table share. */
#ifndef PLUGINS_TABLE_PRIVATE_H
#define PLUGINS_TABLE_PRIVATE_H

#include "rows/table.h"

/* The columns of items, of ratings and of favourites. */
enum rows_column {
	COLUMN_ITEM,
	COLUMN_TITLE,
	COLUMN_ALT_TITLES,
	COLUMN_SYNOPSIS,
	COLUMN_GENRES,
	COLUMN_TYPE,
	COLUMN_YEAR,
	COLUMN_EPISODES,
	COLUMN_MEMBERS,
	COLUMN_USER,
	COLUMN_RATED_ITEM,
	COLUMN_SCORE,
	COLUMN_FAN,
	COLUMN_FAVOURITES,
	COLUMNS,
};

enum { NO_COLUMN = -1, ROWS_MAX_COLUMNS = 256 };

struct rows_table {
	const struct rows_load *load;
	enum rows_kind kind;
	const char *name;
	enum rows_places places;
	int columns[COLUMNS];                       /* where each column is in a row, or NO_COLUMN */
	bool has_titles[ROWS_MAX_COLUMNS];          /* ROWS_DETAILS: whether a column has titles */
	const struct animed_value *unrated, *range; /* NULL: not set */
	size_t width;                               /* how many cells the header has */
	bool spare;                                 /* rows end with an empty cell beyond those of the header */
	struct batch *batch;                        /* of rows_table_take() */
	struct batch_reject first;                  /* the first row that was left out */
	uint64_t rows, rejects, n_unrated;
};

/* The cell of a column; "" where the table has no such column or the row no such cell. */
static inline const char *rows_cell(const struct rows_table *table, const struct row *row, enum rows_column column,
				    size_t *length)
{
	const int at = table->columns[column];
	const bool there = at != NO_COLUMN && (size_t)at < row->n && row->cells[at];

	*length = there ? row->lengths[at] : 0;
	return there ? row->cells[at] : "";
}

int rows_add_item(const struct rows_table *table, struct batch *batch, const struct row *row);
int rows_add_rating(const struct rows_table *table, struct batch *batch, const struct row *row);
/* Find a column in the header: by exact name, else without regard to case.  NO_COLUMN: there is none. */
int rows_find_column(const struct row *header, const char *name);

/* Find the columns of ROWS_DETAILS, as rows_table_columns() does for the other kinds. */
int rows_title_columns(struct rows_table *table, const struct row *header, struct animed_error *err);

int rows_add_titles(const struct rows_table *table, struct batch *batch, const struct row *row);
int rows_add_details(struct batch *batch, const struct rows_details *details);
int rows_add_favourites(const struct rows_table *table, struct batch *batch, const struct row *row);

#endif

/* table-private.h - what the files of the table share. */
#ifndef PLUGINS_TABLE_PRIVATE_H
#define PLUGINS_TABLE_PRIVATE_H

#include "rows/table.h"
#include "rows/where.h"

/* The columns of items, of ratings and of favourites. */
enum rows_column {
	COLUMN_ITEM,
	COLUMN_TITLE,
	COLUMN_ALT_TITLES,
	COLUMN_ALT_TITLES_LAST = COLUMN_ALT_TITLES + 3,
	COLUMN_SYNOPSIS,
	COLUMN_GENRES,
	COLUMN_TYPE,
	COLUMN_YEAR,
	COLUMN_EPISODES,
	COLUMN_MEMBERS,
	COLUMN_LINK,
	COLUMN_PICTURE,
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
	int columns[COLUMNS];              /* where each column is in a row, or NO_COLUMN */
	bool has_titles[ROWS_MAX_COLUMNS]; /* ROWS_DETAILS: whether a column has titles */
	const struct animed_value *range;  /* NULL: not set */
	float *unrated;                    /* [n_unrated]: the scores that say so */
	size_t n_unrated;
	char not_utf8[128];                  /* what to say of a row that is not UTF-8, before what it is of */
	const struct rows_default *defaults; /* NULL: none */
	struct where where;
	struct where_seen seen;          /* what the rows had in the columns of it */
	bool grouped;                    /* the item stands on a line of its own, as "12:", before its ratings */
	bool has_group;                  /* there was such a line, */
	int64_t group;                   /* and this is the last item */
	bool lost;                       /* the last such line is at fault */
	const struct animed_list *flags; /* the genres that have columns of 0 and 1, from first_flag on; NULL: none */
	int first_flag;
	size_t width;              /* how many cells the header has */
	bool spare;                /* rows end with an empty cell beyond those of the header */
	struct batch *batch;       /* of rows_table_take() */
	struct batch_reject first; /* the first row that was left out */
	struct batch_unread unread[BATCH_COUNTS];
	int of; /* what the scores are out of; 0: not known */
	uint64_t rows, rejects, unrated_rows, others;
	uint64_t shown; /* how many of the rows that were left out are in the log */
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

/* Whether the row is the header once more, as in files that were put together of several. */
bool rows_is_header(const struct rows_table *table, const struct row *row);

/* Say what is wrong with the row at `place`: "reviews.csv:12: WHAT" or "row 12 of ratings.query: WHAT".  Returns -1. */
int rows_fail_at(const struct rows_table *table, uint64_t place, const char *what, struct animed_error *err);

/* Add the rows of a batch to the counts of the table, and report the first ones of the table that were left out.  On
 * failure, where scores are out of different numbers, returns -1 and fills err. */
int rows_count(struct rows_table *table, const struct batch *batch, uint64_t base, struct animed_error *err);

/* Why a row of which a cell is not UTF-8 is left out. */
const char *rows_no_text(const struct rows_table *table, const struct row *row);

int rows_add_item(const struct rows_table *table, struct batch *batch, const struct row *row);
int rows_add_rating(const struct rows_table *table, struct batch *batch, const struct row *row);
size_t rows_user_length(const char *user, size_t length);
/* Find a column in the header: by exact name, else without regard to case.  NO_COLUMN: there is none. */
int rows_find_column(const struct row *header, const char *name);

/* Find the columns of ROWS_DETAILS, as rows_table_columns() does for the other kinds. */
int rows_title_columns(struct rows_table *table, const struct row *header, struct animed_error *err);

int rows_add_titles(const struct rows_table *table, struct batch *batch, const struct row *row);
int rows_add_details(struct batch *batch, const struct rows_details *details);
int rows_add_favourites(const struct rows_table *table, struct batch *batch, const struct row *row);

#endif

/* table.h - turns rows of cells, from whatever source, into batches of items or of ratings for the sink.
 *
 * A source makes a table for each file or query that it reads, names its columns once, hands its rows over and ends it:
 *
 *     table = rows_table_new(&load, ROWS_RATINGS, "ratings.query", ROWS_NUMBERED, err);
 *     rows_table_columns(table, &header, err);
 *     while (there is a row && rows_table_take(table, &row, err) == 0)
 *         ;
 *     rows_table_end(table, err);
 *     rows_table_free(table);
 *
 * A source that reads in several threads has a batch for each piece of its rows: it fills them by rows_table_add() in
 * any thread, and gives them to the sink by rows_table_give() in the order of the rows. */
#ifndef PLUGINS_TABLE_H
#define PLUGINS_TABLE_H

#include "rows/batch.h"
#include "rows/row.h"

struct rows_table;

/* What the tables of a load share.  `params` has the rows of rows/params.h; all of it outlives the tables. */
struct rows_load {
	const struct animed_param *params;
	const struct animed_value *values;
	const struct animed_sink *sink;
	const struct animed_host *host;
	struct animed_source_stats *stats;
};

/* What the rows are.  Those of ROWS_DETAILS are a list of titles: the column of ids is that of the items, or has a usual
 * name such as "id", and titles are in the columns whose names say so. */
enum rows_kind { ROWS_ITEMS, ROWS_RATINGS, ROWS_FAVOURITES, ROWS_DETAILS };

/* How a message names the place of a row. */
enum rows_places {
	ROWS_LINES,    /* NAME:12, where NAME is a file */
	ROWS_NUMBERED, /* row 12 of NAME, where NAME is the parameter of a query */
};

enum { ROWS_MAX_WANTED = 32 };

/* Returns the value of a parameter by its name.  NULL: the source has no such parameter, or it is not set. */
const struct animed_value *rows_value(const struct rows_load *load, const char *name);

/* The value that a parameter has where the configuration gives none. */
struct rows_default {
	const char *name; /* of the parameter; NULL: the end of a table of them */
	struct animed_value value;
};

/* The same for a parameter that may have a default among those of the table. */
const struct animed_value *rows_table_value(const struct rows_table *table, const char *name);

/* Make a table of rows that come from `name`, which outlives it.  On failure returns NULL and fills err. */
struct rows_table *rows_table_new(const struct rows_load *load, enum rows_kind kind, const char *name,
				  enum rows_places places, struct animed_error *err);
void rows_table_free(struct rows_table *table);

/* Set the defaults of a dataset whose layout is known, which outlive the table, before its columns are found.  Besides
 * parameters there may be among them:
 *   items.first_flag, a text: the first of the columns that have 1 in them for an item of a genre, and else 0;
 *   items.flags, a list: the genres of these columns;
 *   ratings.grouped, true: rows have no item; a row of one cell, "12:", has it for those after it.
 * On failure returns -1 and fills err. */
int rows_table_defaults(struct rows_table *table, const struct rows_default *defaults, struct animed_error *err);

/* A key that a parameter names, for a source whose rows name their cells one by one. */
struct rows_key {
	const char *name, *param;
	bool list; /* its value may be a list, written as in JSON */
};

/* Write the keys of the table to `keys`.  Returns how many there are. */
size_t rows_table_wanted(const struct rows_table *table, struct rows_key keys[ROWS_MAX_WANTED]);

/* In place of rows_table_columns(): the rows have the cells of rows_table_wanted(), in that order.  `first` has the keys
 * of the first row, among which must be those without which no row can be used.  On failure, which is that they are not,
 * returns -1 and fills err. */
int rows_table_keys(struct rows_table *table, const struct row *first, struct animed_error *err);

/* Once all rows were taken: warn of keys that the configuration names and that no row had.  seen[i] tells whether one had
 * key i. */
void rows_table_unseen(const struct rows_table *table, const bool seen[ROWS_MAX_WANTED]);

/* Find the columns of the parameters by the names in `header`.  On failure, which is a missing column that must be
 * there, returns -1 and fills err. */
int rows_table_columns(struct rows_table *table, const struct row *header, struct animed_error *err);

/* Whether a header has the columns that rows of `kind` must have, by the parameters and these defaults. */
bool rows_table_fits(const struct rows_table *table, enum rows_kind kind, const struct rows_default *defaults,
		     const struct row *header);

/* Look at the first row after the header, which is added like the others: where it has an empty cell more than the
 * header, each row of the file is expected to end with a separator. */
void rows_table_first(struct rows_table *table, const struct row *row);

/* The name of the table, and the group of the parameters of its columns, such as "ratings". */
const char *rows_table_name(const struct rows_table *table);
const char *rows_table_group(const struct rows_table *table);

/* Say something of the table in the log: "NAME: WHAT TEXT". */
void rows_table_say(const struct rows_table *table, const char *what, const char *text);

/* Add a row to a batch: as an item or a rating, or as a row that is left out, with the reason.  Any thread.  Returns -1
 * where memory is short. */
int rows_table_add(const struct rows_table *table, struct batch *batch, const struct row *row);

/* What a list beside the catalogue knows of an item.  Texts are NUL-terminated; what is not known is "" or 0. */
struct rows_details {
	int64_t id;
	const char *title, *alt_titles, *tags; /* '|' between alternative titles and between tags */
	const char *type, *picture;
	int32_t year, episodes;
};

/* In place of rows_table_take(), for ROWS_DETAILS from another kind of list.  Returns as that does. */
int rows_table_details(struct rows_table *table, const struct rows_details *details, struct animed_error *err);

/* Count the rows of a batch, log the first ones of the table that were left out, give the others to the sink and clear
 * the batch.  `base` is added to the places of the rows.  Returns 0.  On failure returns -1 and fills err. */
int rows_table_give(struct rows_table *table, struct batch *batch, uint64_t base, struct animed_error *err);

/* Whether the sink has as many rows as it wants, so that the source stops though there are more, which load->stats then
 * tells. */
bool rows_table_enough(const struct rows_table *table);

/* Whether a parameter names this column of the header. */
bool rows_table_uses(const struct rows_table *table, size_t column);

/* Take a row in the thread that reads: add it to a batch of the table's own, and give that to the sink once it is full.
 * Returns 0, or 1 where the sink has as many rows as it wants and the row was not taken.  On failure returns -1 and
 * fills err. */
int rows_table_take(struct rows_table *table, const struct row *row, struct animed_error *err);

/* In place of rows_table_take(): count the row at `place`, which cannot be read, and leave it out: WHY "WHAT".  Returns
 * as that does. */
int rows_table_reject(struct rows_table *table, uint64_t place, const char *why, const char *what,
		      struct animed_error *err);

/* After the last row: give what rows_table_take() has kept to the sink, add the counts to load->stats and check that no
 * more rows were left out than max_rejects allows.  On failure returns -1 and fills err. */
int rows_table_end(struct rows_table *table, struct animed_error *err);

#endif

/* table.h - tables whose columns line up on a terminal. */
#ifndef CLIENT_TABLE_H
#define CLIENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TABLE_COLUMNS = 16 };

/* Which columns are cut first where the terminal is too narrow. */
enum table_shrink { TABLE_WHOLE, TABLE_CUT_LAST, TABLE_CUT_FIRST };

/* A column in which no row has a text is not printed. */
struct table_column {
	const char *head;
	bool right; /* aligned to the right */
	enum table_shrink shrink;
};

/* Rows of cells.  With the columns set and all else zero it is empty. */
struct table {
	const struct table_column *columns;
	size_t n_columns; /* at most TABLE_COLUMNS */
	char **cells;     /* [n_rows * n_columns], owned */
	size_t n_rows, room;
};

/* Add a row.  The table takes over its cells, which are strings on the heap; NULL is an empty cell.  Ends the program
 * where memory is short. */
void table_add(struct table *table, char *const cells[]);

/* Print it at most `width` cells wide; 0: as wide as it is. */
void table_print(const struct table *table, FILE *out, size_t width);
void table_free(struct table *table);

/* How many cells of a terminal a text takes: two for an East Asian wide character, none for a combining one. */
size_t text_cells(const char *text);

/* How wide the terminal behind `out` is; 0 where `out` is no terminal. */
size_t terminal_width(FILE *out);

#endif

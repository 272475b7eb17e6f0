/* csv-table.h - reads a CSV file into a table. */
#ifndef PLUGINS_CSV_TABLE_H
#define PLUGINS_CSV_TABLE_H

#include "csv/csv-options.h"
#include "rows/table.h"

/* Read the whole file into `table`, in this many threads, and find out how it is written.  The caller ends the table.
 * On failure returns -1 and fills err. */
int csv_read_table(struct rows_table *table, const char *path, unsigned threads, struct animed_error *err);

/* Read the file of `kind` as its parameters say, in the layout of this name or one that is found out, "auto".  On
 * failure returns -1 and fills err. */
int csv_load_file(const struct rows_load *load, enum rows_kind kind, const char *path, const char *layout,
		  struct animed_error *err);

#endif

/* csv-table.h - reads a CSV file into a table. */
#ifndef PLUGINS_CSV_TABLE_H
#define PLUGINS_CSV_TABLE_H

#include "csv/csv-reader.h"
#include "rows/table.h"

/* Read the whole file into `table`, in this many threads, and find out how it is written.  The caller ends the table.
 * On failure returns -1 and fills err. */
int csv_read_table(struct rows_table *table, const char *path, unsigned threads, struct animed_error *err);

/* The same for a file that is written as the options say. */
int csv_read_table_as(struct rows_table *table, const char *path, const struct csv_options *options,
		      struct animed_error *err);

#endif

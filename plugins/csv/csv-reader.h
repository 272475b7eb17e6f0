/* csv-reader.h - reads the rows of a CSV file in several threads. */
#ifndef PLUGINS_CSV_READER_H
#define PLUGINS_CSV_READER_H

#include "csv/csv-handler.h"
#include "csv/csv-options.h"

/* Read the file, packed or not, and hand its rows to the handler.  Returns 0, or 1 where the handler has
 * stopped.  On failure returns -1 and fills err. */
int csv_read(const char *path, const struct csv_handler *handler, const struct csv_options *options,
	     struct animed_error *err);

#endif

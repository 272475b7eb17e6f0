/* csv-scan.h - follows the quotes of a CSV file without parsing it: finds where rows end, to cut the file into pieces,
 * and the rows whose quotes are at fault, which libcsv would read as something else.
 *
 * A field is quoted where a quote comes first in it.  It is at fault where anything but blanks stands between its
 * closing quote and the next separator or line break, where no quote closes it, or where it has tabs and line breaks in
 * it though tabs separate the fields.  The row then ends at the first line
 * break after the opening quote, so that the rows after it are read as if it were not there.  Two kinds of text are
 * beyond doubt all the same: quotes behind backslashes, see enum csv_escape, and a line that has "Paper Lamp" Movie as a
 * field, which is Paper Lamp Movie.  A quote in a field that is not quoted is text. */
#ifndef PLUGINS_CSV_SCAN_H
#define PLUGINS_CSV_SCAN_H

#include <stddef.h>

#include "csv/csv-format.h"

/* A piece of text, which begins where a row does. */
struct csv_scan {
	char *text;
	size_t size;
	const struct csv_format *format;
	bool whole; /* nothing that matters comes after it: it is cut where a row ends, or the file ends with it */
};

/* A row that is at fault. */
struct csv_bad_row {
	size_t begin, end; /* offsets; the row ends with its line break */
	const char *why;
};

/* Returns the offset just past the line break of the last, or the first, row that ends within the text whatever comes
 * after it; 0 where none does.  *plain receives whether nothing is at fault in the text and libcsv understands it as it
 * is; false may also mean that this is not known. */
size_t csv_last_row_end(const struct csv_scan *scan, bool *plain);
size_t csv_first_row_end(const struct csv_scan *scan);

/* Whether the text is plainly written with backslashes before quotes: fewer of its fields are at fault if it is. */
bool csv_has_backslashes(const struct csv_scan *scan);

/* Find the first row at fault of a text that is whole.  Fields before it that libcsv would not understand are rewritten
 * in place, with doubled quotes and nothing after the closing one; the text keeps its length.  Returns
 * whether there is such a row. */
bool csv_find_bad_row(const struct csv_scan *scan, struct csv_bad_row *bad);

#endif

/* csv-file.h - reads a CSV file in pieces of whole rows. */
#ifndef PLUGINS_CSV_FILE_H
#define PLUGINS_CSV_FILE_H

#include "animed-plugin.h"
#include "csv/csv-options.h"

/* Bytes in memory that grows; there is room for one more behind them. */
struct csv_text {
	char *bytes;
	size_t size, room;
};

struct csv_file;

/* Open the file.  On failure returns -1 and fills err. */
int csv_file_open(const char *path, const struct csv_options *options, struct csv_file **out, struct animed_error *err);
void csv_file_close(struct csv_file *file);

/* How rows are written; the separator is known once a row has been read. */
const struct csv_format *csv_file_format(const struct csv_file *file);

/* Read a row that may be the header, with its line break, and pass over blank lines, a line
 * "sep=;" and, before a header, lines that begin with '#'.  *line, which the caller sets to 1 at first, receives the line on which it begins.  Where no
 * separator is given it is found out anew.  The caller owns the text, here as below.  Returns 1, or 0 at the end of the
 * file.  On failure returns -1 and fills err, without path and line. */
int csv_file_header(struct csv_file *file, struct csv_text *row, uint64_t *line, struct animed_error *err);

/* Read the next row without taking it away, and see by the first CSV_BLOCK bytes how quotes are escaped.  Returns as
 * csv_file_header() does. */
int csv_file_peek(struct csv_file *file, struct csv_text *row, struct animed_error *err);

/* Read the next piece, about `block` bytes of whole rows.  *last tells that nothing comes after it; its last row may
 * then lack a line break.  *plain is as for csv_last_row_end().  Returns 1, or 0 where nothing is left.  On failure
 * returns -1 and fills err. */
int csv_file_next(struct csv_file *file, struct csv_text *text, bool *last, bool *plain, struct animed_error *err);

#endif

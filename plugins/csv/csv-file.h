/* csv-file.h - reads a CSV file, plain or gzipped, in pieces of whole rows. */
#ifndef PLUGINS_CSV_FILE_H
#define PLUGINS_CSV_FILE_H

#include <stdbool.h>

#include "animed-plugin.h"

/* Bytes in memory that grows. */
struct csv_text {
	char *bytes;
	size_t size, room;
};

struct csv_file;

/* Open the file and skip a byte order mark and the lines that begin with '#'.  `header` receives the first row that is
 * not blank, with its line break, and *line the line on which it begins.  The caller owns the text, here as below.  On
 * failure returns -1 and fills err. */
int csv_file_open(const char *path, size_t block, struct csv_file **out, struct csv_text *header, uint64_t *line,
		  struct animed_error *err);
void csv_file_close(struct csv_file *file);

/* The separator: of comma, tab and semicolon the one that the header has most of. */
char csv_file_separator(const struct csv_file *file);

/* Read the next piece, about `block` bytes of whole rows.  *last tells that nothing comes after it; its last row may
 * then lack a line break.  Returns 1, or 0 where nothing is left.  On failure returns -1 and fills err. */
int csv_file_next(struct csv_file *file, struct csv_text *text, bool *last, struct animed_error *err);

#endif

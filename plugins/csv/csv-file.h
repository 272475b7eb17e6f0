/* csv-file.h - a CSV file, plain or gzipped, in pieces of whole rows. */
#ifndef PLUGINS_CSV_FILE_H
#define PLUGINS_CSV_FILE_H

#include <stdbool.h>

#include "animed-plugin.h"

/* Bytes that grow. */
struct csv_text {
	char *bytes;
	size_t size, room;
};

struct csv_file;

/* Open the file and skip a byte order mark and the lines that begin with '#'; then `header` becomes the first row that
 * is not blank, with its line break, which begins on *line.  Its text belongs to the caller, here as below. */
int csv_file_open(const char *path, size_t block, struct csv_file **out, struct csv_text *header, uint64_t *line,
		  struct animed_error *err);
void csv_file_close(struct csv_file *file);

/* Of comma, tab and semicolon the one that the header has most of. */
char csv_file_separator(const struct csv_file *file);

/* The next piece: about `block` bytes of whole rows.  *last: nothing comes after it, and its last row may lack a line
 * break.  1, or 0 where nothing is left, or -1 with `err` filled. */
int csv_file_next(struct csv_file *file, struct csv_text *text, bool *last, struct animed_error *err);

#endif

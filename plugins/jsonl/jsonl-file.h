/* jsonl-file.h - reads a file line by line. */
#ifndef PLUGINS_JSONL_FILE_H
#define PLUGINS_JSONL_FILE_H

#include "animed-plugin.h"

struct jsonl_file;

/* Open the file, packed or not.  On failure returns -1 and fills err, without the path. */
int jsonl_file_open(const char *path, struct jsonl_file **out, struct animed_error *err);
void jsonl_file_close(struct jsonl_file *file);

/* Go on to the next line that is not blank.  *text, of *length bytes and without its line break, is valid until the
 * next call; *line receives its number, from 1.  Returns 1, or 0 at the end of the file.  On failure returns -1 and
 * fills err, without the path. */
int jsonl_file_next(struct jsonl_file *file, const char **text, size_t *length, uint64_t *line,
		    struct animed_error *err);

#endif

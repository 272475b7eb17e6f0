/* jsonl-file.h - reads a file in pieces of whole lines. */
#ifndef PLUGINS_JSONL_FILE_H
#define PLUGINS_JSONL_FILE_H

#include "animed-plugin.h"

struct jsonl_file;

/* Whole lines of a file; the last one of the file may lack its line break.  Whoever has it frees the bytes. */
struct jsonl_block {
	char *bytes;
	size_t size, room;
};

/* Open the file, packed or not.  On failure returns -1 and fills err, without the path. */
int jsonl_file_open(const char *path, struct jsonl_file **out, struct animed_error *err);
void jsonl_file_close(struct jsonl_file *file);

/* Read the next lines into the block, in place of what it has.  Returns 1, or 0 at the end of the file.  On failure
 * returns -1 and fills err, without the path. */
int jsonl_file_next(struct jsonl_file *file, struct jsonl_block *block, struct animed_error *err);

/* Go on to the next line of a block that is not blank, behind the offset *at, which is 0 at first.  *text, of *length
 * bytes and without its line break, is the block's; *line, which is 0 at first, counts the lines so far, with this one.
 * Returns false at the end of the block. */
bool jsonl_line_next(const struct jsonl_block *block, size_t *at, const char **text, size_t *length, uint64_t *line);

#endif

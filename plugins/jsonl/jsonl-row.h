/* jsonl-row.h - reads the cells of a row from a JSON object. */
#ifndef PLUGINS_JSONL_ROW_H
#define PLUGINS_JSONL_ROW_H

#include <jansson.h>

#include "animed-plugin.h"
#include "rows/table.h"

/* The cells of one object after the other, in the order of the keys. */
struct jsonl_row {
	struct rows_key keys[ROWS_MAX_WANTED];
	size_t n;
	const char *cells[ROWS_MAX_WANTED];
	size_t lengths[ROWS_MAX_WANTED];
	bool seen[ROWS_MAX_WANTED]; /* whether any object had the key */
	char *text;                 /* of the cells that are no strings */
	size_t size, room;
};

enum { JSONL_WHY = 160 };

/* Read the cells of an object, which must outlive them; all of them are NULL at first.  A key may lead into objects within it, with a dot between the
 * names of each, and through arrays into each element.  Returns 0, or 1 where the object cannot be a row: `why` then
 * says which key is to blame.  Returns -1 where memory is short. */
int jsonl_row_read(struct jsonl_row *row, const json_t *object, char why[JSONL_WHY]);

/* Free what the row owns. */
void jsonl_row_clear(struct jsonl_row *row);

/* Write the keys of an object, with those of objects within it and within its arrays, to `names`, one after the other
 * with a NUL behind each, as far as they fit into `size` bytes.  Returns how many they are. */
size_t jsonl_keys(const json_t *object, char *names, size_t size);

#endif

/* columns.h - memory that grows by doubling: columns of numbers and of strings, and a single text. */
#ifndef ANIMED_COLUMNS_H
#define ANIMED_COLUMNS_H

#include "base/text.h"

/* A column of strings that lie one after another, as in struct animed_strings.  A zeroed struct is an empty column. */
struct text_column {
	char *bytes;
	uint64_t *offsets; /* [n + 1] as soon as there is a string */
	size_t n, size, bytes_room, rows_room;
};

/* Append a copy of a string.  Returns 0, or -1 where memory is short. */
int text_column_add(struct text_column *column, const void *bytes, size_t length);
void text_column_free(struct text_column *column);

static inline struct animed_strings text_column_view(const struct text_column *column)
{
	return (struct animed_strings){column->bytes, column->offsets};
}

/* A text that grows.  It is NUL-terminated as soon as something has been added.  A zeroed struct is an empty text.  The
 * owner frees `bytes` with free(). */
struct text_buffer {
	char *bytes;
	size_t length, room;
};

/* Append a copy of the bytes.  Returns 0, or -1 where memory is short. */
int text_buffer_add(struct text_buffer *buffer, const char *bytes, size_t length);

/* Enlarge *memory, which has room for *room elements of `size` bytes, until it has room for `n`.  The memory may move,
 * as with realloc().  Returns 0, or -1 where memory is short; then *memory and *room are unchanged. */
int grow(void **memory, size_t *room, size_t n, size_t size);

#endif

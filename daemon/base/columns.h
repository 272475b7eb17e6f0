/* columns.h - memory that grows by doubling: columns of numbers and of strings, and a single text. */
#ifndef ANIMED_COLUMNS_H
#define ANIMED_COLUMNS_H

#include "base/text.h"

/* Strings one after another, as in struct animed_strings.  Zeroed, it is empty. */
struct text_column {
	char *bytes;
	uint64_t *offsets; /* n + 1 once there is a row */
	size_t n, size, bytes_room, rows_room;
};

/* Add a string.  Returns 0, or -1 where memory is short. */
int text_column_add(struct text_column *column, const void *bytes, size_t length);
void text_column_free(struct text_column *column);

static inline struct animed_strings text_column_view(const struct text_column *column)
{
	return (struct animed_strings){column->bytes, column->offsets};
}

/* A text, NUL-terminated once something was added.  Zeroed, it is empty.  Its owner frees `bytes` with free(). */
struct text_buffer {
	char *bytes;
	size_t length, room;
};

/* Add bytes.  Returns 0, or -1 where memory is short. */
int text_buffer_add(struct text_buffer *buffer, const char *bytes, size_t length);

/* Make room for `n` elements of `size` bytes in *memory, which has room for *room.  Returns 0, or -1 where memory is
 * short; then everything is as it was. */
int grow(void **memory, size_t *room, size_t n, size_t size);

#endif

/* columns.c - grows memory by doubling. */
#include "config.h"

#include "base/columns.h"

#include <stdlib.h>
#include <string.h>

int grow(void **memory, size_t *room, size_t n, size_t size)
{
	size_t want = *room ? *room : 1024, bytes;

	if (n <= *room)
		return 0;
	while (want < n) {
		if (__builtin_mul_overflow(want, 2u, &want))
			return -1;
	}
	if (__builtin_mul_overflow(want, size, &bytes))
		return -1;
	void *more = realloc(*memory, bytes);
	if (!more)
		return -1;
	*memory = more;
	*room = want;
	return 0;
}

int text_column_add(struct text_column *column, const void *bytes, size_t length)
{
	if (grow((void **)&column->offsets, &column->rows_room, column->n + 2, sizeof *column->offsets) < 0 ||
	    grow((void **)&column->bytes, &column->bytes_room, column->size + length + 1, 1) < 0)
		return -1;
	if (length > 0)
		memcpy(column->bytes + column->size, bytes, length);
	column->offsets[column->n++] = column->size;
	column->size += length;
	column->offsets[column->n] = column->size;
	return 0;
}

int text_buffer_add(struct text_buffer *buffer, const char *bytes, size_t length)
{
	if (grow((void **)&buffer->bytes, &buffer->room, buffer->length + length + 1, 1) < 0)
		return -1;
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
	return 0;
}

void text_column_free(struct text_column *column)
{
	free(column->bytes);
	free(column->offsets);
	*column = (struct text_column){0};
}

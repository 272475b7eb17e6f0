/* jsonl-file.c - cuts the text of a file where lines end. */
#include "config.h"

#include "jsonl/jsonl-file.h"

#include <stdlib.h>
#include <string.h>

#include "rows/input.h"

/* How much is read at once, how much a block has at least, unless the file ends, and the longest line. */
#define PIECE    ((size_t)64 * 1024)
#define BLOCK    ((size_t)512 * 1024)
#define MAX_LINE ((size_t)64 << 20)

struct jsonl_file {
	struct input *input;
	struct jsonl_block rest; /* what was read behind the last whole line */
	bool end;
};

int jsonl_file_open(const char *path, struct jsonl_file **out, struct animed_error *err)
{
	struct jsonl_file *file = calloc(1, sizeof *file);

	*out = NULL;
	if (!file)
		return animed_fail(err, "out of memory");
	if (input_open(path, "auto", &file->input, err) < 0) {
		jsonl_file_close(file);
		return -1;
	}
	*out = file;
	return 0;
}

void jsonl_file_close(struct jsonl_file *file)
{
	if (!file)
		return;
	if (file->input)
		input_close(file->input);
	free(file->rest.bytes);
	free(file);
}

static int reserve(struct jsonl_block *block, size_t room, struct animed_error *err)
{
	if (room <= block->room)
		return 0;
	char *more = realloc(block->bytes, room);
	if (!more)
		return animed_fail(err, "out of memory");
	block->bytes = more;
	block->room = room;
	return 0;
}

/* Append bytes, of which there may be none. */
static int append(struct jsonl_block *block, const char *bytes, size_t size, struct animed_error *err)
{
	if (size == 0)
		return 0;
	if (reserve(block, block->size + size, err) < 0)
		return -1;
	memcpy(block->bytes + block->size, bytes, size);
	block->size += size;
	return 0;
}

/* Read on until the block has `want` bytes or the file ends. */
static int fill(struct jsonl_file *file, struct jsonl_block *block, size_t want, struct animed_error *err)
{
	size_t n;

	if (reserve(block, want + PIECE, err) < 0)
		return -1;
	while (!file->end && block->size < want) {
		if (input_read(file->input, block->bytes + block->size, block->room - block->size, &n, err) < 0)
			return -1;
		block->size += n;
		file->end = n == 0;
	}
	return 0;
}

int jsonl_file_next(struct jsonl_file *file, struct jsonl_block *block, struct animed_error *err)
{
	const char *last = NULL;

	block->size = 0;
	if (append(block, file->rest.bytes, file->rest.size, err) < 0)
		return -1;
	file->rest.size = 0;
	for (size_t want = BLOCK; !last && !file->end; want *= 2) {
		if (block->size > MAX_LINE)
			return animed_fail(err, "a line of more than %zu MB; one object on each line was expected",
					   MAX_LINE >> 20);
		if (fill(file, block, want, err) < 0)
			return -1;
		last = memrchr(block->bytes, '\n', block->size);
	}
	if (!file->end && last) {
		const size_t whole = (size_t)(last - block->bytes) + 1;
		if (append(&file->rest, last + 1, block->size - whole, err) < 0)
			return -1;
		block->size = whole;
	}
	return block->size > 0;
}

static bool is_blank(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!memchr(" \t\r", text[i], 3))
			return false;
	}
	return true;
}

bool jsonl_line_next(const struct jsonl_block *block, size_t *at, const char **text, size_t *length, uint64_t *line)
{
	while (*at < block->size) {
		const char *end = memchr(block->bytes + *at, '\n', block->size - *at);
		*text = block->bytes + *at;
		*length = end ? (size_t)(end - *text) : block->size - *at;
		*at += *length + (end != NULL);
		++*line;
		if (!is_blank(*text, *length))
			return true;
	}
	return false;
}

/* jsonl-file.c - cuts the text of a file into lines. */
#include "config.h"

#include "jsonl/jsonl-file.h"

#include <stdlib.h>
#include <string.h>

#include "rows/input.h"

/* How much is read at once, and the longest line. */
#define PIECE    ((size_t)256 * 1024)
#define MAX_LINE ((size_t)64 << 20)

struct jsonl_file {
	struct input *input;
	char *bytes; /* read and not yet passed on: [at, size) */
	size_t at, size, room;
	uint64_t line; /* how many lines were passed on or over */
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
	free(file->bytes);
	free(file);
}

/* Read on behind the bytes that are there, which move to the beginning. */
static int read_more(struct jsonl_file *file, struct animed_error *err)
{
	size_t n;

	file->size -= file->at;
	if (file->size > 0)
		memmove(file->bytes, file->bytes + file->at, file->size);
	file->at = 0;
	if (file->size > MAX_LINE)
		return animed_fail(err, "a line of more than %zu MB; one object on each line was expected",
				   MAX_LINE >> 20);
	if (file->size + PIECE > file->room) {
		char *more = realloc(file->bytes, file->size * 2 + PIECE);
		if (!more)
			return animed_fail(err, "out of memory");
		file->bytes = more;
		file->room = file->size * 2 + PIECE;
	}
	if (input_read(file->input, file->bytes + file->size, PIECE, &n, err) < 0)
		return -1;
	file->size += n;
	file->end = n == 0;
	return 0;
}

/* Find the next line, blank or not.  Returns as jsonl_file_next() does. */
static int next_line(struct jsonl_file *file, const char **text, size_t *length, struct animed_error *err)
{
	size_t searched = 0;

	for (;;) {
		const char *from = file->bytes + file->at;
		const size_t left = file->size - file->at;
		const char *end = left > searched ? memchr(from + searched, '\n', left - searched) : NULL;
		if (!end && !file->end) {
			searched = left;
			if (read_more(file, err) < 0)
				return -1;
			continue;
		}
		*text = from;
		*length = end ? (size_t)(end - from) : left;
		file->at += *length + (end != NULL);
		file->line++;
		return end || left > 0;
	}
}

static bool is_blank(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!strchr(" \t\r", text[i]))
			return false;
	}
	return true;
}

int jsonl_file_next(struct jsonl_file *file, const char **text, size_t *length, uint64_t *line,
		    struct animed_error *err)
{
	int status;

	do
		status = next_line(file, text, length, err);
	while (status > 0 && is_blank(*text, *length));
	*line = file->line;
	return status;
}

/* csv-file.c - reads a file through zlib and cuts it where rows end. */
#include "config.h"

#include "csv/csv-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "csv/csv-scan.h"

/* The longest row.  A quote that is never closed would make one row of all that follows. */
#define MAX_ROW ((size_t)64 << 20)

struct csv_file {
	const char *path;
	gzFile gz;
	size_t block;
	struct csv_text rest; /* bytes read after the end of the last whole row */
	uint64_t read, size;  /* bytes read so far, and the size of a plain file when it was opened (0: not known) */
	char separator;
	bool end; /* the file has been read to its end */
};

static int reserve(struct csv_text *text, size_t room)
{
	if (room <= text->room)
		return 0;
	char *more = realloc(text->bytes, room);
	if (!more)
		return -1;
	text->bytes = more;
	text->room = room;
	return 0;
}

/* At the end of the file, check that nothing is missing.  Where something is, returns -1 and fills err. */
static int check_end(const struct csv_file *file, struct animed_error *err)
{
	int code;

	/* reading a gzip stream that is cut off ends as at the end of a file; only gzerror() tells them apart */
	(void)gzerror(file->gz, &code);
	if (code == Z_BUF_ERROR)
		return animed_fail(err, "the gzip stream is cut off; fetch the file again");
	if (gzdirect(file->gz) && file->read < file->size)
		return animed_fail(err, "the file shrank from %llu to %llu bytes while it was read; run again",
				   (unsigned long long)file->size, (unsigned long long)file->read);
	return 0;
}

/* Read until `text` has `want` bytes or the file ends.  On failure returns -1 and fills err. */
static int fill(struct csv_file *file, struct csv_text *text, size_t want, struct animed_error *err)
{
	int code;

	if (reserve(text, want) < 0)
		return animed_fail(err, "out of memory");
	while (!file->end && text->size < want) {
		int n = gzread(file->gz, text->bytes + text->size, (unsigned)(want - text->size));
		if (n < 0) {
			const char *why = gzerror(file->gz, &code);
			return animed_fail(err, "cannot read: %s", code == Z_ERRNO ? strerror(errno) : why);
		}
		text->size += (size_t)n;
		file->read += (size_t)n;
		if (n == 0) {
			file->end = true;
			return check_end(file, err);
		}
	}
	return 0;
}

/* Leave the first `size` bytes in the text, and keep the others for the next piece. */
static int put_back(struct csv_file *file, struct csv_text *text, size_t size, struct animed_error *err)
{
	const size_t rest = text->size - size;

	if (reserve(&file->rest, rest) < 0)
		return animed_fail(err, "out of memory");
	if (rest > 0)
		memcpy(file->rest.bytes, text->bytes + size, rest);
	file->rest.size = rest;
	text->size = size;
	return 0;
}

static int take_rest(struct csv_file *file, struct csv_text *text, struct animed_error *err)
{
	if (reserve(text, file->rest.size) < 0)
		return animed_fail(err, "out of memory");
	if (file->rest.size > 0)
		memcpy(text->bytes, file->rest.bytes, file->rest.size);
	text->size = file->rest.size;
	file->rest.size = 0;
	return 0;
}

/* Read on until a row ends in `text`.  *end receives where the first one ends, or the last one. */
static int read_rows(struct csv_file *file, struct csv_text *text, bool first, size_t *end, struct animed_error *err)
{
	for (size_t want = file->block;; want *= 2) {
		if (fill(file, text, want, err) < 0)
			return -1;
		*end = first ? csv_first_row_end(text->bytes, text->size, file->separator)
			     : csv_last_row_end(text->bytes, text->size, file->separator);
		/* at the end of the file all that is left is one piece */
		if (file->end && (!first || *end == 0))
			*end = text->size;
		if (*end > 0 || file->end)
			return 0;
		if (text->size > MAX_ROW)
			return animed_fail(err, "a row of more than %zu MB begins here; is a quote missing?",
					   MAX_ROW >> 20);
	}
}

int csv_file_next(struct csv_file *file, struct csv_text *text, bool *last, struct animed_error *err)
{
	size_t end;

	if (take_rest(file, text, err) < 0 || read_rows(file, text, false, &end, err) < 0 ||
	    put_back(file, text, end, err) < 0)
		return -1;
	*last = file->end && file->rest.size == 0;
	return text->size > 0;
}

/* Find the separator that the header line has most of. */
static char sniff(const char *text, size_t size)
{
	static const char candidates[] = {',', '\t', ';'};
	size_t best = 0, counts[sizeof candidates] = {0};

	for (size_t i = 0; i < size && text[i] != '\n' && text[i] != '\r'; i++) {
		for (size_t c = 0; c < sizeof candidates; c++)
			counts[c] += text[i] == candidates[c];
	}
	for (size_t c = 1; c < sizeof candidates; c++) {
		if (counts[c] > counts[best])
			best = c;
	}
	return candidates[best];
}

/* Read on until `text` has a whole line or the rest of the file.  *length receives the length of the line without its
 * break. */
static int read_line(struct csv_file *file, struct csv_text *text, size_t *length, struct animed_error *err)
{
	for (size_t want = file->block;; want *= 2) {
		if (fill(file, text, want, err) < 0)
			return -1;
		*length = 0;
		while (*length < text->size && text->bytes[*length] != '\n' && text->bytes[*length] != '\r')
			++*length;
		/* one byte more, for the LF after a CR */
		if (*length + 1 < text->size || file->end)
			return 0;
		if (text->size > MAX_ROW)
			return animed_fail(err, "a line of more than %zu MB; this is no CSV file", MAX_ROW >> 20);
	}
}

static void drop(struct csv_text *text, size_t n)
{
	text->size -= n;
	memmove(text->bytes, text->bytes + n, text->size);
}

/* Drop the comments and blank lines before the header, and count them. */
static int skip_preamble(struct csv_file *file, struct csv_text *text, uint64_t *line, struct animed_error *err)
{
	size_t length, blanks;

	if (fill(file, text, 3, err) < 0)
		return -1;
	if (text->size >= 3 && memcmp(text->bytes, "\xef\xbb\xbf", 3) == 0)
		drop(text, 3);
	for (*line = 1;; ++*line) {
		if (read_line(file, text, &length, err) < 0)
			return -1;
		for (blanks = 0; blanks < length && text->bytes[blanks] == ' '; blanks++)
			;
		if (text->size == 0 || (text->bytes[0] != '#' && blanks < length))
			return 0;
		const bool both = length + 1 < text->size && memcmp(text->bytes + length, "\r\n", 2) == 0;
		drop(text, length + (both ? 2 : length < text->size));
	}
}

static int open_gz(struct csv_file *file, struct animed_error *err)
{
	struct stat st;
	int fd = open(file->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		animed_fail(err, "cannot open: %s", strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		animed_fail(err, "is a directory; name the CSV file in it");
	} else if (!(file->gz = gzdopen(fd, "rb"))) {
		animed_fail(err, "out of memory");
	} else {
		file->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
		(void)gzbuffer(file->gz, 256 * 1024);
		return 0;
	}
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static int read_header(struct csv_file *file, struct csv_text *header, uint64_t *line, struct animed_error *err)
{
	size_t end;

	if (skip_preamble(file, header, line, err) < 0)
		return -1;
	if (header->size == 0)
		return animed_fail(err, "the file is empty; a header line was expected");
	file->separator = sniff(header->bytes, header->size);
	if (read_rows(file, header, true, &end, err) < 0)
		return -1;
	return put_back(file, header, end, err);
}

int csv_file_open(const char *path, size_t block, struct csv_file **out, struct csv_text *header, uint64_t *line,
		  struct animed_error *err)
{
	struct csv_file *file = calloc(1, sizeof *file);
	struct animed_error why;

	*out = NULL;
	if (!file)
		return animed_fail(err, "%s: out of memory", path);
	file->path = path;
	file->block = block;
	if (open_gz(file, &why) == 0 && read_header(file, header, line, &why) == 0) {
		*out = file;
		return 0;
	}
	csv_file_close(file);
	return animed_fail(err, "%s: %s", path, why.text);
}

void csv_file_close(struct csv_file *file)
{
	if (!file)
		return;
	if (file->gz)
		(void)gzclose(file->gz);
	free(file->rest.bytes);
	free(file);
}

char csv_file_separator(const struct csv_file *file)
{
	return file->separator;
}

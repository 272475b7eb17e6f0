/* csv-file.c - cuts what it reads where rows end. */
#include "config.h"

#include "csv/csv-file.h"

#include <stdlib.h>
#include <string.h>

#include "csv/csv-scan.h"
#include "csv/csv-sniff.h"
#include "rows/input.h"
#include "rows/kind.h"

/* The longest row. */
#define MAX_ROW ((size_t)64 << 20)

/* The least that is asked for at once. */
#define MIN_READ ((size_t)INPUT_ROOM)

struct csv_file {
	struct input *input;
	const struct csv_options *options;
	struct csv_format format;
	bool named;           /* the separator is given, by the options or by a line of the file */
	struct csv_text rest; /* bytes read after the end of the last whole row */
	size_t separators;    /* how many the header has; 0: not known */
	bool end;             /* the file has been read to its end */
};

static int reserve(struct csv_text *text, size_t room)
{
	if (room < text->room)
		return 0;
	char *more = realloc(text->bytes, room + 1);
	if (!more)
		return -1;
	text->bytes = more;
	text->room = room + 1;
	return 0;
}

/* Read until `text` has `want` bytes, and maybe a few more, or the file ends.  On failure returns -1 and fills err. */
static int fill(struct csv_file *file, struct csv_text *text, size_t want, struct animed_error *err)
{
	const size_t room = want + MIN_READ;
	size_t n;

	if (reserve(text, room) < 0)
		return animed_fail(err, "out of memory");
	while (!file->end && text->size < want) {
		if (input_read(file->input, text->bytes + text->size, room - text->size, &n, err) < 0)
			return -1;
		text->size += n;
		file->end = n == 0;
	}
	return 0;
}

/* Keep the bytes from `from` on for the next piece. */
static int put_back(struct csv_file *file, const struct csv_text *text, size_t from, struct animed_error *err)
{
	const size_t rest = text->size - from;

	if (reserve(&file->rest, rest) < 0)
		return animed_fail(err, "out of memory");
	if (rest > 0)
		memcpy(file->rest.bytes, text->bytes + from, rest);
	file->rest.size = rest;
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

/* How many separators a line has, outside of quotes. */
static size_t count_separators(const struct csv_file *file, const char *line, size_t length)
{
	bool quoted = false;
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		quoted ^= line[i] == '"';
		n += !quoted && line[i] == file->format.separator[0];
	}
	return n;
}

/* Whether one of the lines after the first one has as many fields as the header. */
static bool has_rows(const struct csv_file *file, const struct csv_text *text)
{
	const char *at = text->bytes, *const end = at + text->size, *lf;

	for (size_t line = 0; line <= CSV_SNIFF_LINES && (lf = memchr(at, '\n', (size_t)(end - at))); line++) {
		if (line > 0 && count_separators(file, at, (size_t)(lf - at)) == file->separators)
			return true;
		at = lf + 1;
	}
	return false;
}

/* Find where the first row of the text, or the last one, ends; 0: more has to be read to tell. */
static size_t row_end(const struct csv_file *file, const struct csv_text *text, bool first, bool *plain)
{
	struct csv_scan scan = {text->bytes, text->size, &file->format, file->end};

	*plain = false;
	const size_t end = first ? csv_first_row_end(&scan) : csv_last_row_end(&scan, plain);
	if (file->end && (!first || end == 0))
		return text->size; /* all that is left is one piece */
	if (end > 0 || text->size <= MAX_ROW)
		return end;
	/* a quote that is still open so much later will not be closed, if the lines after it are rows */
	*plain = false;
	if (!first && !has_rows(file, text))
		return 0;
	scan.whole = true;
	return csv_first_row_end(&scan);
}

/* Read on until a row ends in `text`.  *end receives where the first one ends, or the last one. */
static int read_rows(struct csv_file *file, struct csv_text *text, bool first, size_t *end, bool *plain,
		     struct animed_error *err)
{
	for (size_t want = file->options->block;; want *= 2) {
		if (fill(file, text, want, err) < 0)
			return -1;
		*end = row_end(file, text, first, plain);
		if (*end > 0 || file->end)
			return 0;
		if (text->size > MAX_ROW)
			return animed_fail(
			    err,
			    "a row of more than %zu MB begins here; if a quote is missing, mend it, and if "
			    "quotes are text, set quotes to false",
			    MAX_ROW >> 20);
	}
}

int csv_file_next(struct csv_file *file, struct csv_text *text, bool *last, bool *plain, struct animed_error *err)
{
	size_t end;

	if (take_rest(file, text, err) < 0 || read_rows(file, text, false, &end, plain, err) < 0 ||
	    put_back(file, text, end, err) < 0)
		return -1;
	text->size = end;
	*last = file->end && file->rest.size == 0;
	return text->size > 0;
}

/* ---- the header ---- */

/* Read on until `text` has a whole line or the rest of the file.  *length receives the length of the line without its
 * break. */
static int read_line(struct csv_file *file, struct csv_text *text, size_t *length, struct animed_error *err)
{
	for (size_t want = file->options->block;; want *= 2) {
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

static void set_separator(struct csv_file *file, const char *separator)
{
	(void)snprintf(file->format.separator, sizeof file->format.separator, "%s", separator);
	file->format.quotes = file->options->quotes && strlen(separator) == 1;
}

/* Whether the line is none of a table: blank, a comment, or one that names the separator, which is then set.  Comments
 * stand before a header; where there is none, a line that begins with '#' is a row. */
static bool is_preamble(struct csv_file *file, const char *line, size_t length)
{
	char separator[2] = "";
	size_t blanks = 0;

	while (blanks < length && line[blanks] == ' ')
		blanks++;
	if (blanks == length || (line[0] == '#' && file->options->header))
		return true;
	if (!csv_names_separator(line, length, separator))
		return false;
	if (!file->named)
		set_separator(file, separator);
	file->named = true;
	return true;
}

/* Drop what is before the header, and count its lines. */
static int skip_preamble(struct csv_file *file, struct csv_text *text, uint64_t *line, struct animed_error *err)
{
	size_t length;

	for (;; ++*line) {
		if (read_line(file, text, &length, err) < 0)
			return -1;
		if (text->size == 0 || !is_preamble(file, text->bytes, length))
			return 0;
		const bool both = length + 1 < text->size && memcmp(text->bytes + length, "\r\n", 2) == 0;
		drop(text, length + (both ? 2 : length < text->size));
	}
}

int csv_file_header(struct csv_file *file, struct csv_text *row, uint64_t *line, struct animed_error *err)
{
	size_t end;
	bool plain;

	if (take_rest(file, row, err) < 0 || skip_preamble(file, row, line, err) < 0)
		return -1;
	if (row->size == 0)
		return 0;
	if (!file->named)
		set_separator(file, csv_sniff(row->bytes, row->size, file->options->header ? 1 : CSV_SNIFF_LINES));
	if (read_rows(file, row, true, &end, &plain, err) < 0 ||
	    put_back(file, row, file->options->header ? end : 0, err) < 0)
		return -1;
	row->size = end;
	file->separators = count_separators(file, row->bytes, end);
	if (memchr(row->bytes, '\0', end))
		return animed_fail(err, "NUL bytes; this is no text");
	return 1;
}

/* Find out how the text escapes quotes, where that is not given. */
static void settle_escape(struct csv_file *file, const struct csv_text *text)
{
	const struct csv_scan scan = {text->bytes, text->size, &file->format, file->end};

	if (file->format.escape == CSV_ESCAPE_AUTO && csv_has_backslashes(&scan))
		file->format.escape = CSV_ESCAPE_BACKSLASH;
}

int csv_file_peek(struct csv_file *file, struct csv_text *row, struct animed_error *err)
{
	size_t end;
	bool plain;

	if (take_rest(file, row, err) < 0 || fill(file, row, CSV_BLOCK, err) < 0)
		return -1;
	settle_escape(file, row);
	if (read_rows(file, row, true, &end, &plain, err) < 0 || put_back(file, row, 0, err) < 0)
		return -1;
	row->size = end;
	return end > 0;
}

/* Refuse what is text and no table. */
static int check_kind(struct csv_file *file, struct animed_error *err)
{
	if (fill(file, &file->rest, KIND_BYTES, err) < 0)
		return -1;
	const size_t n = file->rest.size < KIND_BYTES ? file->rest.size : KIND_BYTES;
	const char *what = kind_of_text(file->rest.bytes, n);
	return what ? animed_fail(err, "%s", what) : 0;
}

int csv_file_open(const char *path, const struct csv_options *options, struct csv_file **out, struct animed_error *err)
{
	struct csv_file *file = calloc(1, sizeof *file);
	struct animed_error why;

	*out = NULL;
	if (!file)
		return animed_fail(err, "%s: out of memory", path);
	file->options = options;
	file->format.escape = options->escape;
	file->format.fields = options->fields;
	file->named = options->separator != NULL;
	if (options->separator)
		set_separator(file, options->separator);
	if (input_open(path, options->encoding, &file->input, &why) == 0 && check_kind(file, &why) == 0) {
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
	input_close(file->input);
	free(file->rest.bytes);
	free(file);
}

const struct csv_format *csv_file_format(const struct csv_file *file)
{
	return &file->format;
}

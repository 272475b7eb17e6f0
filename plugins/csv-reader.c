/* csv-reader.c - libcsv over zlib, with the number of the line kept. */
#include "config.h"

#include "csv-reader.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { CHUNK = 256 * 1024, MAX_FIELDS = 256 };

struct reader {
	const char *path;
	const struct csv_handler *handler;
	struct animed_error *err;
	struct csv_parser parser;
	char *text; /* the fields of the row, NUL after each */
	size_t text_size, text_room;
	size_t offsets[MAX_FIELDS], lengths[MAX_FIELDS];
	size_t n;       /* fields of the row so far */
	uint64_t line;  /* on which the row begins */
	uint64_t inner; /* line breaks inside its fields */
	int last_end;   /* the character that ended the row before */
	bool header_done, failed;
};

static int fail_here(struct reader *reader, const char *what)
{
	reader->failed = true;
	return animed_fail(reader->err, "%s:%llu: %s", reader->path, (unsigned long long)reader->line, what);
}

/* libcsv hands over a field. */
static void on_field(void *field, size_t length, void *arg)
{
	struct reader *reader = arg;
	const size_t need = reader->text_size + length + 1;

	if (reader->failed)
		return;
	if (reader->n == MAX_FIELDS) {
		fail_here(reader, "more than 256 fields; is a quote missing?");
		return;
	}
	if (need > reader->text_room) {
		char *more = realloc(reader->text, need * 2);
		if (!more) {
			fail_here(reader, "out of memory");
			return;
		}
		reader->text = more;
		reader->text_room = need * 2;
	}
	char *to = reader->text + reader->text_size;
	if (length > 0)
		memcpy(to, field, length);
	to[length] = '\0';
	for (const char *at = to; (at = memchr(at, '\n', length - (size_t)(at - to))); at++)
		reader->inner++;
	reader->offsets[reader->n] = reader->text_size;
	reader->lengths[reader->n++] = length;
	reader->text_size = need;
}

static void hand_over(struct reader *reader)
{
	const char *fields[MAX_FIELDS];
	const struct csv_row row = {fields, reader->lengths, reader->n, reader->line};

	for (size_t i = 0; i < reader->n; i++)
		fields[i] = reader->text + reader->offsets[i];
	int status = reader->header_done ? reader->handler->row(reader->handler->ctx, &row, reader->err)
					 : reader->handler->header(reader->handler->ctx, &row, reader->err);
	reader->header_done = true;
	if (status < 0)
		reader->failed = true;
}

/* libcsv says that a row is over; `end` is the character, -1 at the end of the file.  It says so for blank lines too,
 * and for each half of CR LF. */
static void on_row(int end, void *arg)
{
	struct reader *reader = arg;
	const bool second_half = end == '\n' && reader->last_end == '\r' && reader->n == 0;

	if (reader->failed)
		return;
	if (reader->n > 1 || (reader->n == 1 && reader->lengths[0] > 0))
		hand_over(reader);
	reader->line += reader->inner + !second_half;
	reader->inner = 0;
	reader->n = reader->text_size = 0;
	reader->last_end = end;
}

/* The separator that the header line has most of. */
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

/* How many bytes of the beginning are a byte order mark and comment lines. */
static size_t skip_preamble(struct reader *reader, const char *text, size_t size)
{
	size_t at = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < size && text[at] == '#') {
		const char *end = memchr(text + at, '\n', size - at);
		if (!end)
			return size;
		at = (size_t)(end - text) + 1;
		reader->line++;
	}
	return at;
}

/* Fill `buffer` as far as the file goes; a gzread() may stop earlier. */
static int read_chunk(struct reader *reader, gzFile file, char *buffer, size_t *size)
{
	int n = gzread(file, buffer, CHUNK), code;

	if (n < 0) {
		const char *why = gzerror(file, &code);
		reader->failed = true;
		return animed_fail(reader->err, "%s: cannot read: %s", reader->path,
				   code == Z_ERRNO ? strerror(errno) : why);
	}
	*size = (size_t)n;
	return 0;
}

static int parse_file(struct reader *reader, gzFile file, char *buffer)
{
	size_t size = 0, skip = 0;
	bool first = true;
	int code;

	for (;;) {
		if (read_chunk(reader, file, buffer, &size) < 0)
			return -1;
		if (size == 0)
			break;
		if (first) {
			skip = skip_preamble(reader, buffer, size);
			csv_set_delim(&reader->parser, (unsigned char)sniff(buffer + skip, size - skip));
		}
		const char *from = buffer + (first ? skip : 0);
		size -= first ? skip : 0;
		first = false;
		if (csv_parse(&reader->parser, from, size, on_field, on_row, reader) != size)
			return fail_here(reader, csv_strerror(csv_error(&reader->parser)));
		if (reader->failed)
			return -1;
	}
	/* a gzip stream that is cut off ends like a file, but says so here */
	(void)gzerror(file, &code);
	if (code == Z_BUF_ERROR)
		return fail_here(reader, "the gzip stream is cut off; fetch the file again");
	/* strict from here on only: an open quote at the end is an error, a stray one within a field is not */
	(void)csv_set_opts(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_APPEND_NULL);
	if (csv_fini(&reader->parser, on_field, on_row, reader) != 0)
		return fail_here(reader, "a quoted field that begins here is not closed before the end of the file");
	if (!reader->failed && !reader->header_done)
		return fail_here(reader, "the file is empty; a header line was expected");
	return reader->failed ? -1 : 0;
}

int csv_read(const char *path, const struct csv_handler *handler, struct animed_error *err)
{
	struct reader reader = {.path = path, .handler = handler, .err = err, .line = 1};
	int status = -1;
	char *buffer = malloc(CHUNK);
	gzFile file = gzopen(path, "rbe");

	if (!file) {
		animed_fail(err, "%s: cannot open: %s", path, strerror(errno));
	} else if (!buffer || csv_init(&reader.parser, CSV_REPALL_NL | CSV_APPEND_NULL) != 0) {
		animed_fail(err, "%s: out of memory", path);
	} else {
		(void)gzbuffer(file, CHUNK);
		status = parse_file(&reader, file, buffer);
		csv_free(&reader.parser);
	}
	if (file)
		(void)gzclose(file);
	free(reader.text);
	free(buffer);
	return status;
}

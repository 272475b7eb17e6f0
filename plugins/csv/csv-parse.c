/* csv-parse.c - collects the fields that libcsv hands over into rows, and counts lines. */
#include "config.h"

#include "csv/csv-parse.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "csv/csv-scan.h"
#include "csv/csv-split.h"

struct csv_parse {
	struct csv_format format;
	struct csv_parser parser;
	const struct csv_taker *taker;
	char *text; /* the fields of the row, each with a NUL; as long as the piece, so that any row fits */
	size_t text_size, text_room;
	const char *fields[CSV_MAX_FIELDS];
	size_t lengths[CSV_MAX_FIELDS];
	size_t n;       /* fields of the row so far; more than CSV_MAX_FIELDS: it has too many */
	uint64_t line;  /* the line on which the row begins */
	uint64_t inner; /* line breaks inside its fields */
	int last_end;   /* the character that ended the row before */
	struct csv_fault fault;
};

struct csv_parse *csv_parse_new(const struct csv_format *format)
{
	struct csv_parse *parse = calloc(1, sizeof *parse);

	if (!parse || csv_init(&parse->parser, CSV_REPALL_NL) != 0) {
		free(parse);
		return NULL;
	}
	parse->format = *format;
	csv_set_delim(&parse->parser, (unsigned char)format->separator[0]);
	csv_set_blk_size(&parse->parser, 4096);
	return parse;
}

void csv_parse_free(struct csv_parse *parse)
{
	if (!parse)
		return;
	csv_free(&parse->parser);
	free(parse->text);
	free(parse);
}

static void fail(struct csv_parse *parse, const char *what)
{
	if (!parse->fault.what)
		parse->fault = (struct csv_fault){what, parse->line};
}

/* Called by libcsv for each field. */
static void on_field(void *field, size_t length, void *arg)
{
	struct csv_parse *parse = arg;
	char *to = parse->text + parse->text_size;

	if (length > 0)
		memcpy(to, field, length);
	to[length] = '\0';
	for (const char *at = to; (at = memchr(at, '\n', length - (size_t)(at - to))); at++)
		parse->inner++;
	if (parse->n < CSV_MAX_FIELDS) {
		parse->fields[parse->n] = to;
		parse->lengths[parse->n] = length;
	}
	parse->n++;
	parse->text_size += length + 1;
}

/* Called by libcsv at the end of each row; `end` is the character that ended it, -1 at the end of the text.  libcsv
 * calls it for blank lines too, and for each half of CR LF. */
static void on_row(int end, void *arg)
{
	struct csv_parse *parse = arg;
	const bool second_half = end == '\n' && parse->last_end == '\r' && parse->n == 0;

	if (!parse->fault.what &&
	    csv_pass_row(parse->taker, &(struct row){parse->fields, parse->lengths, parse->n, parse->line}) < 0)
		fail(parse, "out of memory");
	parse->line += parse->inner + !second_half;
	parse->inner = 0;
	parse->n = parse->text_size = 0;
	parse->last_end = end;
}

/* Make room for the text of any row of a piece of `size` bytes.  No field is longer than it is written, and its NUL
 * takes the place of a separator or line break.  Returns -1 where memory is short. */
static int make_room(struct csv_parse *parse, size_t size)
{
	if (size + 2 <= parse->text_room)
		return 0;
	free(parse->text);
	parse->text = malloc(size + 2);
	parse->text_room = parse->text ? size + 2 : 0;
	return parse->text ? 0 : -1;
}

static void parse_good(struct csv_parse *parse, const char *text, size_t size)
{
	if (csv_parse(&parse->parser, text, size, on_field, on_row, parse) != size)
		fail(parse, csv_strerror(csv_error(&parse->parser)));
}

/* Take a row at fault, and count its lines: those of its quoted fields end in LF, as anywhere in quotes. */
static void take_bad(struct csv_parse *parse, const char *text, size_t size, const char *why)
{
	if (parse->taker->bad(parse->taker->ctx, parse->line, why) < 0)
		fail(parse, "out of memory");
	for (const char *at = text; (at = memchr(at, '\n', size - (size_t)(at - text))); at++)
		parse->line++;
	parse->line += text[size - 1] != '\n';
	parse->last_end = '\n';
}

/* Hand the rows between those at fault to libcsv, which cannot tell these. */
static void parse_quoted(struct csv_parse *parse, char *text, size_t size)
{
	struct csv_scan rest = {text, size, &parse->format, true};
	struct csv_bad_row bad;

	while (!parse->fault.what && csv_find_bad_row(&rest, &bad)) {
		parse_good(parse, rest.text, bad.begin);
		take_bad(parse, rest.text + bad.begin, bad.end - bad.begin, bad.why);
		rest.text += bad.end;
		rest.size -= bad.end;
	}
	if (!parse->fault.what)
		parse_good(parse, rest.text, rest.size);
}

struct csv_fault csv_parse_piece(struct csv_parse *parse, const struct csv_piece *piece, const struct csv_taker *taker,
				 uint64_t *lines)
{
	parse->taker = taker;
	parse->line = parse->inner = 0;
	parse->n = parse->text_size = 0;
	parse->last_end = 0;
	parse->fault = (struct csv_fault){NULL, 0};
	/* text without quotes needs no parser, and is most of what there is */
	if (!parse->format.quotes || !memchr(piece->text, '"', piece->size)) {
		if (csv_split_text(&parse->format, piece->text, piece->size, taker, lines) < 0)
			fail(parse, "out of memory");
		return parse->fault;
	}
	if (make_room(parse, piece->size) < 0)
		fail(parse, "out of memory");
	else if (piece->plain)
		parse_good(parse, piece->text, piece->size);
	else
		parse_quoted(parse, piece->text, piece->size);
	parse->last_end = 0;
	if (csv_fini(&parse->parser, on_field, on_row, parse) != 0)
		fail(parse, csv_strerror(csv_error(&parse->parser)));
	else if (!piece->last && parse->last_end == -1)
		fail(parse, "the text was cut within a row; this is a bug in animed");
	*lines = parse->line;
	return parse->fault;
}

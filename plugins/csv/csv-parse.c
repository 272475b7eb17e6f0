/* csv-parse.c - collects the fields that libcsv hands over into rows, and counts lines. */
#include "config.h"

#include "csv/csv-parse.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 256 };

struct csv_parse {
	struct csv_parser parser;
	int (*row)(void *ctx, const struct row *row);
	void *ctx;
	char *text; /* the fields of the row, each with a NUL; as long as the piece, so that any row fits */
	size_t text_size, text_room;
	const char *fields[MAX_FIELDS];
	size_t lengths[MAX_FIELDS];
	size_t n;       /* fields of the row so far */
	uint64_t line;  /* the line on which the row begins */
	uint64_t inner; /* line breaks inside its fields */
	int last_end;   /* the character that ended the row before */
	bool quotes;    /* the piece has quotes, so that fields may have line breaks */
	struct csv_fault fault;
};

struct csv_parse *csv_parse_new(char separator)
{
	struct csv_parse *parse = calloc(1, sizeof *parse);

	if (!parse || csv_init(&parse->parser, CSV_REPALL_NL) != 0) {
		free(parse);
		return NULL;
	}
	csv_set_delim(&parse->parser, (unsigned char)separator);
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

	if (parse->n == MAX_FIELDS) {
		fail(parse, "more than 256 fields; is a quote missing?");
		return;
	}
	if (length > 0)
		memcpy(to, field, length);
	to[length] = '\0';
	if (parse->quotes) {
		for (const char *at = to; (at = memchr(at, '\n', length - (size_t)(at - to))); at++)
			parse->inner++;
	}
	parse->fields[parse->n] = to;
	parse->lengths[parse->n++] = length;
	parse->text_size += length + 1;
}

/* Called by libcsv at the end of each row; `end` is the character that ended it, -1 at the end of the text.  libcsv
 * calls it for blank lines too, and for each half of CR LF. */
static void on_row(int end, void *arg)
{
	struct csv_parse *parse = arg;
	const bool second_half = end == '\n' && parse->last_end == '\r' && parse->n == 0;
	const struct row row = {parse->fields, parse->lengths, parse->n, parse->line};

	if (!parse->fault.what && (parse->n > 1 || (parse->n == 1 && parse->lengths[0] > 0)) &&
	    parse->row(parse->ctx, &row) < 0)
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

struct csv_fault csv_parse_text(struct csv_parse *parse, const char *text, size_t size, bool last,
				int (*row)(void *ctx, const struct row *row), void *ctx, uint64_t *lines)
{
	struct csv_parser *parser = &parse->parser;

	parse->row = row;
	parse->ctx = ctx;
	parse->line = parse->inner = 0;
	parse->n = parse->text_size = 0;
	parse->last_end = 0;
	parse->fault = (struct csv_fault){NULL, 0};
	parse->quotes = memchr(text, '"', size) != NULL;
	if (make_room(parse, size) < 0)
		fail(parse, "out of memory");
	else if (csv_parse(parser, text, size, on_field, on_row, parse) != size)
		fail(parse, csv_strerror(csv_error(parser)));
	if (parse->fault.what)
		return parse->fault;
	/* strict from here on alone: a quote that is open at the end is an error, a stray one within a field is not */
	(void)csv_set_opts(parser, CSV_REPALL_NL | (last ? CSV_STRICT | CSV_STRICT_FINI : 0));
	parse->last_end = 0;
	if (csv_fini(parser, on_field, on_row, parse) != 0)
		fail(parse, "a quoted field that begins here is not closed before the end of the file");
	else if (!last && parse->last_end == -1)
		fail(parse, "the text was cut within a row; this is a bug in animed");
	*lines = parse->line;
	return parse->fault;
}

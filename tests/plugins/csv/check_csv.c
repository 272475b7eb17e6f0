/* Tests cutting a CSV file for several threads: the rows are those that a reader finds who reads the file character by
 * character. */
#include "config.h"

#include <unistd.h>
#include <zlib.h>

#include "csv/csv-reader.h"
#include "csv/csv-scan.h"
#include "csv/csv-sniff.h"
#include "kit/rng.h"
#include "scratch.h"
#include "slow.h"

/* Rows as text, each on a line of its own: "LINE:[field][field]". */
struct rows {
	char *text;
	size_t size;
	FILE *out;
};

/* The rows of a block.  Their line numbers count from the beginning of the block. */
struct part {
	struct kept {
		uint64_t line;
		char *text;
	} * rows;
	size_t n;
};

static struct animed_error err;

static void rows_open(struct rows *rows)
{
	rows->out = open_memstream(&rows->text, &rows->size);
	ck_assert_ptr_nonnull(rows->out);
}

static char *row_text(const struct row *row)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < row->n; i++) {
		(void)fputc('[', out);
		(void)fwrite(row->cells[i], 1, row->lengths[i], out);
		(void)fputc(']', out);
	}
	(void)fclose(out);
	return text;
}

/* ---- the whole file, character by character ---- */

struct oracle {
	const char *text;
	size_t size;
	const struct csv_format *format;
	char fields[128][256];
	size_t lengths[128], n;
};

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_blank(const struct oracle *o, char c)
{
	return (c == ' ' || c == '\t') && c != o->format->separator[0];
}

static bool is_separator(const struct oracle *o, char c)
{
	return c == o->format->separator[0];
}

static bool ends_field(const struct oracle *o, size_t at)
{
	while (at < o->size && is_blank(o, o->text[at]))
		at++;
	return at == o->size || is_separator(o, o->text[at]) || is_break(o->text[at]);
}

static void put(struct oracle *o, char c)
{
	ck_assert(o->lengths[o->n] < sizeof o->fields[0]);
	o->fields[o->n][o->lengths[o->n]++] = c;
}

/* Read a quoted field whose text begins at `at` into field n.  Returns the offset just past the quote that closes it,
 * or, with *ok false, past the one that should; 0 where there is none. */
static size_t oracle_quoted(struct oracle *o, size_t at, bool escapes, bool *ok)
{
	*ok = false;
	for (o->lengths[o->n] = 0; at < o->size; at++) {
		const char c = o->text[at], next = at + 1 < o->size ? o->text[at + 1] : '\0';
		if (escapes && c == '\\' && (next == '"' || next == '\\')) {
			put(o, next);
			at++;
		} else if (c != '"') {
			put(o, c);
		} else if (ends_field(o, at + 1)) {
			*ok = true;
			return at + 1;
		} else if (next == '"') {
			put(o, '"');
			at++;
		} else {
			return at + 1;
		}
	}
	return 0;
}

/* Read "a b" c as a field, where the closing quote is before `at`.  Returns the offset just past it, 0 where it is at
 * fault. */
static size_t oracle_loose(struct oracle *o, size_t quote, size_t at)
{
	if (at == 0 || o->text[at - 2] == '\\')
		return 0;
	for (size_t i = quote; i < at; i++) {
		if (is_break(o->text[i]))
			return 0;
	}
	for (; at < o->size && !is_separator(o, o->text[at]) && !is_break(o->text[at]); at++) {
		if (o->text[at] == '"')
			return 0;
		at += o->format->escape == CSV_ESCAPE_BACKSLASH && at + 1 < o->size && o->text[at] == '\\' &&
		      o->text[at + 1] == '\\';
		put(o, o->text[at]);
	}
	while (is_blank(o, o->fields[o->n][o->lengths[o->n] - 1]))
		o->lengths[o->n]--;
	return at;
}

/* Whether the field [at, end) of text with tabs between the fields has tabs and line breaks in it. */
static bool is_joined(const struct oracle *o, size_t at, size_t end)
{
	bool tab = false, line_break = false;

	for (; at < end; at++) {
		tab |= o->text[at] == '\t';
		line_break |= is_break(o->text[at]);
	}
	return is_separator(o, '\t') && tab && line_break;
}

/* Read the field that begins at `at` into field n.  Returns the offset of what ends it; with *ok false, of the quote
 * that opens it. */
static size_t oracle_field(struct oracle *o, size_t at, bool *ok)
{
	o->lengths[o->n] = 0;
	*ok = true;
	while (at < o->size && is_blank(o, o->text[at]))
		at++;
	if (at == o->size || o->text[at] != '"') {
		for (; at < o->size && !is_separator(o, o->text[at]) && !is_break(o->text[at]); at++)
			put(o, o->text[at]);
		while (o->lengths[o->n] > 0 && is_blank(o, o->fields[o->n][o->lengths[o->n] - 1]))
			o->lengths[o->n]--;
		return at;
	}
	const enum csv_escape escape = o->format->escape;
	bool unused;
	size_t end = oracle_quoted(o, at + 1, escape == CSV_ESCAPE_BACKSLASH, ok);
	if (!*ok && escape == CSV_ESCAPE_AUTO)
		end = oracle_quoted(o, at + 1, true, ok);
	if (*ok && is_joined(o, at, end))
		*ok = false;
	else if (!*ok) {
		end = oracle_loose(o, at, oracle_quoted(o, at + 1, escape == CSV_ESCAPE_BACKSLASH, &unused));
		*ok = end > 0;
	}
	if (!*ok)
		return at;
	while (end < o->size && is_blank(o, o->text[end]))
		end++;
	return end;
}

/* The offset just past the line break at `at`. */
static size_t past_break(const struct oracle *o, size_t at)
{
	const bool cr = o->text[at] == '\r';
	size_t next = ++at;

	while (cr && next < o->size && is_blank(o, o->text[next]))
		next++;
	return cr && next < o->size && o->text[next] == '\n' ? next + 1 : at;
}

/* Read the row at `at`.  Returns where it ends. */
static size_t oracle_row(struct oracle *o, size_t at, bool *ok)
{
	for (o->n = 0;; at++) {
		at = oracle_field(o, at, ok);
		if (!*ok)
			break;
		o->n++;
		if (at == o->size)
			return at;
		if (is_break(o->text[at]))
			return past_break(o, at);
	}
	while (at < o->size && !is_break(o->text[at]))
		at++;
	return at < o->size ? past_break(o, at) : at;
}

/* Read the text into `rows`, with its header as the first row. */
static void oracle_read(const char *text, size_t size, const struct csv_format *format, struct rows *rows)
{
	static struct oracle o;
	const char *fields[128];
	unsigned long long line = 1;
	bool ok, any;

	o.text = text;
	o.size = size;
	o.format = format;
	rows_open(rows);
	for (size_t i = 0; i < 128; i++)
		fields[i] = o.fields[i];
	for (size_t at = 0, next; at < size; at = next) {
		next = oracle_row(&o, at, &ok);
		any = false;
		for (size_t i = 0; ok && i < o.n; i++)
			any |= o.lengths[i] > 0;
		if (!ok)
			(void)fprintf(rows->out, "%llu:at fault\n", line);
		if (any) {
			char *row = row_text(&(struct row){fields, o.lengths, o.n, 0});
			(void)fprintf(rows->out, "%llu:%s\n", line, row);
			free(row);
		}
		for (size_t i = at; i < next; i++)
			line += text[i] == '\n';
		line += text[next - 1] == '\r';
	}
	(void)fclose(rows->out);
}

/* ---- the reader ---- */

static int on_header(void *ctx, const struct row *row, struct animed_error *e)
{
	struct rows *rows = ctx;
	char *text = row_text(row);

	(void)e;
	(void)fprintf(rows->out, "%llu:%s\n", (unsigned long long)row->place, text);
	free(text);
	return 0;
}

static void *on_open(void *ctx)
{
	(void)ctx;
	return calloc(1, sizeof(struct part));
}

static void clear(struct part *part)
{
	for (size_t i = 0; i < part->n; i++)
		free(part->rows[i].text);
	free(part->rows);
	*part = (struct part){NULL, 0};
}

static void on_close(void *rows)
{
	clear(rows);
	free(rows);
}

/* Keep the text, which becomes the part's own. */
static int keep(struct part *part, uint64_t line, char *text)
{
	struct kept *more = realloc(part->rows, (part->n + 1) * sizeof *more);

	ck_assert(more && text);
	part->rows = more;
	part->rows[part->n++] = (struct kept){line, text};
	return 0;
}

static int on_row(const void *ctx, void *rows, const struct row *row)
{
	(void)ctx;
	return keep(rows, row->place, row_text(row));
}

static int on_bad(const void *ctx, void *rows, uint64_t line, const char *why)
{
	(void)ctx;
	(void)why;
	return keep(rows, line, strdup("at fault"));
}

static int on_block(void *ctx, void *rows, uint64_t line, struct animed_error *e)
{
	struct rows *out = ctx;
	struct part *part = rows;

	(void)e;
	for (size_t i = 0; i < part->n; i++)
		(void)fprintf(out->out, "%llu:%s\n", (unsigned long long)(line + part->rows[i].line),
			      part->rows[i].text);
	clear(part);
	return 0;
}

static void on_first(void *ctx, const struct row *row)
{
	(void)ctx;
	(void)row;
}

static int read_as(const char *path, const struct csv_options *options, struct rows *rows)
{
	const struct csv_handler handler = {rows, on_header, on_first, on_open, on_close, on_row, on_bad, on_block};

	rows_open(rows);
	const int status = csv_read(path, &handler, options, &err);
	(void)fclose(rows->out);
	return status;
}

static struct csv_options with(unsigned threads, size_t block)
{
	return (struct csv_options){
	    .threads = threads, .block = block, .encoding = "auto", .header = true, .quotes = true};
}

static int read_with(const char *path, unsigned threads, size_t block, struct rows *rows)
{
	const struct csv_options options = with(threads, block);

	return read_as(path, &options, rows);
}

static const struct csv_format commas = {",", true, CSV_ESCAPE_AUTO, 0};

static void check_same_as(const char *text, size_t size, const struct csv_format *format, unsigned threads,
			  size_t block)
{
	struct csv_options options = with(threads, block);
	struct csv_format settled = *format;
	struct rows whole, cut;

	/* after the header, how quotes are escaped is seen by the whole of so short a text */
	const size_t header = (size_t)((const char *)memchr(text, '\n', size) - text) + 1;
	const struct csv_scan rest = {(char *)(uintptr_t)text + header, size - header, format, true};
	if (format->escape == CSV_ESCAPE_AUTO && csv_has_backslashes(&rest))
		settled.escape = CSV_ESCAPE_BACKSLASH;

	options.separator = format->separator;
	options.escape = format->escape;
	oracle_read(text, size, &settled, &whole);
	const int status = read_as(scratch_write("x.csv", text, size), &options, &cut);
	ck_assert_msg(status == 0, "%s with %u threads, block %zu of <<%.*s>>", err.text, threads, block, (int)size,
		      text);
	ck_assert_msg(strcmp(whole.text, cut.text) == 0, "%u threads, block %zu of <<%.*s>>:\n%s and not:\n%s", threads,
		      block, (int)size, text, cut.text, whole.text);
	free(whole.text);
	free(cut.text);
}

static void check_same(const char *text, size_t size, unsigned threads, size_t block)
{
	check_same_as(text, size, &commas, threads, block);
}

/* Random texts of the characters that mean something in a CSV file. */
START_TEST(any_text_in_any_pieces)
{
	static const char alphabet[] = "aab,,;\"\"\"\"\\\n\n\r \t";
	static const struct csv_format formats[] = {{",", true, CSV_ESCAPE_AUTO, 0},
						    {"\t", true, CSV_ESCAPE_AUTO, 0},
						    {";", true, CSV_ESCAPE_DOUBLE, 0},
						    {",", true, CSV_ESCAPE_BACKSLASH, 0}};
	char text[160];
	struct rng rng;

	rng_seed(&rng, (uint64_t)_i);
	for (int round = 0; round < (SLOW ? 100 : 400); round++) {
		size_t size = (size_t)snprintf(text, sizeof text, "h\n");
		for (const size_t end = size + rng_below(&rng, 100); size < end; size++)
			text[size] = alphabet[rng_below(&rng, sizeof alphabet - 1)];
		check_same_as(text, size, &formats[_i % 4], 1 + rng_below(&rng, 3), 1 + rng_below(&rng, 40));
	}
}
END_TEST

/* Ordinary rows, some with quoted line breaks, in more blocks than the reader's ring holds. */
START_TEST(many_rows_on_many_threads)
{
	static const char *const cells[] = {"plain", "\"quoted\"", "\"a \"\"b\"\"\"", "\"two\nlines\"",
					    "",      "5\" disc",   " \"spaced\" ",    "\"cr\r\nlf\"",
					    "12",    "x y"};
	char *text = NULL;
	size_t size = 0;
	struct rng rng;
	FILE *out = open_memstream(&text, &size);

	rng_seed(&rng, 7);
	(void)fputs("one,two,three\r\n", out);
	for (int r = 0; r < 3000; r++) {
		for (int c = 0; c < 3; c++)
			(void)fprintf(out, "%s%s", c ? "," : "", cells[rng_below(&rng, 10)]);
		(void)fputs(rng_below(&rng, 2) ? "\n" : "\r\n", out);
	}
	(void)fclose(out);
	for (unsigned threads = 1; threads <= 4; threads++) {
		for (size_t block = 16; block <= 1 << 20; block *= 8)
			check_same(text, size, threads, block);
	}
	free(text);
}
END_TEST

static const struct {
	const char *text;
	size_t size, first, last; /* where the first and the last row end in `size` bytes */
} ends[] = {
    {"", 0, 0, 0},
    {"a,b", 3, 0, 0},
    {"a\nb\nc", 5, 2, 4},
    {"a\r\nb\r\nc", 7, 3, 6},
    {"a\rb\rc", 5, 2, 4},
    {"a\nb\rc", 5, 2, 4},
    {"a\rb\r", 4, 2, 2},      /* the last CR may belong to a CR LF */
    {"a\n\"b\n\nc", 7, 2, 2}, /* no row ends within quotes */
    {"\"b\n\"", 4, 0, 0},     /* the last quote may be the first half of a doubled one */
    {"\"b\n\"\n", 5, 5, 5},
    {"\"b\"\"\n\"\n", 7, 7, 7},           /* a doubled quote, then the closing one */
    {"a\"\nb\"\nc\n", 8, 3, 8},           /* stray quotes are text */
    {",\"a\n\" ,\n", 8, 8, 8},            /* blanks after the closing quote */
    {" \"a\n\"\n\n", 7, 6, 7},            /* blanks before the opening quote */
    {"\"a\"b\nc\"\n", 8, 5, 8},           /* text behind a quote belongs to its field */
    {"\"a\nb\"c\nd\n", 9, 3, 9},          /* but not after a line break: the row ends with its first line */
    {"\"a\" \"\nb\n", 8, 6, 8},           /* nor where another quote follows */
    {"\"a\\\"\"\nb\n\"c\"\n", 12, 6, 12}, /* the quote behind the backslash is text */
};

START_TEST(rows_end)
{
	char text[32];
	const struct csv_scan scan = {text, ends[_i].size, &commas, false};

	memcpy(text, ends[_i].text, ends[_i].size);
	ck_assert_uint_eq(csv_first_row_end(&scan), ends[_i].first);
	bool plain;
	ck_assert_uint_eq(csv_last_row_end(&scan, &plain), ends[_i].last);
}
END_TEST

START_TEST(gzip_is_cut_too)
{
	char *text = NULL;
	size_t size;
	struct rows whole, cut;
	FILE *out = open_memstream(&text, &size);

	for (int r = 0; r < 2000; r++)
		(void)fprintf(out, "%d,\"%d\n\",x\n", r, r * r);
	(void)fclose(out);
	oracle_read(text, size, &commas, &whole);
	gzFile file = gzopen(scratch_path("x.csv.gz"), "wb");
	ck_assert_int_eq(gzwrite(file, text, (unsigned)size), (int)size);
	ck_assert_int_eq(gzclose(file), Z_OK);
	ck_assert_int_eq(read_with(scratch_path("x.csv.gz"), 3, 1000, &cut), 0);
	ck_assert_str_eq(whole.text, cut.text);
	free(whole.text);
	free(cut.text);
	free(text);
}
END_TEST

START_TEST(preamble_of_any_length)
{
	for (size_t block = 1; block < 40; block++) {
		struct rows rows;
		const char *path = scratch_text("p.csv", "\xef\xbb\xbf# \"one\r\n# two\n\r\n  \na;b\n1;\"2\n\n\";3\n");
		ck_assert_int_eq(read_with(path, 2, block, &rows), 0);
		ck_assert_str_eq(rows.text, "5:[a][b]\n6:[1][2\n\n][3]\n");
		free(rows.text);
	}
}
END_TEST

/* A row at fault has the line of the file on which it is, however far the reader is ahead. */
START_TEST(faults_have_the_line_of_the_file)
{
	char *text = NULL;
	size_t size;
	struct rows rows;
	FILE *out = open_memstream(&text, &size);

	(void)fputs("a,b\n", out);
	for (int r = 0; r < 500; r++)
		(void)fputs("1,\"2\n\"\n", out);
	for (int f = 0; f < 300; f++)
		(void)fputs("x,", out);
	(void)fputs("\n1,2\n", out);
	(void)fclose(out);
	ck_assert_int_eq(read_with(scratch_text("e.csv", text), 3, 64, &rows), 0);
	ck_assert_ptr_nonnull(strstr(rows.text, "\n1002:at fault\n1003:[1][2]\n"));
	free(rows.text);
	free(text);
}
END_TEST

/* A quote that is not closed takes neither the rows after it nor the whole file into memory, and a row without an end is
 * an error. */
START_TEST(a_row_has_a_longest_length)
{
	const size_t size = (size_t)130 << 20;
	struct rows rows;
	FILE *file = fopen(scratch_path("long.csv"), "we");

	(void)fputs("a,b\n1,2\n3,\"4\n5,6\n", file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(truncate(scratch_path("long.csv"), (off_t)size), 0); /* a hole */
	ck_assert_int_eq(read_with(scratch_path("long.csv"), 2, CSV_BLOCK, &rows), -1);
	ck_assert_msg(strstr(err.text, "long.csv:5: a row of more than 64 MB") != NULL, "%s", err.text);
	ck_assert_str_eq(rows.text, "1:[a][b]\n2:[1][2]\n3:at fault\n4:[5][6]\n");
	free(rows.text);
}
END_TEST

static const struct {
	const char *text, *separator;
	size_t lines;
} sniffed[] = {
    {"a,b;c,d\n", ",", 1},
    {"a;b,c;d\n", ";", 1},
    {"a\tb\n", "\t", 1},
    {"\"a;b;c\",d\n", ",", 1},
    {"uid\n", ",", 1},
    {"1::Toy Story (1995)::Animation|Children's|Comedy\n", "::", 1},
    {"1|Toy Story (1995)|a\n2|GoldenEye, or so|b\n", "|", 20},
    {"a,b;1\nc;2\n", ";", 20},      /* what each line has */
    {"a;1\r\nb;2\r\nc,d", ";", 20}, /* the last line may be cut off */
    {"", ",", 20},
};

START_TEST(separators_are_found_out)
{
	ck_assert_str_eq(csv_sniff(sniffed[_i].text, strlen(sniffed[_i].text), sniffed[_i].lines),
			 sniffed[_i].separator);
}
END_TEST

START_TEST(lines_that_name_the_separator)
{
	char separator = 0;

	ck_assert(csv_names_separator("sep=;", 5, &separator) && separator == ';');
	ck_assert(csv_names_separator("\"sep=|\"", 7, &separator) && separator == '|');
	ck_assert(!csv_names_separator("sep=", 4, &separator) && !csv_names_separator("sep=;;", 6, &separator));
	ck_assert(!csv_names_separator("uid", 3, &separator) && !csv_names_separator("\"", 1, &separator));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("csv");
	TCase *tc = tcase_create("csv");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_loop_test(tc, any_text_in_any_pieces, 0, 8);
	tcase_add_test(tc, many_rows_on_many_threads);
	tcase_add_loop_test(tc, rows_end, 0, (int)(sizeof ends / sizeof *ends));
	tcase_add_test(tc, gzip_is_cut_too);
	tcase_add_test(tc, preamble_of_any_length);
	tcase_add_test(tc, faults_have_the_line_of_the_file);
	tcase_add_test(tc, a_row_has_a_longest_length);
	tcase_add_loop_test(tc, separators_are_found_out, 0, (int)(sizeof sniffed / sizeof *sniffed));
	tcase_add_test(tc, lines_that_name_the_separator);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

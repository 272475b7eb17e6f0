/* Tests cutting a CSV file for several threads: the rows are the same that libcsv finds in the whole file. */
#include "config.h"

#include <csv.h>
#include <unistd.h>
#include <zlib.h>

#include "csv/csv-reader.h"
#include "csv/csv-scan.h"
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

/* ---- the whole file through libcsv ---- */

struct oracle {
	struct rows rows;
	char fields[64][256];
	size_t lengths[64], n;
	uint64_t line, inner;
	int last_end;
};

static void oracle_field(void *field, size_t length, void *arg)
{
	struct oracle *o = arg;

	ck_assert(o->n < 64 && length < 256);
	memcpy(o->fields[o->n], field, length);
	for (size_t i = 0; i < length; i++)
		o->inner += o->fields[o->n][i] == '\n';
	o->lengths[o->n++] = length;
}

static void oracle_row(int end, void *arg)
{
	struct oracle *o = arg;
	const bool second_half = end == '\n' && o->last_end == '\r' && o->n == 0;
	const char *fields[64];

	for (size_t i = 0; i < o->n; i++)
		fields[i] = o->fields[i];
	if (o->n > 1 || (o->n == 1 && o->lengths[0] > 0)) {
		char *text = row_text(&(struct row){fields, o->lengths, o->n, 0});
		(void)fprintf(o->rows.out, "%llu:%s\n", (unsigned long long)o->line, text);
		free(text);
	}
	o->line += o->inner + !second_half;
	o->inner = o->n = 0;
	o->last_end = end;
}

/* Read the text with libcsv into `rows`, with its header as the first row.  Returns 0.  Returns -1 where the last quote
 * is not closed. */
static int oracle_read(const char *text, size_t size, struct rows *rows)
{
	static struct oracle o;
	struct csv_parser parser;

	o = (struct oracle){.line = 1};
	rows_open(&o.rows);
	ck_assert_int_eq(csv_init(&parser, CSV_REPALL_NL), 0);
	ck_assert_uint_eq(csv_parse(&parser, text, size, oracle_field, oracle_row, &o), size);
	(void)csv_set_opts(&parser, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI);
	const int status = csv_fini(&parser, oracle_field, oracle_row, &o);
	csv_free(&parser);
	(void)fclose(o.rows.out);
	*rows = o.rows;
	return status == 0 ? 0 : -1;
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

static int on_row(const void *ctx, void *rows, const struct row *row)
{
	struct part *part = rows;
	struct kept *more = realloc(part->rows, (part->n + 1) * sizeof *more);

	(void)ctx;
	if (!more)
		return -1;
	part->rows = more;
	part->rows[part->n++] = (struct kept){row->place, row_text(row)};
	return 0;
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

static int read_with(const char *path, unsigned threads, size_t block, struct rows *rows)
{
	const struct csv_handler handler = {rows, on_header, on_open, on_close, on_row, on_block};
	const struct csv_options options = {threads, block};

	rows_open(rows);
	const int status = csv_read(path, &handler, &options, &err);
	(void)fclose(rows->out);
	return status;
}

static void check_same(const char *text, size_t size, unsigned threads, size_t block)
{
	struct rows whole, cut;
	const int expected = oracle_read(text, size, &whole);
	const int status = read_with(scratch_write("x.csv", text, size), threads, block, &cut);

	ck_assert_msg(status == expected, "%d and not %d (%s) with %u threads, block %zu of <<%.*s>>", status, expected,
		      err.text, threads, block, (int)size, text);
	if (status < 0)
		ck_assert_msg(strstr(err.text, "not closed") != NULL, "%s", err.text);
	else
		ck_assert_msg(strcmp(whole.text, cut.text) == 0, "%u threads, block %zu of <<%.*s>>:\n%s and not:\n%s",
			      threads, block, (int)size, text, cut.text, whole.text);
	free(whole.text);
	free(cut.text);
}

/* Random texts of the characters that mean something in a CSV file. */
START_TEST(any_text_in_any_pieces)
{
	static const char alphabet[] = "aab,,\"\"\"\n\n\r \t";
	char text[160];
	struct rng rng;

	rng_seed(&rng, (uint64_t)_i);
	for (int round = 0; round < (SLOW ? 100 : 400); round++) {
		size_t size = (size_t)snprintf(text, sizeof text, "h,i\n");
		for (const size_t end = size + rng_below(&rng, 100); size < end; size++)
			text[size] = alphabet[rng_below(&rng, sizeof alphabet - 1)];
		check_same(text, size, 1 + rng_below(&rng, 3), 1 + rng_below(&rng, 40));
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
    {"a\rb\r", 4, 2, 2},      /* the last CR may belong to a CR LF */
    {"a\n\"b\n\nc", 7, 2, 2}, /* no row ends within quotes */
    {"\"b\n\"", 4, 0, 0},     /* the last quote may be the first half of a doubled one */
    {"\"b\n\"\n", 5, 5, 5},
    {"\"b\"\"\n\"\n", 7, 7, 7}, /* a doubled quote, then the closing one */
    {"a\"\nb\"\nc\n", 8, 3, 8}, /* stray quotes are text */
    {",\"a\n\" ,\n", 8, 8, 8},  /* blanks after the closing quote */
    {" \"a\n\"\n\n", 7, 6, 7},  /* blanks before the opening quote */
    {"\"a\" \"\nb\n", 8, 6, 8}, /* of two quotes with a blank between them the second one closes */
    {"\"a\"b\nc\"\n", 8, 8, 8}, /* a quote in the middle of a field does not close */
};

START_TEST(rows_end_where_libcsv_says)
{
	ck_assert_uint_eq(csv_first_row_end(ends[_i].text, ends[_i].size, ','), ends[_i].first);
	ck_assert_uint_eq(csv_last_row_end(ends[_i].text, ends[_i].size, ','), ends[_i].last);
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
	ck_assert_int_eq(oracle_read(text, size, &whole), 0);
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

/* An error names the line of the file on which it is, however far the reader is ahead. */
START_TEST(errors_have_the_line_of_the_file)
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
	ck_assert_int_eq(read_with(scratch_text("e.csv", text), 3, 64, &rows), -1);
	ck_assert_msg(strstr(err.text, "e.csv:1002: more than 256 fields") != NULL, "%s", err.text);
	free(rows.text);
	free(text);
}
END_TEST

/* A quote that is not closed must not take the whole file into memory. */
START_TEST(a_row_has_a_longest_length)
{
	const size_t size = (size_t)130 << 20;
	struct rows rows;
	FILE *file = fopen(scratch_path("long.csv"), "we");

	(void)fputs("a,b\n1,2\n3,\"4\n", file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(truncate(scratch_path("long.csv"), (off_t)size), 0); /* a hole */
	ck_assert_int_eq(read_with(scratch_path("long.csv"), 2, CSV_BLOCK, &rows), -1);
	ck_assert_msg(strstr(err.text, "long.csv:3: a row of more than 64 MB") != NULL, "%s", err.text);
	free(rows.text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("csv");
	TCase *tc = tcase_create("csv");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_loop_test(tc, any_text_in_any_pieces, 0, 8);
	tcase_add_test(tc, many_rows_on_many_threads);
	tcase_add_loop_test(tc, rows_end_where_libcsv_says, 0, (int)(sizeof ends / sizeof *ends));
	tcase_add_test(tc, gzip_is_cut_too);
	tcase_add_test(tc, preamble_of_any_length);
	tcase_add_test(tc, errors_have_the_line_of_the_file);
	tcase_add_test(tc, a_row_has_a_longest_length);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

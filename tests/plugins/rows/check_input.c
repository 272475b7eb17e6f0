/* Tests reading files that are packed, and in other encodings than UTF-8, in pieces of any size. */
#include "config.h"

#include <iconv.h>
#include <zlib.h>
#include <zstd.h>

#include "rows/input.h"
#include "rows/kind.h"
#include "scratch.h"

static struct animed_error err;

/* Text of many pieces, with characters of one to four bytes. */
static char *long_text(size_t *size)
{
	char *text;
	FILE *out = open_memstream(&text, size);

	for (int i = 0; i < 20000; i++)
		(void)fprintf(out, "%d,caf\xc3\xa9 \xe3\x82\xab \xf0\x9f\x98\x80\n", i);
	(void)fclose(out);
	return text;
}

/* Convert from UTF-8.  Returns the new text and its size; the caller frees it. */
static char *to_encoding(const char *encoding, const char *text, size_t size, size_t *new_size)
{
	iconv_t conversion = iconv_open(encoding, "UTF-8");
	const size_t room = 4 * size + 16;
	char *to = malloc(room), *at = to, *from = (char *)(uintptr_t)text;
	size_t left = room;

	ck_assert(to && conversion != (iconv_t)-1);
	ck_assert_uint_ne(iconv(conversion, &from, &size, &at, &left), (size_t)-1);
	(void)iconv_close(conversion);
	*new_size = (size_t)(at - to);
	return to;
}

/* Read the whole file in pieces of `room` bytes.  Returns its text, NULL where that fails. */
static char *read_all(const char *path, const char *encoding, size_t room, size_t *size)
{
	char *text, *piece = malloc(room);
	struct input *input;
	FILE *out = open_memstream(&text, size);
	size_t n = 1;
	int status = input_open(path, encoding, &input, &err);

	while (status == 0 && n > 0) {
		status = input_read(input, piece, room, &n, &err);
		if (status == 0)
			(void)fwrite(piece, 1, n, out);
	}
	input_close(input);
	free(piece);
	(void)fclose(out);
	if (status == 0)
		return text;
	free(text);
	return NULL;
}

static void expect(const char *path, const char *encoding, size_t room, const char *text, size_t size)
{
	size_t got_size;
	char *got = read_all(path, encoding, room, &got_size);

	ck_assert_msg(got != NULL, "%s", err.text);
	ck_assert_uint_eq(got_size, size);
	ck_assert(memcmp(got, text, size) == 0);
	free(got);
}

static const struct {
	const char *encoding, *mark, *given;
	size_t mark_size;
} encodings[] = {
    {"UTF-8", "", "auto", 0},
    {"UTF-8", "\xef\xbb\xbf", "auto", 3},
    {"UTF-8", "\xef\xbb\xbf", "utf-8", 3},
    {"UTF-16LE", "\xff\xfe", "auto", 2},
    {"UTF-16BE", "\xfe\xff", "auto", 2},
    {"UTF-16BE", "\xfe\xff", "utf-16", 2},
    {"UTF-16LE", "", "utf-16", 0},
    {"UTF-16LE", "", "utf-16le", 0},
    {"UTF-32LE", "\xff\xfe\0\0", "auto", 4},
    {"GB18030", "", "gb18030", 0},
};

START_TEST(encodings_in_pieces)
{
	size_t size, other_size;
	char *text = long_text(&size), *other = to_encoding(encodings[_i].encoding, text, size, &other_size);
	FILE *file = fopen(scratch_path("x.csv"), "we");

	(void)fwrite(encodings[_i].mark, 1, encodings[_i].mark_size, file);
	(void)fwrite(other, 1, other_size, file);
	ck_assert_int_eq(fclose(file), 0);
	expect(scratch_path("x.csv"), encodings[_i].given, INPUT_ROOM, text, size);
	expect(scratch_path("x.csv"), encodings[_i].given, 1 << 20, text, size);
	free(text);
	free(other);
}
END_TEST

static const struct {
	const char *bytes, *text, *encoding;
	size_t size;
} few[] = {
    {"caf\xe9\n", "caf\xc3\xa9\n", "latin1", 5},
    {"\x93q\x94 \x80", "\xe2\x80\x9cq\xe2\x80\x9d \xe2\x82\xac", "cp1252", 5},
    {"a\x81"
     "b",
     "a" INPUT_NOTHING "b", "cp1252", 3}, /* a byte that means nothing */
    {"\xff\xfe"
     "a\0\x3d\xd8"
     "b\0",
     "a" INPUT_NOTHING "b", "auto", 8}, /* half of a pair */
    {"\xff\xfe"
     "a\0b",
     "a" INPUT_NOTHING, "auto", 5},        /* half of a unit */
    {"a\0,\0b\0\n\0", "a,b\n", "auto", 8}, /* without its mark */
    {"\0a\0,\0b\0\n", "a,b\n", "auto", 8},
    {"", "", "auto", 0},
    {"\xef\xbb\xbf", "", "auto", 3},
};

START_TEST(few_bytes)
{
	const char *path = scratch_write("x.csv", few[_i].bytes, few[_i].size);

	expect(path, few[_i].encoding, INPUT_ROOM, few[_i].text, strlen(few[_i].text));
}
END_TEST

static void write_gzip(const char *path, const char *text, size_t size)
{
	gzFile file = gzopen(path, "ab"); /* a stream more with each call */

	ck_assert_int_eq(gzwrite(file, text, (unsigned)size), (int)size);
	ck_assert_int_eq(gzclose(file), Z_OK);
}

static void write_zstd(const char *path, const char *text, size_t size)
{
	const size_t room = ZSTD_compressBound(size);
	char *packed = malloc(room);
	const size_t n = ZSTD_compress(packed, room, text, size, 1);
	FILE *file = fopen(path, "ae");

	ck_assert(!ZSTD_isError(n) && file);
	ck_assert_uint_eq(fwrite(packed, 1, n, file), n);
	ck_assert_int_eq(fclose(file), 0);
	free(packed);
}

static const struct {
	const char *name;
	void (*write)(const char *path, const char *text, size_t size);
} packings[] = {{"gzip", write_gzip}, {"Zstandard", write_zstd}};

START_TEST(packed_streams)
{
	size_t size, n;
	char *text = long_text(&size), what[64];
	const char *path = scratch_path("x.csv");

	packings[_i].write(path, text, size / 3);
	packings[_i].write(path, "", 0);
	packings[_i].write(path, text + size / 3, size - size / 3);
	expect(path, "auto", 999, text, size);
	expect(path, "auto", 1 << 20, text, size);
	ck_assert_int_eq(truncate(path, 3000), 0);
	ck_assert_ptr_null(read_all(path, "auto", 1 << 20, &n));
	(void)snprintf(what, sizeof what, "the %s stream is cut off", packings[_i].name);
	ck_assert_ptr_nonnull(strstr(err.text, what));
	path = scratch_path("y.csv");
	packings[_i].write(path, text, size);
	FILE *file = fopen(path, "r+e");
	(void)fseek(file, 12, SEEK_SET);
	(void)fputs("not what was packed", file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_ptr_null(read_all(path, "auto", 1 << 20, &n));
	(void)snprintf(what, sizeof what, "the %s stream is damaged", packings[_i].name);
	ck_assert_msg(strstr(err.text, what) != NULL, "%s", err.text);
	free(text);
}
END_TEST

static const struct {
	const char *begin, *what; /* NULL: it may be a table */
	size_t size;
} kinds[] = {
    {"PK\3\4", "zip", 4},      {"BM,title\n1,A\n", NULL, 13}, /* the letters of a picture, in text */
    {"ORC,title\n", NULL, 10}, {"BM\0\0\0\0", "picture", 6},
    {"uid,title\n", NULL, 10}, {"SQLite format 3", "SQLite", 16},
};

START_TEST(kinds_of_files)
{
	const char *what = kind_of_bytes(kinds[_i].begin, kinds[_i].size);

	ck_assert(kinds[_i].what ? what && strstr(what, kinds[_i].what) : !what);
}
END_TEST

START_TEST(kinds_of_text_files)
{
	ck_assert_ptr_nonnull(kind_of_text(" \n{ \"a\": 1}", 11));
	ck_assert_ptr_nonnull(kind_of_text("[[1]]", 5));
	ck_assert_ptr_nonnull(kind_of_text("<HTML>", 6));
	ck_assert_ptr_null(kind_of_text("[id],title", 10));
	ck_assert_ptr_null(kind_of_text("{", 1));
	ck_assert_ptr_null(kind_of_text("", 0));
	ck_assert_ptr_null(kind_of_text("uid", 3));
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int main(void)
{
	Suite *suite = suite_create("input");
	TCase *tc = tcase_create("input");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_loop_test(tc, encodings_in_pieces, 0, COUNT(encodings));
	tcase_add_loop_test(tc, few_bytes, 0, COUNT(few));
	tcase_add_loop_test(tc, packed_streams, 0, COUNT(packings));
	tcase_add_loop_test(tc, kinds_of_files, 0, COUNT(kinds));
	tcase_add_test(tc, kinds_of_text_files);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

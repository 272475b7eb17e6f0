/* input.c - finds the encoding of a file, and converts it piece by piece. */
#include "config.h"

#include "rows/input.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rows/kind.h"
#include "rows/unpack.h"

#define RAW_SIZE ((size_t)64 * 1024)

struct input {
	struct unpack *file;
	iconv_t conversion; /* where `unit` is not 0 */
	size_t unit;        /* bytes of the smallest unit of the encoding; 0: the text is UTF-8 already */
	char *raw;          /* read and not yet passed on: [at, n) */
	size_t at, n;
	bool end;
};

static int read_raw(struct input *input, struct animed_error *err)
{
	size_t n;

	memmove(input->raw, input->raw + input->at, input->n - input->at);
	input->n -= input->at;
	input->at = 0;
	while (!input->end && input->n < RAW_SIZE / 2) {
		if (unpack_read(input->file, input->raw + input->n, RAW_SIZE - input->n, &n, err) < 0)
			return -1;
		input->n += n;
		input->end = n == 0;
	}
	return 0;
}

/* Whether every other byte at the beginning is 0: UTF-16 without its mark. */
static bool has_zeros(const struct input *input, size_t first)
{
	const size_t n = input->n < 64 ? input->n : 64;
	size_t zeros = 0, others = 0;

	for (size_t i = 0; i < n; i++) {
		zeros += input->raw[i] == '\0' && i % 2 == first;
		others += input->raw[i] == '\0' && i % 2 != first;
	}
	return n >= 4 && zeros >= n / 4 && others == 0;
}

/* What iconv calls the encoding that the file begins as; NULL: UTF-8, or no text.  A mark is passed over. */
static const char *detect(struct input *input)
{
	static const struct {
		size_t length;
		const char *bytes, *name;
	} marks[] = {
	    {3, "\xef\xbb\xbf", NULL},
	    {4, "\xff\xfe\0\0", "UTF-32LE"},
	    {2, "\xff\xfe", "UTF-16LE"},
	    {2, "\xfe\xff", "UTF-16BE"},
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (input->n >= marks[i].length && memcmp(input->raw, marks[i].bytes, marks[i].length) == 0) {
			input->at = marks[i].length;
			return marks[i].name;
		}
	}
	return has_zeros(input, 1) ? "UTF-16LE" : has_zeros(input, 0) ? "UTF-16BE" : NULL;
}

static int begin(struct input *input, const char *encoding, struct animed_error *err)
{
	if (read_raw(input, err) < 0)
		return -1;
	const char *what = kind_of_bytes(input->raw, input->n < KIND_BYTES ? input->n : KIND_BYTES);
	if (what)
		return animed_fail(err, "%s", what);
	const char *found = detect(input), *name = strcmp(encoding, "auto") == 0 ? found : encoding;
	if (!name || strcmp(name, "utf-8") == 0)
		return 0;
	if (strcmp(name, "utf-16") == 0)
		name = found && strncmp(found, "UTF-16", 6) == 0 ? found : "UTF-16LE";
	input->conversion = iconv_open("UTF-8", name);
	if (input->conversion == (iconv_t)-1)
		return animed_fail(err, "the system cannot convert from %s: %s", name, strerror(errno));
	input->unit = strncasecmp(name, "utf-32", 6) == 0 ? 4 : strncasecmp(name, "utf-16", 6) == 0 ? 2 : 1;
	return 0;
}

int input_open(const char *path, const char *encoding, struct input **out, struct animed_error *err)
{
	struct input *input = calloc(1, sizeof *input);

	*out = NULL;
	if (!input || !(input->raw = malloc(RAW_SIZE))) {
		free(input);
		return animed_fail(err, "out of memory");
	}
	if (unpack_open(path, &input->file, err) < 0 || begin(input, encoding, err) < 0) {
		input_close(input);
		return -1;
	}
	*out = input;
	return 0;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	if (input->unit)
		(void)iconv_close(input->conversion);
	unpack_close(input->file);
	free(input->raw);
	free(input);
}

static int pass_on(struct input *input, char *to, size_t room, size_t *n, struct animed_error *err)
{
	*n = input->n - input->at < room ? input->n - input->at : room;
	if (*n == 0)
		return input->end ? 0 : unpack_read(input->file, to, room, n, err);
	memcpy(to, input->raw + input->at, *n);
	input->at += *n;
	return 0;
}

/* Pass over a unit that means nothing. */
static void skip_unit(struct input *input, char **to, size_t *room)
{
	const size_t left = input->n - input->at;

	input->at += left < input->unit ? left : input->unit;
	memcpy(*to, INPUT_NOTHING, strlen(INPUT_NOTHING));
	*to += strlen(INPUT_NOTHING);
	*room -= strlen(INPUT_NOTHING);
}

static int convert(struct input *input, char *to, size_t room, size_t *n, struct animed_error *err)
{
	char *const begin = to;

	while (to == begin) {
		if (input->n - input->at < 16 && !input->end && read_raw(input, err) < 0)
			return -1;
		if (input->at == input->n)
			break;
		char *from = input->raw + input->at;
		size_t left = input->n - input->at;
		const size_t status = iconv(input->conversion, &from, &left, &to, &room);
		input->at = input->n - left;
		/* EINVAL: the last character is cut off, at the end of the file or of what has been read */
		if (status == (size_t)-1 && room >= strlen(INPUT_NOTHING) &&
		    (errno == EILSEQ || (errno == EINVAL && input->end)))
			skip_unit(input, &to, &room);
	}
	*n = (size_t)(to - begin);
	return 0;
}

int input_read(struct input *input, char *to, size_t room, size_t *n, struct animed_error *err)
{
	return input->unit ? convert(input, to, room, n, err) : pass_on(input, to, room, n, err);
}

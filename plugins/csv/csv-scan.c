/* csv-scan.c - follows the quotes of a CSV file, and looks at nothing else.
 *
 * Counting quotes is not enough: libcsv takes a quote for the beginning of a quoted field only where a field begins,
 * and for its end only where a separator or line break follows; every other quote is text.  Between quotes memchr()
 * does the work, so that a file without any is scanned at the speed of memory. */
#include "config.h"

#include "csv/csv-scan.h"

#include <stdbool.h>
#include <string.h>

struct scan {
	const char *text;
	size_t size;
	char separator;
};

static bool is_blank(const struct scan *scan, char c)
{
	return (c == ' ' || c == '\t') && c != scan->separator;
}

static bool ends_field(const struct scan *scan, char c)
{
	return c == scan->separator || c == '\n' || c == '\r';
}

/* Whether a quote at `at`, outside of quotes, begins a quoted field.  Blanks before it do not count. */
static bool opens(const struct scan *scan, size_t at)
{
	while (at > 0 && is_blank(scan, scan->text[at - 1]))
		at--;
	return at == 0 || ends_field(scan, scan->text[at - 1]);
}

/* The offset just past the quote that closes the field whose text begins at `at`.  0 where more text is needed to
 * tell. */
static size_t close_quote(const struct scan *scan, size_t at)
{
	const char *quote;

	while ((quote = memchr(scan->text + at, '"', scan->size - at))) {
		const size_t past = (size_t)(quote - scan->text) + 1;
		size_t next = past;
		while (next < scan->size && is_blank(scan, scan->text[next]))
			next++;
		if (next == scan->size)
			return 0;
		if (ends_field(scan, scan->text[next]))
			return past;
		/* a quote right after this one is part of the text; one after blanks may close the field */
		at = scan->text[next] == '"' && next > past ? next : next + 1;
	}
	return 0;
}

/* Whether a CR ends a row by itself.  At the end of the text, or before blanks that an LF may follow, it may be the
 * first half of a CR LF (libcsv skips such blanks). */
static bool is_alone(const struct scan *scan, const char *cr)
{
	return cr + 1 < scan->text + scan->size && cr[1] != '\n' && cr[1] != ' ' && cr[1] != '\t';
}

/* The offset just past the first or the last line break in [from, to), all of which is outside of quotes.  0 where
 * there is none. */
static size_t line_break(const struct scan *scan, size_t from, size_t to, bool last)
{
	const char *text = scan->text + from, *end = scan->text + to, *cr;
	const char *lf = last ? memrchr(text, '\n', to - from) : memchr(text, '\n', to - from);

	if (last && !lf) {
		for (; (cr = memrchr(text, '\r', (size_t)(end - text))); end = cr) {
			if (is_alone(scan, cr))
				return (size_t)(cr - scan->text) + 1;
		}
	} else if (!last) {
		for (end = lf ? lf : end; (cr = memchr(text, '\r', (size_t)(end - text))); text = cr + 1) {
			if (is_alone(scan, cr))
				return (size_t)(cr - scan->text) + 1;
		}
	}
	return lf ? (size_t)(lf - scan->text) + 1 : 0;
}

static size_t row_end(const struct scan *scan, bool last)
{
	size_t from = 0, at = 0, end = 0; /* the text from `from` to `at` is outside of quotes */

	for (;;) {
		const char *quote = memchr(scan->text + at, '"', scan->size - at);
		const size_t found = quote ? (size_t)(quote - scan->text) : scan->size;
		if (quote && !opens(scan, found)) {
			at = found + 1;
			continue;
		}
		const size_t here = line_break(scan, from, found, last);
		if (here > 0)
			end = here;
		if (!quote || (here > 0 && !last))
			return end;
		from = at = close_quote(scan, found + 1);
		if (at == 0)
			return end;
	}
}

size_t csv_last_row_end(const char *text, size_t size, char separator)
{
	return row_end(&(const struct scan){text, size, separator}, true);
}

size_t csv_first_row_end(const char *text, size_t size, char separator)
{
	return row_end(&(const struct scan){text, size, separator}, false);
}

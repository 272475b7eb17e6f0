/* csv-scan.c - follows the quotes of a CSV file, and looks at nothing else.
 *
 * Counting quotes is not enough: a quote begins a quoted field only where a field begins, and every other one outside
 * of quotes is text.  Between quotes memchr() does the work, so that a file without any is scanned at the speed of
 * memory. */
#include "config.h"

#include "csv/csv-scan.h"

#include <string.h>

/* What the text says of the end of a quoted field. */
enum closing {
	CLOSED,
	UNKNOWN, /* the text ends before it is decided */
	AT_FAULT,
};

struct field {
	size_t quote; /* where the quote is that opens it */
	size_t past;  /* the offset just past the quote that closes it, where it is closed */
	enum closing closing;
	bool escaped; /* it has quotes behind backslashes */
	bool loose;   /* text follows the quote that closes it, at `inner`, and belongs to it */
	size_t inner;
};

static bool is_blank(const struct csv_scan *scan, char c)
{
	return (c == ' ' || c == '\t') && c != scan->format->separator[0];
}

static bool ends_field(const struct csv_scan *scan, char c)
{
	return c == scan->format->separator[0] || c == '\n' || c == '\r';
}

/* The next quote at `at` or after it; NULL: none.  Where much is quoted it is near, and not worth a call. */
static inline const char *find_quote(const struct csv_scan *scan, size_t at)
{
	const size_t near = scan->size - at < 16 ? scan->size : at + 16;

	for (; at < near; at++) {
		if (scan->text[at] == '"')
			return scan->text + at;
	}
	return memchr(scan->text + at, '"', scan->size - at);
}

/* Whether a quote at `at`, outside of quotes, begins a quoted field.  Blanks before it do not count. */
static bool opens(const struct csv_scan *scan, size_t at)
{
	while (at > 0 && is_blank(scan, scan->text[at - 1]))
		at--;
	return at == 0 || ends_field(scan, scan->text[at - 1]);
}

/* Whether an odd number of backslashes stands before `at`, back to `from`. */
static bool is_escaped(const struct csv_scan *scan, size_t from, size_t at)
{
	size_t n = 0;

	while (at - n > from && scan->text[at - n - 1] == '\\')
		n++;
	return n % 2 == 1;
}

/* Find the quote that closes the field whose text begins at `at`, with or without escapes.  *past receives the offset
 * just past it, or past the one at fault; 0 where there is neither. */
static enum closing close_quote(const struct csv_scan *scan, size_t at, bool escapes, size_t *past)
{
	const char *const text = scan->text, *quote;
	const size_t size = scan->size;

	while ((quote = find_quote(scan, at))) {
		const size_t here = (size_t)(quote - text);
		size_t next = here + 1;
		if (escapes && is_escaped(scan, at, here)) {
			at = next;
			continue;
		}
		if (next < size && text[next] == '"') { /* a doubled quote */
			at = next + 1;
			continue;
		}
		while (next < size && is_blank(scan, text[next]))
			next++;
		*past = here + 1;
		if (next == size)
			return scan->whole ? CLOSED : UNKNOWN;
		return ends_field(scan, text[next]) ? CLOSED : AT_FAULT;
	}
	*past = 0;
	return scan->whole ? AT_FAULT : UNKNOWN;
}

/* Take the text that follows the closing quote of a field, "Paper Lamp" Movie, to belong to it, as most programs do, if
 * this is beyond doubt: the quotes are on one line, and no other one comes before the field ends. */
static void take_loose_text(const struct csv_scan *scan, struct field *field)
{
	const char *text = scan->text;
	const size_t inner = field->past ? field->past - 1 : scan->size;
	size_t end = inner + 1;

	for (size_t i = field->quote; i < inner; i++) {
		if (text[i] == '\n' || text[i] == '\r')
			return;
	}
	while (end < scan->size && !ends_field(scan, text[end]) && text[end] != '"')
		end++;
	if (end > scan->size || (end < scan->size && text[end] == '"'))
		return;
	field->closing = end < scan->size || scan->whole ? CLOSED : UNKNOWN;
	field->loose = true;
	field->inner = inner;
	while (is_blank(scan, text[end - 1]))
		end--;
	field->past = end;
}

/* Whether a quoted field has both tabs and line breaks in it, in text that is separated by tabs.  Quotes are text in most
 * such files: the two belong to different rows. */
static bool joins_rows(const struct csv_scan *scan, const struct field *field)
{
	const char *text = scan->text + field->quote;
	const size_t length = field->past - field->quote;

	return scan->format->separator[0] == '\t' && memchr(text, '\t', length) &&
	       (memchr(text, '\n', length) || memchr(text, '\r', length));
}

/* Find the next quoted field at `from` or after it, all of which is outside of quotes.  Returns whether there is one. */
static bool next_field(const struct csv_scan *scan, size_t from, struct field *field)
{
	const enum csv_escape escape = scan->format->escape;
	const char *quote;

	for (size_t at = from;; at = field->quote + 1) {
		quote = scan->format->quotes ? find_quote(scan, at) : NULL;
		if (!quote)
			return false;
		field->quote = (size_t)(quote - scan->text);
		if (opens(scan, field->quote))
			break;
	}
	field->loose = false;
	field->escaped = escape == CSV_ESCAPE_BACKSLASH;
	field->closing = close_quote(scan, field->quote + 1, field->escaped, &field->past);
	if (field->closing == AT_FAULT && escape == CSV_ESCAPE_AUTO) {
		struct field other = *field;
		other.escaped = true;
		other.closing = close_quote(scan, field->quote + 1, true, &other.past);
		if (other.closing != AT_FAULT)
			*field = other;
	}
	if (field->closing == CLOSED && joins_rows(scan, field))
		field->closing = AT_FAULT;
	else if (field->closing == AT_FAULT && !(field->past > 1 && scan->text[field->past - 2] == '\\'))
		take_loose_text(scan, field);
	return true;
}

/* Whether a CR ends a row by itself.  At the end of the text, or before blanks that an LF may follow, it may be the
 * first half of a CR LF (libcsv skips such blanks). */
static bool is_alone(const struct csv_scan *scan, const char *cr)
{
	const char *end = scan->text + scan->size;

	do
		cr++;
	while (cr < end && is_blank(scan, *cr));
	return cr < end ? *cr != '\n' : scan->whole;
}

/* The offset just past the first line break in [from, to), all of which is one quoted or unquoted stretch.  0 where
 * there is none. */
static size_t first_break(const struct csv_scan *scan, size_t from, size_t to)
{
	const char *at = scan->text + from, *lf = memchr(at, '\n', to - from), *end = lf ? lf : scan->text + to;

	for (const char *cr; (cr = memchr(at, '\r', (size_t)(end - at))); at = cr + 1) {
		if (is_alone(scan, cr))
			return (size_t)(cr - scan->text) + 1;
	}
	return lf ? (size_t)(lf - scan->text) + 1 : 0;
}

/* The same for the last one. */
static size_t last_break(const struct csv_scan *scan, size_t from, size_t to)
{
	/* a separator between two quoted fields */
	if (to - from == 1 && scan->text[from] == scan->format->separator[0])
		return 0;
	const char *at = scan->text + from, *lf = memrchr(at, '\n', to - from), *end = scan->text + to;

	if (lf)
		at = lf + 1;
	for (const char *cr; (cr = memrchr(at, '\r', (size_t)(end - at))); end = cr) {
		if (is_alone(scan, cr))
			return (size_t)(cr - scan->text) + 1;
	}
	return lf ? (size_t)(lf - scan->text) + 1 : 0;
}

size_t csv_last_row_end(const struct csv_scan *scan, bool *plain)
{
	size_t from = 0, end = 0, here;
	struct field field;

	*plain = true;
	while (next_field(scan, from, &field)) {
		here = last_break(scan, from, field.quote);
		end = here ? here : end;
		if (field.closing == UNKNOWN)
			return end;
		*plain = *plain && field.closing == CLOSED && !field.escaped && !field.loose;
		from = field.closing == CLOSED ? field.past : first_break(scan, field.quote, scan->size);
		if (from == 0)
			return end;
		if (field.closing == AT_FAULT)
			end = from;
	}
	here = last_break(scan, from, scan->size);
	return here ? here : end;
}

size_t csv_first_row_end(const struct csv_scan *scan)
{
	size_t from = 0, here;
	struct field field;

	while (next_field(scan, from, &field)) {
		here = first_break(scan, from, field.quote);
		if (here > 0 || field.closing == UNKNOWN)
			return here;
		if (field.closing == AT_FAULT)
			return first_break(scan, field.quote, scan->size);
		from = field.past;
	}
	return first_break(scan, from, scan->size);
}

/* How many fields are at fault, or end in loose text, if quotes are escaped like this. */
static size_t count_faults(const struct csv_scan *scan, enum csv_escape escape)
{
	struct csv_format format = *scan->format;
	const struct csv_scan as = {scan->text, scan->size, &format, scan->whole};
	struct field field;
	size_t from = 0, n = 0;

	format.escape = escape;
	while (next_field(&as, from, &field) && field.closing != UNKNOWN) {
		n += field.closing == AT_FAULT || field.loose;
		from = field.closing == CLOSED ? field.past : first_break(&as, field.quote, as.size);
		if (from == 0)
			break;
	}
	return n;
}

bool csv_has_backslashes(const struct csv_scan *scan)
{
	return memmem(scan->text, scan->size, "\\\"", 2) &&
	       count_faults(scan, CSV_ESCAPE_BACKSLASH) < count_faults(scan, CSV_ESCAPE_DOUBLE);
}

/* Write the field with doubled quotes and single backslashes.  It becomes no longer; the rest of its room comes before
 * it, as blanks. */
static void unescape(char *text, const struct field *field)
{
	char *const begin = text + field->quote + 1, *const end = text + field->past - 1;
	char *to = begin;

	for (const char *at = begin; at < end; at++) {
		const bool escape = *at == '\\' && at + 1 < end;
		if (escape && at[1] == '"')
			*to++ = '"';
		at += escape && (at[1] == '"' || at[1] == '\\');
		*to++ = *at;
	}
	const size_t length = (size_t)(to - begin), rest = (size_t)(end - to);
	memmove(begin + rest, begin, length);
	memset(begin - 1, ' ', rest);
	begin[rest - 1] = '"';
}

/* Move the closing quote to the end of the text that belongs to the field. */
static void close_loose(char *text, const struct field *field)
{
	memmove(text + field->inner, text + field->inner + 1, field->past - field->inner - 1);
	text[field->past - 1] = '"';
}

/* Why the row is at fault, by what stands in it alone: the same whatever comes after it. */
static const char *why_bad(const struct csv_scan *scan, size_t quote, size_t end)
{
	const struct csv_scan row = {scan->text, end, scan->format, false};
	size_t past;

	return close_quote(&row, quote + 1, scan->format->escape == CSV_ESCAPE_BACKSLASH, &past) == AT_FAULT
		   ? "text after the closing quote of a field"
		   : "a quote that is not closed";
}

/* Where the row begins that the quote at `quote` is in.  The fields before it are quoted as libcsv understands it. */
static size_t row_begin(const struct csv_scan *scan, size_t quote)
{
	const struct csv_format format = {
	    .separator = {scan->format->separator[0]}, .quotes = true, .escape = CSV_ESCAPE_DOUBLE};
	const struct csv_scan before = {scan->text, quote, &format, true};
	struct field field;
	size_t from = 0, row = 0, here;

	for (; next_field(&before, from, &field); from = field.past) {
		here = last_break(&before, from, field.quote);
		row = here ? here : row;
	}
	here = last_break(scan, from, quote);
	return here ? here : row;
}

bool csv_find_bad_row(const struct csv_scan *scan, struct csv_bad_row *bad)
{
	struct field field;

	for (size_t from = 0; next_field(scan, from, &field); from = field.past) {
		if (field.closing != CLOSED) {
			const size_t end = first_break(scan, field.quote, scan->size);
			bad->begin = row_begin(scan, field.quote);
			bad->end = end ? end : scan->size;
			bad->why = why_bad(scan, field.quote, bad->end);
			return true;
		}
		if (field.loose)
			close_loose(scan->text, &field);
		if (field.escaped)
			unescape(scan->text, &field);
	}
	return false;
}

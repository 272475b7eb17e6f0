/* csv-split.c - splits lines at a separator of one or several characters. */
#include "config.h"

#include "csv/csv-split.h"

#include <stdbool.h>
#include <string.h>

struct line {
	const struct csv_format *format;
	const char *fields[CSV_MAX_FIELDS];
	size_t lengths[CSV_MAX_FIELDS];
	size_t n;
};

static bool is_blank(const struct line *line, char c)
{
	return (c == ' ' || c == '\t') && c != line->format->separator[0];
}

/* Add the field [begin, end) and end it with a NUL, which takes the place of a separator, a line break or a blank. */
static void add_field(struct line *line, char *begin, char *end)
{
	while (begin < end && is_blank(line, *begin))
		begin++;
	while (end > begin && is_blank(line, end[-1]))
		end--;
	if (line->n < CSV_MAX_FIELDS) {
		line->fields[line->n] = begin;
		line->lengths[line->n] = (size_t)(end - begin);
		*end = '\0';
	}
	line->n++;
}

static char *find(const char *separator, size_t length, char *begin, char *end)
{
	return length == 1 ? memchr(begin, *separator, (size_t)(end - begin))
			   : memmem(begin, (size_t)(end - begin), separator, length);
}

/* Split the line [begin, end), after which a byte may be written. */
static void split(struct line *line, char *begin, char *end)
{
	const char *separator = line->format->separator;
	const size_t length = strlen(separator), most = line->format->fields;
	char *found;

	line->n = 0;
	while ((most == 0 || line->n + 1 < most) && (found = find(separator, length, begin, end))) {
		add_field(line, begin, found);
		begin = found + length;
	}
	add_field(line, begin, end);
}

/* The end of the line that begins at `text`: its LF or CR, or the end of the text. */
static char *line_end(char *text, size_t size)
{
	char *lf = memchr(text, '\n', size);
	char *cr = memchr(text, '\r', lf ? (size_t)(lf - text) : size);

	return cr ? cr : lf ? lf : text + size;
}

/* Where the next line begins, after the one that ends at `at`.  Between CR and LF blanks may stand, as for libcsv. */
static char *next_line(const struct line *line, char *at, const char *end)
{
	char *next = at + (at < end);

	if (at == end || *at != '\r')
		return next;
	while (next < end && is_blank(line, *next))
		next++;
	return next < end && *next == '\n' ? next + 1 : at + 1;
}

int csv_split_text(const struct csv_format *format, char *text, size_t size, const struct csv_taker *taker,
		   uint64_t *lines)
{
	struct line line = {.format = format};
	char *const end = text + size;

	*lines = 0;
	for (char *at = text, *next; at < end; at = next, ++*lines) {
		char *const break_at = line_end(at, (size_t)(end - at));
		next = next_line(&line, break_at, end);
		split(&line, at, break_at);
		if (csv_pass_row(taker, &(struct row){line.fields, line.lengths, line.n, *lines}) < 0)
			return -1;
	}
	return 0;
}

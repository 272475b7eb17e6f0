/* table.c - lays out tables and prints them. */
#include "config.h"

#include "ctl/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "ctl/memory.h"

#define GAP          2u
#define LEAST_SHRUNK 8u /* how many cells a column keeps */

size_t terminal_width(FILE *out)
{
	struct winsize size;

	if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

/* How many bytes of `text` fit into `cells`.  *used receives how many cells they take. */
static size_t fit(const char *text, size_t cells, size_t *used)
{
	const size_t length = strlen(text);
	utf8proc_int32_t codepoint;
	size_t at = 0;

	*used = 0;
	while (at < length) {
		utf8proc_ssize_t n =
		    utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(length - at), &codepoint);
		size_t width = n > 0 ? (size_t)utf8proc_charwidth(codepoint) : 1;
		if (*used + width > cells)
			break;
		*used += width;
		at += n > 0 ? (size_t)n : 1;
	}
	return at;
}

size_t text_cells(const char *text)
{
	size_t used;

	(void)fit(text, SIZE_MAX, &used);
	return used;
}

/* Let no cell break its line. */
static void join_lines(char *text)
{
	for (; text && *text; text++)
		*text = *text == '\n' ? ' ' : *text;
}

void table_add(struct table *table, char *const cells[])
{
	if (table->n_rows == table->room) {
		size_t room = table->room ? table->room * 2 : 16;
		char **more = realloc(table->cells, room * table->n_columns * sizeof *more);
		if (!more)
			memory_is_short();
		table->cells = more;
		table->room = room;
	}
	for (size_t c = 0; c < table->n_columns; c++)
		join_lines(cells[c]);
	memcpy(table->cells + table->n_rows++ * table->n_columns, cells, table->n_columns * sizeof *cells);
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->n_rows * table->n_columns; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->n_rows = table->room = 0;
}

static const char *cell(const struct table *table, size_t row, size_t column)
{
	const char *text = table->cells[row * table->n_columns + column];
	return text ? text : "";
}

/* Shrink the widest of the columns that may be cut at this turn, cell by cell, until a line of `total` cells has `width`
 * at most, or none can be cut further.  Returns how many cells a line then has. */
static size_t shrink(const struct table *table, size_t widths[], size_t total, size_t width, enum table_shrink turn)
{
	while (total > width) {
		size_t widest = table->n_columns;
		for (size_t c = 0; c < table->n_columns; c++) {
			if (table->columns[c].shrink == turn && widths[c] > LEAST_SHRUNK &&
			    (widest == table->n_columns || widths[c] > widths[widest]))
				widest = c;
		}
		if (widest == table->n_columns)
			break;
		widths[widest]--;
		total--;
	}
	return total;
}

/* Find how wide the columns are; 0: the column is empty. */
static void find_widths(const struct table *table, size_t width, size_t widths[])
{
	size_t total = 0;

	for (size_t c = 0; c < table->n_columns; c++) {
		widths[c] = 0;
		for (size_t r = 0; r < table->n_rows; r++) {
			const size_t cells = text_cells(cell(table, r, c));
			widths[c] = cells > widths[c] ? cells : widths[c];
		}
		const size_t head = text_cells(table->columns[c].head);
		if (widths[c] > 0 && head > widths[c])
			widths[c] = head;
		total += widths[c] > 0 ? widths[c] + GAP : 0;
	}
	if (width == 0 || total < GAP)
		return;
	total = shrink(table, widths, total - GAP, width, TABLE_CUT_FIRST);
	(void)shrink(table, widths, total, width, TABLE_CUT_LAST);
}

static void print_padding(FILE *out, size_t n)
{
	(void)fprintf(out, "%*s", (int)n, "");
}

/* Print a text in `width` cells.  One that is too long ends in an ellipsis. */
static void print_cell(FILE *out, const char *text, size_t width, bool right, bool last)
{
	size_t used, bytes = fit(text, width, &used);
	const bool cut = text[bytes] != '\0';

	if (cut) {
		bytes = fit(text, width - 1, &used);
		used++;
	}
	if (right)
		print_padding(out, width - used);
	(void)fwrite(text, 1, bytes, out);
	if (cut)
		(void)fputs("\xe2\x80\xa6", out);
	if (!right && !last)
		print_padding(out, width - used);
}

void table_print(const struct table *table, FILE *out, size_t width)
{
	size_t widths[TABLE_COLUMNS], end = 0;

	assert(table->n_columns <= TABLE_COLUMNS);
	find_widths(table, width, widths);
	for (size_t c = 0; c < table->n_columns; c++)
		end = widths[c] > 0 ? c : end;
	for (size_t r = 0; r <= table->n_rows; r++) {
		for (size_t c = 0; c <= end; c++) {
			const char *text = r == 0 ? table->columns[c].head : cell(table, r - 1, c);
			if (widths[c] == 0)
				continue;
			print_cell(out, text, widths[c], table->columns[c].right, c == end);
			if (c != end)
				print_padding(out, GAP);
		}
		(void)fputc('\n', out);
	}
}

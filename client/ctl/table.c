/* table.c - lays out tables and prints them. */
#include "config.h"

#include "ctl/table.h"

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

/* Shrink the widest column that may shrink, cell by cell, until the line fits. */
static void shrink(const struct table *table, size_t widths[], size_t width)
{
	size_t total = GAP * (table->n_columns - 1);

	for (size_t c = 0; c < table->n_columns; c++)
		total += widths[c];
	while (width > 0 && total > width) {
		size_t widest = table->n_columns;
		for (size_t c = 0; c < table->n_columns; c++) {
			if (table->columns[c].shrink && widths[c] > LEAST_SHRUNK &&
			    (widest == table->n_columns || widths[c] > widths[widest]))
				widest = c;
		}
		if (widest == table->n_columns)
			return;
		widths[widest]--;
		total--;
	}
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
	size_t widths[TABLE_COLUMNS];

	for (size_t c = 0; c < table->n_columns; c++) {
		widths[c] = text_cells(table->columns[c].head);
		for (size_t r = 0; r < table->n_rows; r++) {
			size_t cells = text_cells(cell(table, r, c));
			if (cells > widths[c])
				widths[c] = cells;
		}
	}
	shrink(table, widths, width);
	for (size_t r = 0; r <= table->n_rows; r++) {
		for (size_t c = 0; c < table->n_columns; c++) {
			const char *text = r == 0 ? table->columns[c].head : cell(table, r - 1, c);
			const bool last = c + 1 == table->n_columns;
			print_cell(out, text, widths[c], table->columns[c].right, last);
			if (!last)
				print_padding(out, GAP);
		}
		(void)fputc('\n', out);
	}
}

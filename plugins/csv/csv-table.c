/* csv-table.c - hands the rows of a file to a table, each block of them as a batch. */
#include "config.h"

#include "csv/csv-table.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "csv/csv-layout.h"
#include "csv/csv-reader.h"
#include "csv/csv-taker.h"
#include "rows/cell.h"
#include "rows/number.h"

/* A table that is being read. */
struct reading {
	struct rows_table *table;
	const struct csv_options *options;
	const struct csv_layout *layout; /* NULL: none */
	bool any_layout;                 /* others are tried where the columns are not those of this one */
};

static bool is_number(const struct row *row, size_t i)
{
	float score;
	int of;

	return cell_to_score(row->cells[i], row->lengths[i], &score, &of);
}

/* Whether a row is one of data, since there are numbers in it; of its columns only those that are read, or all. */
static bool has_numbers(const struct rows_table *table, const struct row *row, bool used)
{
	for (size_t i = 0; i < row->n; i++) {
		if ((!used || rows_table_uses(table, i)) && is_number(row, i))
			return true;
	}
	return false;
}

static int not_a_header(const struct rows_table *table, const struct row *row, struct animed_error *err)
{
	return animed_fail(err,
			   "%s:%llu: this looks like a row of data; for a file without a header set %s.header to false "
			   "and name the columns by their numbers, from 1, or name its layout",
			   rows_table_name(table), (unsigned long long)row->place, rows_table_group(table));
}

/* Name the columns by their numbers.  There are as many as the first row has, or as options->fields says. */
static int number_columns(const struct reading *reading, const struct row *first, struct animed_error *err)
{
	const size_t given = reading->options->fields, n = given ? given : first->n, room = sizeof "256";
	char text[CSV_MAX_FIELDS][sizeof "256"];
	const char *names[CSV_MAX_FIELDS];
	size_t lengths[CSV_MAX_FIELDS];

	for (size_t i = 0; i < n; i++) {
		lengths[i] = (size_t)snprintf(text[i], room, "%zu", i + 1);
		names[i] = text[i];
	}
	return rows_table_columns(reading->table, &(const struct row){names, lengths, n, first->place}, err);
}

static bool has_column(const struct row *header, const char *name)
{
	for (size_t i = 0; i < header->n; i++) {
		if (strcmp(header->cells[i], name) == 0)
			return true;
	}
	return false;
}

/* Whether the file may be of this layout, as far as can be told without looking for its columns. */
static bool may_be(const struct csv_layout *layout, const struct rows_table *table, const struct row *header)
{
	const char *group = rows_table_group(table);
	const char *sign = strcmp(group, "items") == 0     ? layout->items_sign
			   : strcmp(group, "ratings") == 0 ? layout->ratings_sign
							   : NULL;

	return layout->header && (!sign || has_column(header, sign));
}

/* The first layout, of those with a header, whose columns a header has for rows of `kind`; NULL: none. */
static const struct csv_layout *layout_by(const struct rows_table *table, enum rows_kind kind, const struct row *header)
{
	for (const struct csv_layout *layout = csv_layouts; layout->name; layout++) {
		if (layout->header && rows_table_fits(table, kind, layout->values, header))
			return layout;
	}
	return NULL;
}

/* Add to an error that the file is not of the layout that is given. */
static void refuse_layout(const struct reading *reading, struct animed_error *err)
{
	const struct animed_error why = *err;

	(void)animed_fail(err, "%s; the %s is not that of layout %s", why.text,
			  reading->options->header ? "header" : "first line", reading->layout->name);
}

/* Say what a header is that lacks columns: that of another layout, or of the other file. */
static void explain_header(const struct reading *reading, const struct row *header, struct animed_error *err)
{
	const bool items = strcmp(rows_table_group(reading->table), "items") == 0;
	const struct csv_layout *same = layout_by(reading->table, items ? ROWS_ITEMS : ROWS_RATINGS, header),
				*other = layout_by(reading->table, items ? ROWS_RATINGS : ROWS_ITEMS, header);
	struct animed_error why = *err;

	if (!reading->layout || strcmp(rows_table_group(reading->table), "favourites") == 0)
		return;
	if (!reading->any_layout && same)
		(void)animed_fail(err, "%s; the header is not that of layout %s, it is that of %s", why.text,
				  reading->layout->name, same->name);
	else if (other)
		(void)animed_fail(err, "%s; this is the header of %s: are items.path and ratings.path swapped?",
				  why.text, items ? "ratings" : "items");
	else if (!reading->any_layout)
		refuse_layout(reading, err);
}

/* Find the columns as the layout names them, or another one that may be. */
static int find_columns(const struct reading *reading, const struct row *header, struct animed_error *err)
{
	struct rows_table *table = reading->table;
	struct animed_error unused;

	if (rows_table_columns(table, header, err) == 0)
		return 0;
	for (const struct csv_layout *other = csv_layouts; reading->any_layout && other->name; other++) {
		if (!may_be(other, table, header))
			continue;
		if (rows_table_defaults(table, other->values, err) < 0)
			return -1;
		if (rows_table_columns(table, header, &unused) == 0) {
			rows_table_say(table, "read in the layout", other->name);
			return 0;
		}
	}
	if (reading->any_layout)
		(void)rows_table_defaults(table, reading->layout->values, &unused);
	explain_header(reading, header, err);
	return -1;
}

static bool is_utf8(const struct row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (!cell_is_utf8(row->cells[i], row->lengths[i]))
			return false;
	}
	return true;
}

static int take_header(void *ctx, const struct row *row, struct animed_error *err)
{
	const struct reading *reading = ctx;
	int status;

	if (!reading->options->header) {
		status = number_columns(reading, row, err);
		if (status < 0 && reading->layout && !reading->any_layout)
			refuse_layout(reading, err);
		return status;
	}
	status = find_columns(reading, row, err);
	if (status < 0 && !is_utf8(row))
		return animed_fail(
		    err, "%s:%llu: text that is not UTF-8; set %s.encoding, such as to cp1252, or name another file",
		    rows_table_name(reading->table), (unsigned long long)row->place, rows_table_group(reading->table));
	return has_numbers(reading->table, row, status == 0) ? not_a_header(reading->table, row, err) : status;
}

static void look_at_first(void *ctx, const struct row *row)
{
	const struct reading *reading = ctx;

	rows_table_first(reading->table, row);
}

static void *open_batch(void *ctx)
{
	(void)ctx;
	return batch_new();
}

static void close_batch(void *batch)
{
	batch_free(batch);
}

static int take_row(const void *ctx, void *batch, const struct row *row)
{
	const struct reading *reading = ctx;

	return rows_table_add(reading->table, batch, row);
}

static int take_bad(const void *ctx, void *batch, uint64_t line, const char *why)
{
	struct batch *rows = batch;

	(void)ctx;
	rows->rows++;
	batch_reject(rows, line, why, NULL);
	return 0;
}

static int give_block(void *ctx, void *batch, uint64_t line, struct animed_error *err)
{
	const struct reading *reading = ctx;

	return rows_table_enough(reading->table) ? 1 : rows_table_give(reading->table, batch, line, err);
}

static int read_file(struct reading *reading, const char *path, struct animed_error *err)
{
	const struct csv_handler handler = {reading,     take_header, look_at_first, open_batch,
					    close_batch, take_row,    take_bad,      give_block};

	return csv_read(path, &handler, reading->options, err) < 0 ? -1 : 0;
}

int csv_read_table(struct rows_table *table, const char *path, unsigned threads, struct animed_error *err)
{
	const struct csv_options options = {
	    .threads = threads, .block = CSV_BLOCK, .encoding = "auto", .header = true, .quotes = true};
	struct reading reading = {.table = table, .options = &options};

	return read_file(&reading, path, err);
}

/* ---- parameters ---- */

/* The value of a parameter of the file; NULL: none is given. */
static const struct animed_value *file_value(const struct rows_table *table, const char *name)
{
	char full[32];

	(void)snprintf(full, sizeof full, "%s.%s", rows_table_group(table), name);
	return rows_table_value(table, full);
}

static int read_separator(const struct rows_table *table, const struct animed_value *value, struct csv_options *options,
			  struct animed_error *err)
{
	const char *text = value->string;

	if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
		text = "\t";
	const size_t n = strlen(text);
	if (n == 0 || n >= CSV_SEPARATOR_SIZE || strpbrk(text, "\"\r\n\\") || isalnum((unsigned char)*text))
		return animed_fail(err,
				   "%s.separator: \"%s\" separates nothing; write a character such as ; or |, the "
				   "word tab, or ::",
				   rows_table_group(table), text);
	options->separator = text;
	return 0;
}

static enum csv_escape escape_of(const char *name)
{
	return strcmp(name, "double") == 0      ? CSV_ESCAPE_DOUBLE
	       : strcmp(name, "backslash") == 0 ? CSV_ESCAPE_BACKSLASH
						: CSV_ESCAPE_AUTO;
}

static int read_options(const struct rows_load *load, const struct rows_table *table, struct csv_options *options,
			struct animed_error *err)
{
	const struct animed_value *header = file_value(table, "header"), *encoding = file_value(table, "encoding"),
				  *quotes = file_value(table, "quotes"), *escape = file_value(table, "escape"),
				  *fields = file_value(table, "fields"), *separator = file_value(table, "separator");

	*options = (struct csv_options){
	    .threads = load->host->threads,
	    .block = load->sink->limit < CSV_BLOCK / 16 ? CSV_BLOCK / 16 : CSV_BLOCK,
	    .encoding = encoding ? encoding->string : "auto",
	    .header = header ? header->boolean : true,
	    .quotes = quotes ? quotes->boolean : true,
	    .escape = escape ? escape_of(escape->string) : CSV_ESCAPE_AUTO,
	    .fields = fields ? (size_t)fields->integer : 0,
	};
	return separator ? read_separator(table, separator, options, err) : 0;
}

int csv_load_file(const struct rows_load *load, enum rows_kind kind, const char *path, const char *layout,
		  struct animed_error *err)
{
	struct rows_table *table = rows_table_new(load, kind, path, ROWS_LINES, err);
	struct csv_options options;
	struct reading reading = {table, &options, csv_layout_of(layout), strcmp(layout, "auto") == 0};
	int status = table ? rows_table_defaults(table, reading.layout->values, err) : -1;

	if (status == 0)
		status = read_options(load, table, &options, err);
	if (status == 0)
		status = read_file(&reading, path, err);
	if (status == 0)
		status = rows_table_end(table, err);
	rows_table_free(table);
	return status;
}

/* csv-table.c - hands the rows of a file to a table, each block of them as a batch. */
#include "config.h"

#include "csv/csv-table.h"

#include <stdio.h>

#include "csv/csv-taker.h"
#include "rows/number.h"

/* A table that is being read. */
struct reading {
	struct rows_table *table;
	bool header; /* the file has one */
};

/* Name the columns by their numbers. */
static int number_columns(struct rows_table *table, const struct row *first, struct animed_error *err)
{
	static const size_t room = sizeof "256";
	char text[CSV_MAX_FIELDS][sizeof "256"];
	const char *names[CSV_MAX_FIELDS];
	size_t lengths[CSV_MAX_FIELDS];

	for (size_t i = 0; i < first->n; i++) {
		lengths[i] = (size_t)snprintf(text[i], room, "%zu", i + 1);
		names[i] = text[i];
	}
	return rows_table_columns(table, &(const struct row){names, lengths, first->n, first->place}, err);
}

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

static int take_header(void *ctx, const struct row *row, struct animed_error *err)
{
	const struct reading *reading = ctx;
	struct rows_table *table = reading->table;
	struct animed_error why;
	int status;

	if (!reading->header)
		return number_columns(table, row, err);
	status = rows_table_columns(table, row, &why);
	if (has_numbers(table, row, status == 0))
		return animed_fail(err,
				   "%s:%llu: this looks like a row of data; for a file without a header set %s.header "
				   "to false, and name the columns by their numbers, from 1",
				   rows_table_name(table), (unsigned long long)row->place, rows_table_group(table));
	if (status < 0)
		*err = why;
	return status;
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

int csv_read_table_as(struct rows_table *table, const char *path, const struct csv_options *options,
		      struct animed_error *err)
{
	struct reading reading = {table, options->header};
	const struct csv_handler handler = {&reading,    take_header, look_at_first, open_batch,
					    close_batch, take_row,    take_bad,      give_block};

	return csv_read(path, &handler, options, err) < 0 ? -1 : 0;
}

int csv_read_table(struct rows_table *table, const char *path, unsigned threads, struct animed_error *err)
{
	const struct csv_options options = {
	    .threads = threads, .block = CSV_BLOCK, .encoding = "auto", .header = true, .quotes = true};

	return csv_read_table_as(table, path, &options, err);
}

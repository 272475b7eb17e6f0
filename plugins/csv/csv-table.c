/* csv-table.c - hands the rows of a file to a table, each block of them as a batch. */
#include "config.h"

#include "csv/csv-table.h"

#include "csv/csv-reader.h"

static int take_header(void *ctx, const struct row *row, struct animed_error *err)
{
	return rows_table_columns(ctx, row, err);
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
	return rows_table_add(ctx, batch, row);
}

static int give_block(void *ctx, void *batch, uint64_t line, struct animed_error *err)
{
	return rows_table_enough(ctx) ? 1 : rows_table_give(ctx, batch, line, err);
}

int csv_read_table(struct rows_table *table, const char *path, unsigned threads, struct animed_error *err)
{
	const struct csv_options options = {threads, CSV_BLOCK};
	const struct csv_handler handler = {table, take_header, open_batch, close_batch, take_row, give_block};

	return csv_read(path, &handler, &options, err) < 0 ? -1 : 0;
}

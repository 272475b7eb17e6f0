/* csv.c - source: reads a catalogue and ratings from two CSV files, as Kaggle and MovieLens publish them. */
#include "config.h"

#include "animed-plugin.h"
#include "csv/csv-table.h"
#include "rows/params.h"
#include "rows/table.h"

static const struct animed_param params[] = {
    {"ratings.path", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of ratings; .gz too"},
    ROWS_RATINGS_PARAMS,
    {"items.path", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of items; .gz too"},
    ROWS_ITEMS_PARAMS,
    ROWS_PARAMS,
    {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};

/* Read the whole file that the parameter `path` names. */
static int load_file(const struct rows_load *load, const char *path, enum rows_kind kind, struct animed_error *err)
{
	const char *name = rows_value(load, path)->string;
	struct rows_table *table = rows_table_new(load, kind, name, ROWS_LINES, err);
	int status = table ? csv_read_table(table, name, load->host->threads, err) : -1;

	if (status == 0)
		status = rows_table_end(table, err);
	rows_table_free(table);
	return status;
}

static int load_csv(const struct animed_value *values, const struct animed_sink *sink, const struct animed_host *host,
		    struct animed_source_stats *stats, struct animed_error *err)
{
	const struct rows_load load = {params, values, sink, host, stats};

	if (load_file(&load, "items.path", ROWS_ITEMS, err) < 0)
		return -1;
	return load_file(&load, "ratings.path", ROWS_RATINGS, err);
}

static const struct animed_source_ops ops = {.load = load_csv, .cacheable = true};

ANIMED_PLUGIN(.kind = ANIMED_SOURCE, .name = "csv", .summary = "a catalogue and ratings from two CSV files",
	      .params = params, .ops.source = &ops);

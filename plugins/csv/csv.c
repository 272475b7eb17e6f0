/* csv.c - source: reads a catalogue, ratings and favourites from CSV files, as Kaggle and MovieLens publish them. */
#include "config.h"

#include <string.h>

#include "animed-plugin.h"
#include "csv/csv-layout.h"
#include "csv/csv-table.h"
#include "rows/input.h"
#include "rows/parts.h"
#include "titlelist/title-list.h"

#define ROWS_NO_DEFAULTS
#include "rows/params.h"

/* How a file is written.  What is not given is as the layout has it, else a header line, the separator that is found
 * out, UTF-8, and quotes. */
#define FILE_PARAMS(group)                                                                                             \
	{group ".header",                                                                                              \
	 ANIMED_BOOL,                                                                                                  \
	 NULL,                                                                                                         \
	 0,                                                                                                            \
	 0,                                                                                                            \
	 NULL,                                                                                                         \
	 0,                                                                                                            \
	 "whether a line names the columns (true); else they are named by numbers, from 1"},                           \
	    {group ".separator",                                                                                       \
	     ANIMED_STRING,                                                                                            \
	     NULL,                                                                                                     \
	     0,                                                                                                        \
	     0,                                                                                                        \
	     NULL,                                                                                                     \
	     0,                                                                                                        \
	     "what separates the columns, such as ;, tab or ::; found out by itself"},                                 \
	    {group ".encoding",                                                                                        \
	     ANIMED_ENUM,                                                                                              \
	     NULL,                                                                                                     \
	     0,                                                                                                        \
	     0,                                                                                                        \
	     INPUT_ENCODINGS,                                                                                          \
	     0,                                                                                                        \
	     "the encoding (auto: UTF-8, and UTF-16 where it is marked)"},                                             \
	    {group ".quotes",                                                                                          \
	     ANIMED_BOOL,                                                                                              \
	     NULL,                                                                                                     \
	     0,                                                                                                        \
	     0,                                                                                                        \
	     NULL,                                                                                                     \
	     0,                                                                                                        \
	     "whether fields may be quoted (true); else a quote is a part of the text"},                               \
	{                                                                                                              \
		group ".escape", ANIMED_ENUM, NULL, 0, 0, CSV_ESCAPES, 0,                                              \
		    "how a quote is written within quotes (auto: \"\", and \\\" where that cannot be meant)"           \
	}

static const struct animed_param params[] = {
    {"ratings.path", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of ratings; .gz and .zst too"},
    ROWS_RATINGS_PARAMS,
    FILE_PARAMS("ratings"),
    {"items.path", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of items; .gz and .zst too"},
    ROWS_ITEMS_PARAMS,
    FILE_PARAMS("items"),
    {"favourites.path", ANIMED_PATH, NULL, 0, 0, NULL, 0, "the file of what users like best, without a score"},
    ROWS_FAVOURITES_PARAMS,
    FILE_PARAMS("favourites"),
    {"layout", ANIMED_ENUM, "auto", 0, 0, CSV_LAYOUTS, 0, "the dataset whose files these are; auto: by their columns"},
    ROWS_PARAMS,
    {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};

static int load_file(void *ctx, const struct rows_load *load, enum rows_kind kind, const char *key, const char *path,
		     struct animed_error *err)
{
	(void)ctx;
	(void)key;
	if (csv_load_file(load, kind, path, rows_value(load, "layout")->string, err) < 0)
		return -1;
	return kind == ROWS_ITEMS ? title_list_load(load, csv_read_table, err) : 0;
}

static int load_csv(const struct animed_value *values, const struct animed_sink *sink, const struct animed_host *host,
		    struct animed_source_stats *stats, struct animed_error *err)
{
	const struct rows_load load = {params, values, sink, host, stats};

	return rows_each_part(&load, ROWS_FROM_FILES, load_file, NULL, err);
}

static const struct animed_source_ops ops = {.load = load_csv, .cacheable = true};

ANIMED_PLUGIN(.kind = ANIMED_SOURCE, .name = "csv", .summary = "a catalogue and ratings from CSV files",
	      .params = params, .ops.source = &ops);

/* sqlite.c - source: reads a catalogue and ratings from a SQLite database, by a query for each. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "animed-plugin.h"
#include "csv/csv-table.h"
#include "rows/number.h"
#include "rows/params.h"
#include "rows/parts.h"
#include "sqlite/sqlite-db.h"
#include "titlelist/title-list.h"

static const struct animed_param params[] = {
    {"database", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of the database; it is only read"},
    ROWS_QUERY_PARAMS,
    {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};

/* The cells of a row, which SQLite owns but for `reals`. */
struct cells {
	const char **at;
	size_t *lengths;
	char (*reals)[NUMBER_TEXT]; /* the text of those that SQLite would write with too few digits */
	int n;
	int blob; /* the first cell that is a blob and that is used; -1: none */
};

static int cells_open(struct cells *cells, const struct sqlite_query *query, struct animed_error *err)
{
	cells->n = sqlite3_column_count(query->stmt);
	cells->at = calloc((size_t)cells->n, sizeof *cells->at);
	cells->lengths = calloc((size_t)cells->n, sizeof *cells->lengths);
	cells->reals = calloc((size_t)cells->n, sizeof *cells->reals);
	return cells->at && cells->lengths && cells->reals ? 0 : animed_fail(err, "%s: out of memory", query->key);
}

static void cells_free(struct cells *cells)
{
	free(cells->at);
	free(cells->lengths);
	free(cells->reals);
}

static int pass_columns(struct rows_table *table, struct cells *cells, const struct sqlite_query *query,
			struct animed_error *err)
{
	for (int i = 0; i < cells->n; i++) {
		cells->at[i] = sqlite3_column_name(query->stmt, i);
		if (!cells->at[i])
			return animed_fail(err, "%s: out of memory", query->key);
		cells->lengths[i] = strlen(cells->at[i]);
	}
	return rows_table_columns(table, &(const struct row){cells->at, cells->lengths, (size_t)cells->n, 1}, err);
}

/* Write a real that is a whole number of more digits than SQLite gives its text.  Returns whether it is one. */
static bool write_large(struct cells *cells, int i, double number)
{
	if (!(fabs(number) >= 1e15) || !isfinite(number) || number != trunc(number))
		return false;
	number_write(number, cells->reals[i]);
	cells->at[i] = cells->reals[i];
	cells->lengths[i] = strlen(cells->reals[i]);
	return true;
}

/* Read the cells of a row as text, which numbers become too. */
static int read_cells(struct cells *cells, const struct rows_table *table, const struct sqlite_query *query,
		      struct animed_error *err)
{
	cells->blob = -1;
	for (int i = 0; i < cells->n; i++) {
		const int type = sqlite3_column_type(query->stmt, i);
		cells->at[i] = NULL;
		cells->lengths[i] = 0;
		if (type == SQLITE_NULL || !rows_table_uses(table, (size_t)i))
			continue;
		if (type == SQLITE_BLOB && cells->blob < 0)
			cells->blob = i;
		if (type == SQLITE_BLOB ||
		    (type == SQLITE_FLOAT && write_large(cells, i, sqlite3_column_double(query->stmt, i))))
			continue;
		cells->at[i] = (const char *)sqlite3_column_text(query->stmt, i);
		cells->lengths[i] = (size_t)sqlite3_column_bytes(query->stmt, i);
		if (!cells->at[i])
			return animed_fail(err, "%s: out of memory", query->key);
	}
	return 0;
}

static int pass_rows(struct rows_table *table, struct cells *cells, const struct sqlite_query *query,
		     struct animed_error *err)
{
	int status = 0;

	for (uint64_t place = 1; status == 0; place++) {
		const struct row row = {cells->at, cells->lengths, (size_t)cells->n, place};
		status = sqlite_query_step(query, err);
		if (status <= 0)
			return status;
		status = read_cells(cells, table, query, err);
		if (status == 0 && cells->blob >= 0)
			status = rows_table_reject(table, place, "a blob, where text or a number belongs, in",
						   sqlite3_column_name(query->stmt, cells->blob), err);
		else if (status == 0)
			status = rows_table_take(table, &row, err);
	}
	return status < 0 ? -1 : 0;
}

static int run_query(void *ctx, const struct rows_load *load, enum rows_kind kind, const char *key, const char *sql,
		     struct animed_error *err)
{
	struct sqlite_db *db = ctx;
	struct rows_table *table = rows_table_new(load, kind, key, ROWS_NUMBERED, err);
	struct cells cells = {.blob = -1};
	struct sqlite_query query = {.stmt = NULL};
	int status = table ? sqlite_query_prepare(db, key, sql, &query, err) : -1;

	if (status == 0)
		status = cells_open(&cells, &query, err);
	if (status == 0)
		status = pass_columns(table, &cells, &query, err);
	if (status == 0)
		status = pass_rows(table, &cells, &query, err);
	if (status == 0)
		status = rows_table_end(table, err);
	cells_free(&cells);
	sqlite_query_free(&query);
	rows_table_free(table);
	return status == 0 && kind == ROWS_ITEMS ? title_list_load(load, csv_read_table, err) : status;
}

static int load_sqlite(const struct animed_value *values, const struct animed_sink *sink,
		       const struct animed_host *host, struct animed_source_stats *stats, struct animed_error *err)
{
	const struct rows_load load = {params, values, sink, host, stats};
	struct sqlite_db db;
	int status = sqlite_db_open(rows_value(&load, "database")->string, host, &db, err);

	if (status == 0)
		status = rows_each_part(&load, ROWS_FROM_QUERIES, run_query, &db, err);
	if (status == 0)
		return sqlite_db_finish(&db, err);
	sqlite_db_close(&db);
	return -1;
}

/* Prepare a query, which shows what it calls. */
static int look_at_query(void *ctx, const struct rows_load *load, enum rows_kind kind, const char *key, const char *sql,
			 struct animed_error *err)
{
	struct sqlite_query prepared;

	(void)load;
	(void)kind;
	const int status = sqlite_query_prepare(ctx, key, sql, &prepared, err);
	sqlite_query_free(&prepared);
	return status;
}

/* The mark of the database; nothing where a query may answer otherwise though the database is as it was. */
static int tell_state(const struct animed_value *values, char *out, size_t size, struct animed_error *err)
{
	const struct rows_load load = {.params = params, .values = values};
	struct sqlite_db db;
	int status = sqlite_db_open(rows_value(&load, "database")->string, NULL, &db, err);

	if (status == 0)
		status = rows_each_part(&load, ROWS_FROM_QUERIES, look_at_query, &db, err);
	sqlite_db_close(&db);
	if (status == 0)
		(void)snprintf(out, size, "%s", db.unsteady ? "" : db.file.mark);
	return status;
}

static const struct animed_source_ops ops = {.load = load_sqlite, .cacheable = true, .state = tell_state};

ANIMED_PLUGIN(.kind = ANIMED_SOURCE, .name = "sqlite", .summary = "a catalogue and ratings from a SQLite database",
	      .params = params, .ops.source = &ops);

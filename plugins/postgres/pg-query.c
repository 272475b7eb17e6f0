/* pg-query.c - fetches rows of a cursor, batch by batch. */
#include "config.h"

#include "postgres/pg-query.h"

#include <stdlib.h>
#include <string.h>

#include "postgres/pg-array.h"
#include "rows/cell.h"

#define CURSOR "animed_rows"
#define FETCH  "fetch forward 4096 from " CURSOR

enum { BYTEA = 17 };

/* The cells of a row.  Text is the result's; arrays are written to room of their own. */
struct cells {
	const char **at;
	size_t *lengths;
	char **arrays; /* where column i is an array, its room */
	size_t *rooms;
	int n;
};

static int cells_open(struct cells *cells, int n, struct animed_error *err)
{
	const size_t size = (size_t)n + 1;

	*cells = (struct cells){calloc(size, sizeof *cells->at), calloc(size, sizeof *cells->lengths),
				calloc(size, sizeof *cells->arrays), calloc(size, sizeof *cells->rooms), n};
	return cells->at && cells->lengths && cells->arrays && cells->rooms ? 0 : animed_fail(err, "out of memory");
}

static void cells_free(struct cells *cells)
{
	for (int i = 0; cells->arrays && i < cells->n; i++)
		free(cells->arrays[i]);
	free(cells->at);
	free(cells->lengths);
	free(cells->arrays);
	free(cells->rooms);
}

/* Hand over the names of the columns, and refuse types that are no text. */
static int pass_columns(struct cells *cells, const struct pg_statement *query, const PGresult *described,
			struct rows_table *table, struct animed_error *err)
{
	char name[64];

	for (int i = 0; i < cells->n; i++) {
		cells->at[i] = PQfname(described, i);
		cells->lengths[i] = strlen(cells->at[i]);
	}
	if (rows_table_columns(table, &(const struct row){cells->at, cells->lengths, (size_t)cells->n, 1}, err) < 0)
		return -1;
	for (int i = 0; i < cells->n; i++) {
		if (PQftype(described, i) == BYTEA && rows_table_uses(table, (size_t)i))
			return animed_fail(err, "%s: the column \"%s\" is of type bytea; convert it to text",
					   query->name, cell_show(PQfname(described, i), name, sizeof name));
	}
	return 0;
}

/* Write the array at row r and column i as a list to the room of the column. */
static int read_array(struct cells *cells, const PGresult *rows, int r, int i, struct animed_error *err)
{
	const size_t size = PG_LIST_SIZE((size_t)PQgetlength(rows, r, i));

	if (size > cells->rooms[i]) {
		char *more = realloc(cells->arrays[i], size * 2);
		if (!more)
			return animed_fail(err, "out of memory");
		cells->arrays[i] = more;
		cells->rooms[i] = size * 2;
	}
	cells->lengths[i] = pg_array_list(PQgetvalue(rows, r, i), cells->arrays[i]);
	cells->at[i] = cells->arrays[i];
	return 0;
}

static int read_cells(struct cells *cells, const PGresult *rows, int r, struct animed_error *err)
{
	for (int i = 0; i < cells->n; i++) {
		const bool null = PQgetisnull(rows, r, i);
		cells->at[i] = null ? NULL : PQgetvalue(rows, r, i);
		cells->lengths[i] = null ? 0 : (size_t)PQgetlength(rows, r, i);
		if (!null && pg_is_array(PQftype(rows, i)) && read_array(cells, rows, r, i, err) < 0)
			return -1;
	}
	return 0;
}

/* Fetch and hand over a batch.  Returns 0, or 1 where no more rows are there or wanted.  On failure returns -1 and
 * fills err. */
static int pass_batch(struct pg *pg, const struct pg_statement *query, struct cells *cells, struct rows_table *table,
		      uint64_t *place, struct animed_error *err)
{
	const struct pg_statement fetch = {query->name, FETCH};
	PGresult *rows;
	int status = pg_run(pg, &fetch, &rows, err);
	const int n = status == 0 ? PQntuples(rows) : 0;

	for (int r = 0; status == 0 && r < n; r++) {
		const struct row row = {cells->at, cells->lengths, (size_t)cells->n, ++*place};
		status = read_cells(cells, rows, r, err);
		if (status == 0)
			status = rows_table_take(table, &row, err);
	}
	PQclear(rows);
	return status == 0 && n == 0 ? 1 : status;
}

/* Open a cursor for the query, whose text the server has found to be right: what it refuses here is no SELECT. */
static int open_cursor(struct pg *pg, const struct pg_statement *query, struct animed_error *err)
{
	struct pg_statement declare = {query->name, NULL};
	PGresult *result;
	char *sql;

	if (asprintf(&sql, "declare " CURSOR " no scroll cursor for %s", query->sql) < 0)
		return animed_fail(err, "out of memory");
	declare.sql = sql;
	int status = pg_run(pg, &declare, &result, err);
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	if (status < 0 && state && strcmp(state, "42601") == 0)
		(void)animed_fail(err, "%s: is not a SELECT, and nothing else is run", query->name);
	PQclear(result);
	free(sql);
	return status;
}

int pg_query(struct pg *pg, const struct pg_statement *query, struct rows_table *table, struct animed_error *err)
{
	const struct pg_statement close = {query->name, "close " CURSOR};
	struct cells cells = {NULL, NULL, NULL, NULL, 0};
	uint64_t place = 0;
	PGresult *result;
	int status = pg_describe(pg, query, &result, err);

	if (status == 0)
		status = cells_open(&cells, PQnfields(result), err);
	if (status == 0)
		status = open_cursor(pg, query, err);
	if (status == 0)
		status = pass_columns(&cells, query, result, table, err);
	PQclear(result);
	while (status == 0)
		status = pass_batch(pg, query, &cells, table, &place, err);
	cells_free(&cells);
	if (status < 0)
		return -1;
	status = pg_run(pg, &close, &result, err);
	PQclear(result);
	return status;
}

/* postgres.c - source: reads a catalogue and ratings from a PostgreSQL server, by a query for each. */
#include "config.h"

#include <inttypes.h>
#include <xxhash.h>

#include "animed-plugin.h"
#include "csv/csv-table.h"
#include "postgres/pg-query.h"
#include "rows/params.h"
#include "rows/parts.h"
#include "titlelist/title-list.h"

static const struct animed_param params[] = {
    {"connection", ANIMED_STRING, "", 0, 0, NULL, ANIMED_SECRET,
     "a connection string or URI of libpq, or the name of a database; what it leaves out is as for psql"},
    {"changed", ANIMED_STRING, NULL, 0, 0, NULL, 0,
     "a SELECT whose answer changes with the data; by default every commit on the server counts as a change"},
    ROWS_QUERY_PARAMS,
    {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};

static int run_query(void *ctx, const struct rows_load *load, enum rows_kind kind, const char *key, const char *sql,
		     struct animed_error *err)
{
	const struct pg_statement query = {key, sql};
	struct rows_table *table = rows_table_new(load, kind, key, ROWS_NUMBERED, err);
	int status = table ? pg_query(ctx, &query, table, err) : -1;

	if (status == 0)
		status = rows_table_end(table, err);
	rows_table_free(table);
	return status == 0 && kind == ROWS_ITEMS ? title_list_load(load, csv_read_table, err) : status;
}

static int load_postgres(const struct animed_value *values, const struct animed_sink *sink,
			 const struct animed_host *host, struct animed_source_stats *stats, struct animed_error *err)
{
	const struct rows_load load = {params, values, sink, host, stats};
	struct pg pg;
	int status = pg_open(rows_value(&load, "connection")->string, host, &pg, err);

	if (status == 0)
		status = rows_each_part(&load, ROWS_FROM_QUERIES, run_query, &pg, err);
	pg_close(&pg);
	return status;
}

/* Which database this is, who sees it, and what changes with every transaction that ends.  On a standby a snapshot does
 * not show all transactions that run. */
static const struct pg_statement progress = {
    "its state",
    "select system_identifier, current_database(), current_user, "
    "case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text else pg_current_snapshot()::text end "
    "from pg_control_system()"};

static const struct pg_statement identity = {"its name", "select current_database(), current_user"};

/* Run a statement and mix all cells of its answer into the hash.  Returns 0, or 1 where the statement is `progress` and
 * the server lacks a function in it.  On failure returns -1 and fills err. */
static int mix(struct pg *pg, const struct pg_statement *statement, XXH64_hash_t *hash, struct animed_error *err)
{
	PGresult *result;
	int status = pg_run(pg, statement, &result, err);

	if (status < 0 && statement == &progress && pg_lacks_function(result))
		status = 1;
	for (int r = 0; status == 0 && r < PQntuples(result); r++) {
		for (int c = 0; c < PQnfields(result); c++) {
			const int facts[] = {PQgetisnull(result, r, c), PQgetlength(result, r, c)};
			*hash = XXH3_64bits_withSeed(facts, sizeof facts, *hash);
			*hash = XXH3_64bits_withSeed(PQgetvalue(result, r, c), (size_t)facts[1], *hash);
		}
	}
	if (status == 0 && PQntuples(result) == 0)
		status = animed_fail(err, "%s: gives no row; write a SELECT that does", statement->name);
	PQclear(result);
	return status;
}

/* A hash of which database it is, and of what tells that it has changed; nothing where the server cannot tell. */
static int tell_state(const struct animed_value *values, char *out, size_t size, struct animed_error *err)
{
	const struct rows_load load = {.params = params, .values = values};
	const struct animed_value *given = rows_value(&load, "changed");
	const struct pg_statement changed = {"changed", given ? given->string : NULL};
	XXH64_hash_t hash = 0;
	struct pg pg;
	int status = pg_open(rows_value(&load, "connection")->string, NULL, &pg, err);

	if (status == 0)
		status = mix(&pg, given ? &identity : &progress, &hash, err);
	if (status == 0 && given)
		status = mix(&pg, &changed, &hash, err);
	pg_close(&pg);
	if (status < 0)
		return -1;
	out[0] = '\0';
	if (status == 0)
		(void)snprintf(out, size, "%016" PRIx64, (uint64_t)hash);
	return 0;
}

/* Not cacheable: a query may depend on the time, on settings and on other servers, which no state of this one shows. */
static const struct animed_source_ops ops = {.load = load_postgres, .state = tell_state};

ANIMED_PLUGIN(.kind = ANIMED_SOURCE, .name = "postgres", .summary = "a catalogue and ratings from a PostgreSQL server",
	      .params = params, .ops.source = &ops);

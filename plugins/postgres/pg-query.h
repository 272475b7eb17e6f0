/* pg-query.h - runs a query through a cursor, so that no more than a batch of its rows is in memory. */
#ifndef PLUGINS_PG_QUERY_H
#define PLUGINS_PG_QUERY_H

#include "postgres/pg-client.h"
#include "rows/table.h"

/* Run the query, which must be one SELECT, and hand its rows to the table.  Returns 0.  On failure returns -1 and fills
 * err. */
int pg_query(struct pg *pg, const struct pg_statement *query, struct rows_table *table, struct animed_error *err);

#endif

/* sqlite-db.h - a SQLite database that is read in one transaction, and the queries in it. */
#ifndef PLUGINS_SQLITE_DB_H
#define PLUGINS_SQLITE_DB_H

#include <sqlite3.h>

#include "sqlite/sqlite-file.h"

struct sqlite_db {
	const char *path;
	const struct animed_host *host; /* NULL: nobody cancels */
	sqlite3 *handle;
	struct sqlite_file file; /* as it was when it was opened */
	bool immutable;          /* it is read without locks, in the hope that nobody changes it meanwhile */
	bool unsteady;           /* a query calls a function whose value may change by itself */
};

/* Open the database at `path`, which outlives *db, and begin the transaction in which everything is read.  The caller
 * closes it with sqlite_db_close(), whatever is returned.  Returns 0.  On failure returns -1 and fills err. */
int sqlite_db_open(const char *path, const struct animed_host *host, struct sqlite_db *db, struct animed_error *err);
void sqlite_db_close(struct sqlite_db *db);

/* Close the database, and check that what was read belongs together.  Returns 0.  Returns -1 and fills err where it was
 * read without locks and has changed. */
int sqlite_db_finish(struct sqlite_db *db, struct animed_error *err);

/* A query, which is the value of the parameter `key`. */
struct sqlite_query {
	struct sqlite_db *db;
	const char *key, *sql;
	sqlite3_stmt *stmt;
};

/* Prepare the query, which must be one SELECT.  The caller frees it with sqlite_query_free(), whatever is returned.
 * Returns 0.  On failure returns -1 and fills err. */
int sqlite_query_prepare(struct sqlite_db *db, const char *key, const char *sql, struct sqlite_query *query,
			 struct animed_error *err);
void sqlite_query_free(struct sqlite_query *query);

/* Go on to the next row.  Returns 1, or 0 after the last one.  On failure returns -1 and fills err. */
int sqlite_query_step(const struct sqlite_query *query, struct animed_error *err);

#endif

/* pg-client.h - a connection to a PostgreSQL server.  Every wait ends when the host cancels. */
#ifndef PLUGINS_PG_CLIENT_H
#define PLUGINS_PG_CLIENT_H

#include <libpq-fe.h>

#include "animed-plugin.h"

struct pg {
	PGconn *conn;
	const struct animed_host *host; /* NULL: nobody cancels */
};

/* A statement, and how messages name it. */
struct pg_statement {
	const char *name; /* the parameter whose value it is, or what it is for */
	const char *sql;
};

/* Connect, and begin a transaction that only reads and that sees one moment of the database.  `connection` is a
 * connection string or URI of libpq, or the name of a database; what it does not say is as in libpq: by the environment
 * and its defaults.  The caller closes it with pg_close(), whatever is returned.  Returns 0.  On failure returns -1 and
 * fills err; passwords are in no message. */
int pg_open(const char *connection, const struct animed_host *host, struct pg *pg, struct animed_error *err);
void pg_close(struct pg *pg);

/* Run a statement.  The caller frees *out with PQclear().  Returns 0.  On failure returns -1 and fills err; *out is
 * then the server's result, or NULL. */
int pg_run(struct pg *pg, const struct pg_statement *statement, PGresult **out, struct animed_error *err);

/* Prepare a statement, which must be a single one, as the unnamed statement, and describe the columns of its result.
 * As pg_run(). */
int pg_describe(struct pg *pg, const struct pg_statement *statement, PGresult **out, struct animed_error *err);

/* Whether a result is the server's word that it has no such function or does not let this user call it. */
bool pg_lacks_function(const PGresult *result);

#endif

/* pg-client.c - waits for a server with poll(), and makes one line of what it says. */
#include "config.h"

#include "postgres/pg-client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rows/cell.h"
#include "rows/query-place.h"

enum {
	WAIT_STEP = 100,     /* ms between two looks whether the host cancels */
	CONNECT_SECONDS = 10 /* how long to wait for a connection that says nothing else */
};

/* ---- messages ---- */

/* Write a message of libpq, which has several lines, as one to `out`. */
static const char *one_line(const char *message, char *out, size_t size)
{
	(void)cell_show(message, out, size);
	for (size_t n = strlen(out); n > 0 && out[n - 1] == ' '; n--)
		out[n - 1] = '\0';
	return out;
}

/* What to do about an error, by its class; "" where the server's words have to do. */
static const char *advice(const char *state)
{
	static const struct {
		const char *start, *advice;
	} rows[] = {
	    {"08", "; the connection was lost: run again"},
	    {"40", "; run again"},
	    {"57P", "; run again once the server is up"},
	    {"25006", "; the source only reads"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strncmp(state, rows[i].start, strlen(rows[i].start)) == 0)
			return rows[i].advice;
	}
	return "";
}

/* The byte at which the character with this number, from 1, begins. */
static size_t byte_of(const char *sql, long character)
{
	size_t i = 0;

	while (sql[i] && character > 1) {
		i++;
		if ((sql[i] & 0xc0) != 0x80)
			character--;
	}
	return i;
}

static int fail_result(const struct pg *pg, const struct pg_statement *statement, const PGresult *result,
		       struct animed_error *err)
{
	const char *primary = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *hint = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_HINT) : NULL;
	const char *position = result ? PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION) : NULL;
	char where[QUERY_PLACE_SIZE], text[512], more[256];

	if (!primary || !state)
		return animed_fail(err, "%s: %s", statement->name,
				   one_line(PQerrorMessage(pg->conn), text, sizeof text));
	(void)query_place(statement->name, statement->sql,
			  position ? byte_of(statement->sql, strtol(position, NULL, 10)) : SIZE_MAX, where);
	return animed_fail(err, "%s: %s (SQLSTATE %s)%s%s%s", where, one_line(primary, text, sizeof text), state,
			   hint ? "; " : "", hint ? one_line(hint, more, sizeof more) : "", advice(state));
}

/* ---- waiting ---- */

static bool is_cancelled(const struct pg *pg)
{
	return pg->host && pg->host->cancelled(pg->host->ctx);
}

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait until the connection is ready to be read or written, as `events` says.  Returns 0, or 1 where `until` (in ms; 0:
 * never) comes first.  Returns -1 and fills err where the host cancels or the wait fails. */
static int wait_for(const struct pg *pg, short events, int64_t until, struct animed_error *err)
{
	struct pollfd socket = {.fd = PQsocket(pg->conn), .events = events};

	for (;;) {
		const int n = poll(&socket, 1, WAIT_STEP);
		if (is_cancelled(pg))
			return animed_fail(err, "cancelled");
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return animed_fail(err, "postgres: cannot wait for the server: %s", strerror(errno));
		if (until && now_ms() >= until)
			return 1;
	}
}

/* ---- connecting ---- */

/* Check a connection string.  What libpq says about a wrong one may show a piece of a password that has a blank in it,
 * and is left out where there is one. */
static int check_string(const char *connection, struct animed_error *err)
{
	const bool uri = strncmp(connection, "postgresql://", 13) == 0 || strncmp(connection, "postgres://", 11) == 0;
	const bool secret = strstr(connection, "password") || (uri && strchr(connection, '@'));
	char *why = NULL, text[256];

	if (!uri && !strchr(connection, '='))
		return 0;
	PQconninfoOption *options = PQconninfoParse(connection, &why);
	const bool right = options != NULL;
	if (!right)
		(void)animed_fail(err, "postgres: connection: %s",
				  secret ? "neither a URI nor KEY=VALUE pairs that libpq knows; put values with blanks "
					   "into single quotes"
				  : why  ? one_line(why, text, sizeof text)
					 : "out of memory");
	PQfreemem(why);
	PQconninfoFree(options);
	return right ? 0 : -1;
}

/* When to give up connecting; 0: never. */
static int64_t connect_deadline(const struct pg *pg)
{
	PQconninfoOption *options = PQconninfo(pg->conn);
	long seconds = CONNECT_SECONDS;

	for (const PQconninfoOption *option = options; option && option->keyword; option++) {
		if (strcmp(option->keyword, "connect_timeout") == 0 && option->val && option->val[0])
			seconds = strtol(option->val, NULL, 10);
	}
	PQconninfoFree(options);
	return seconds > 0 ? now_ms() + seconds * 1000 : 0;
}

static int fail_connect(const struct pg *pg, struct animed_error *err)
{
	char text[512];
	const char *advice_text =
	    PQconnectionNeedsPassword(pg->conn) ? "; put it into ~/.pgpass, PGPASSWORD or the connection" : "";

	return animed_fail(err, "postgres: %s%s", one_line(PQerrorMessage(pg->conn), text, sizeof text), advice_text);
}

static int connect_now(const struct pg *pg, struct animed_error *err)
{
	const int64_t until = connect_deadline(pg);
	PostgresPollingStatusType want = PGRES_POLLING_WRITING;

	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return fail_connect(pg, err);
	while (want != PGRES_POLLING_OK) {
		const int late = wait_for(pg, want == PGRES_POLLING_READING ? POLLIN : POLLOUT, until, err);
		if (late < 0)
			return -1;
		if (late > 0)
			return animed_fail(err, "postgres: the server does not answer; look at its address in "
						"connection, or raise connect_timeout there");
		want = PQconnectPoll(pg->conn);
		if (want == PGRES_POLLING_FAILED)
			return fail_connect(pg, err);
	}
	return 0;
}

/* Notices of the server are no news for whoever trains. */
static void drop_notice(void *ctx, const PGresult *notice)
{
	(void)ctx;
	(void)notice;
}

int pg_open(const char *connection, const struct animed_host *host, struct pg *pg, struct animed_error *err)
{
	const char *const keywords[] = {"fallback_application_name", "dbname", "client_encoding", NULL};
	const char *const values[] = {"animed", connection, "UTF8", NULL};
	/* whatever the server has set: dates have the year first, and the plan is for all rows */
	static const struct pg_statement statements[] = {
	    {"begin", "begin isolation level repeatable read read only"},
	    {"settings", "select set_config('datestyle', 'ISO', true), set_config('bytea_output', 'hex', true), "
			 "set_config('cursor_tuple_fraction', '1', true)"},
	};
	int status = 0;

	*pg = (struct pg){NULL, host};
	if (check_string(connection, err) < 0)
		return -1;
	pg->conn = PQconnectStartParams(keywords, values, 1);
	if (!pg->conn)
		return animed_fail(err, "out of memory");
	(void)PQsetNoticeReceiver(pg->conn, drop_notice, NULL);
	if (connect_now(pg, err) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < sizeof statements / sizeof *statements; i++) {
		PGresult *result;
		status = pg_run(pg, &statements[i], &result, err);
		PQclear(result);
	}
	return status;
}

void pg_close(struct pg *pg)
{
	PQfinish(pg->conn);
	pg->conn = NULL;
}

/* ---- statements ---- */

/* Ask the server to stop what it does. */
static void stop(const struct pg *pg)
{
	char why[256];
	PGcancel *cancel = PQgetCancel(pg->conn);

	if (cancel)
		(void)PQcancel(cancel, why, sizeof why);
	PQfreeCancel(cancel);
}

/* Take the result of what was sent; *out becomes NULL where there is none.  On failure returns -1 and fills err. */
static int take_result(const struct pg *pg, PGresult **out, struct animed_error *err)
{
	while (PQisBusy(pg->conn)) {
		if (wait_for(pg, POLLIN, 0, err) < 0) {
			stop(pg);
			return -1;
		}
		if (!PQconsumeInput(pg->conn))
			break; /* PQgetResult() then gives the error */
	}
	*out = PQgetResult(pg->conn);
	return 0;
}

/* Take the one result of the statement that was sent. */
static int take(const struct pg *pg, const struct pg_statement *statement, bool sent, PGresult **out,
		struct animed_error *err)
{
	PGresult *rest = NULL;

	*out = NULL;
	if (!sent)
		return fail_result(pg, statement, NULL, err);
	if (take_result(pg, out, err) < 0)
		return -1;
	const ExecStatusType status = PQresultStatus(*out);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return fail_result(pg, statement, *out, err);
	do {
		PQclear(rest);
		if (take_result(pg, &rest, err) < 0)
			return -1;
	} while (rest);
	return 0;
}

int pg_run(struct pg *pg, const struct pg_statement *statement, PGresult **out, struct animed_error *err)
{
	const bool sent = PQsendQueryParams(pg->conn, statement->sql, 0, NULL, NULL, NULL, NULL, 0);

	return take(pg, statement, sent, out, err);
}

int pg_describe(struct pg *pg, const struct pg_statement *statement, PGresult **out, struct animed_error *err)
{
	PGresult *prepared;
	int status = take(pg, statement, PQsendPrepare(pg->conn, "", statement->sql, 0, NULL), &prepared, err);

	*out = NULL;
	PQclear(prepared);
	return status < 0 ? -1 : take(pg, statement, PQsendDescribePrepared(pg->conn, ""), out, err);
}

bool pg_lacks_function(const PGresult *result)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	return state && (strcmp(state, "42883") == 0 || strcmp(state, "42501") == 0);
}

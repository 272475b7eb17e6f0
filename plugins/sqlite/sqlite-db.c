/* sqlite-db.c - opens databases so that nothing of them or beside them changes, and lets through what only reads. */
#include "config.h"

#include "sqlite/sqlite-db.h"

#include <string.h>
#include <strings.h>

#include "rows/cell.h"
#include "rows/query-place.h"

enum {
	BUSY_SECONDS = 10,   /* how long to wait for somebody who writes */
	BUSY_STEP = 20,      /* ms between two attempts */
	CANCEL_STEPS = 10000 /* instructions of a query between two looks whether it is cancelled */
};

static bool is_cancelled(const struct sqlite_db *db)
{
	return db->host && db->host->cancelled(db->host->ctx);
}

/* What failed, for people: `code` is what SQLite returned. */
static int fail(const struct sqlite_db *db, const char *where, int code, struct animed_error *err)
{
	char text[512];
	const char *said = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);

	if (is_cancelled(db))
		return animed_fail(err, "cancelled");
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return animed_fail(err, "out of memory");
	case SQLITE_BUSY:
		return animed_fail(err, "%s: another program has locked it for %d seconds; run again", db->path,
				   BUSY_SECONDS);
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return animed_fail(err,
				   "%s: %s; where a program that wrote it was killed, open it once with that program "
				   "or with sqlite3",
				   db->path, cell_show(said, text, sizeof text));
	default:
		return animed_fail(err, "%s: %s%s", where, cell_show(said, text, sizeof text),
				   (code & 0xff) == SQLITE_CORRUPT ? "; the database is damaged" : "");
	}
}

static int on_busy(void *ctx, int attempts)
{
	if (attempts >= BUSY_SECONDS * 1000 / BUSY_STEP || is_cancelled(ctx))
		return 0;
	(void)sqlite3_sleep(BUSY_STEP);
	return 1;
}

static int on_progress(void *ctx)
{
	return is_cancelled(ctx);
}

/* Whether a function may give another value though the database is as it was. */
static bool is_unsteady(const char *function)
{
	static const char *const names[] = {
	    "random",   "randomblob",   "date",         "time",     "datetime", "julianday",        "unixepoch",
	    "strftime", "current_date", "current_time", "timediff", "changes",  "current_timestamp"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcasecmp(function, names[i]) == 0)
			return true;
	}
	return false;
}

/* Called by SQLite for everything that a query does, those of views included. */
static int on_action(void *ctx, int action, const char *a, const char *b, const char *database, const char *view)
{
	struct sqlite_db *db = ctx;

	(void)a;
	(void)database;
	(void)view;
	switch (action) {
	case SQLITE_FUNCTION:
		db->unsteady |= b && is_unsteady(b);
		return SQLITE_OK;
	case SQLITE_PRAGMA:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		return SQLITE_DENY;
	default:
		return SQLITE_OK;
	}
}

/* Make a URI of the path: immutable where a database in WAL mode is closed.  SQLite would put the files -wal and -shm
 * beside it to read it, leave them there, and whoever writes next might not be allowed to use them. */
static char *make_uri(const struct sqlite_db *db)
{
	const char *immutable = db->immutable ? "&immutable=1" : "";
	sqlite3_str *uri = sqlite3_str_new(NULL);

	sqlite3_str_appendall(uri, "file:");
	for (const char *at = db->path; *at; at++) {
		if (*at == '%' || *at == '?' || *at == '#')
			sqlite3_str_appendf(uri, "%%%02x", *at);
		else
			sqlite3_str_append(uri, at, 1);
	}
	sqlite3_str_appendf(uri, "?mode=ro%s", immutable);
	return sqlite3_str_finish(uri);
}

int sqlite_db_open(const char *path, const struct animed_host *host, struct sqlite_db *db, struct animed_error *err)
{
	*db = (struct sqlite_db){.path = path, .host = host};
	if (sqlite_file_look(path, &db->file, err) < 0)
		return -1;
	db->immutable = db->file.wal_mode && !db->file.has_wal;
	char *uri = make_uri(db);
	int code = uri ? sqlite3_open_v2(uri, &db->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) : SQLITE_NOMEM;
	sqlite3_free(uri);
	if (code == SQLITE_OK)
		code = sqlite3_extended_result_codes(db->handle, 1);
	if (code == SQLITE_OK)
		code = sqlite3_busy_handler(db->handle, on_busy, db);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db->handle, "begin", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_set_authorizer(db->handle, on_action, db);
	if (code != SQLITE_OK)
		return fail(db, path, code, err);
	sqlite3_progress_handler(db->handle, CANCEL_STEPS, on_progress, db);
	return 0;
}

void sqlite_db_close(struct sqlite_db *db)
{
	(void)sqlite3_close(db->handle);
	db->handle = NULL;
}

int sqlite_db_finish(struct sqlite_db *db, struct animed_error *err)
{
	struct sqlite_file now;

	sqlite_db_close(db);
	if (!db->immutable)
		return 0;
	if (sqlite_file_look(db->path, &now, err) < 0)
		return -1;
	if (!sqlite_file_same(&db->file, &now))
		return animed_fail(err, "%s: another program changed it while it was read; run again", db->path);
	return 0;
}

static int fail_query(const struct sqlite_query *query, int code, struct animed_error *err)
{
	const int offset = sqlite3_error_offset(query->db->handle);
	char where[QUERY_PLACE_SIZE];

	return fail(query->db, query_place(query->key, query->sql, offset < 0 ? SIZE_MAX : (size_t)offset, where), code,
		    err);
}

/* Check that nothing but blanks and comments follows the first statement. */
static int check_rest(const struct sqlite_query *query, const char *rest, struct animed_error *err)
{
	sqlite3_stmt *more = NULL;
	int code = SQLITE_OK;

	while (code == SQLITE_OK && !more && *rest)
		code = sqlite3_prepare_v2(query->db->handle, rest, -1, &more, &rest);
	(void)sqlite3_finalize(more);
	if (code == SQLITE_OK && !more)
		return 0;
	return (code & 0xff) == SQLITE_NOMEM
		   ? fail_query(query, code, err)
		   : animed_fail(err, "%s: has more than one statement; write one SELECT", query->key);
}

int sqlite_query_prepare(struct sqlite_db *db, const char *key, const char *sql, struct sqlite_query *query,
			 struct animed_error *err)
{
	const char *rest;

	*query = (struct sqlite_query){db, key, sql, NULL};
	const int code = sqlite3_prepare_v2(db->handle, sql, -1, &query->stmt, &rest);
	if (code != SQLITE_OK && (code & 0xff) != SQLITE_AUTH)
		return fail_query(query, code, err);
	if (code == SQLITE_OK && !query->stmt)
		return animed_fail(err, "%s: is empty; write a SELECT", key);
	if (code != SQLITE_OK || !sqlite3_stmt_readonly(query->stmt) || sqlite3_stmt_isexplain(query->stmt) ||
	    sqlite3_column_count(query->stmt) == 0)
		return animed_fail(err, "%s: is not a SELECT, and nothing else is run", key);
	return check_rest(query, rest, err);
}

void sqlite_query_free(struct sqlite_query *query)
{
	(void)sqlite3_finalize(query->stmt);
	query->stmt = NULL;
}

int sqlite_query_step(const struct sqlite_query *query, struct animed_error *err)
{
	const int code = sqlite3_step(query->stmt);

	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE ? 0 : fail_query(query, code, err);
}

/* sqlite-file.h - looks at the files of a SQLite database without SQLite: whether it is one, and whether it changed.
 *
 * Never while this process has the database open through SQLite: whoever closes a file gives up all locks of the
 * process on it. */
#ifndef PLUGINS_SQLITE_FILE_H
#define PLUGINS_SQLITE_FILE_H

#include "animed-plugin.h"

enum { SQLITE_MARK_SIZE = 256 };

struct sqlite_file {
	uint64_t size; /* bytes of the database file */
	int64_t mtime; /* ns */
	bool wal_mode; /* commits go to the file -wal first */
	bool has_wal;  /* that file is there */
	/* A text that changes with every commit, of which size and time of the database file need not tell: the change
	 * counter of the file and, in WAL mode, where the log and its index stand. */
	char mark[SQLITE_MARK_SIZE];
};

/* Look at the database at `path`.  Returns 0.  On failure, such as where the file is no SQLite database, returns -1 and
 * fills err. */
int sqlite_file_look(const char *path, struct sqlite_file *file, struct animed_error *err);

/* Whether a database is as it was at an earlier look. */
bool sqlite_file_same(const struct sqlite_file *a, const struct sqlite_file *b);

#endif

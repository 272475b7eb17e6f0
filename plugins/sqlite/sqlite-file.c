/* sqlite-file.c - reads the headers that SQLite documents in its file format and its WAL-mode file format. */
#include "config.h"

#include "sqlite/sqlite-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	HEADER = 100,        /* bytes of the header of a database */
	READ_VERSION = 19,   /* its byte that is 2 in WAL mode */
	CHANGE_COUNTER = 24, /* where its change counter is, 4 bytes */
	WAL_SALTS = 16,      /* where the header of a log has its salts, 8 bytes */
	WAL_HEADER = 32,
	INDEX_HEADER =
	    48, /* bytes of the header of the log's index: a counter of commits, the last frame, its checksum */
};

/* Read the first `size` bytes of a file.  Returns how many there are, and fills *st.  On failure returns -1 and sets
 * errno. */
static ssize_t read_start(const char *path, unsigned char *out, size_t size, struct stat *st)
{
	/* a pipe without a writer must not be waited for */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, st) == 0)
		n = pread(fd, out, size, 0);
	const int why = errno;
	if (fd >= 0)
		(void)close(fd);
	errno = why;
	return n;
}

/* Append bytes in hexadecimal digits to a mark, which has room for them. */
static size_t append_hex(char *mark, size_t used, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(mark + used, SQLITE_MARK_SIZE - used, "%02x", bytes[i]);
	return used;
}

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

/* Append where the log and its index stand.  Size and time of the log are not enough: it is written from its beginning
 * again, and two commits may share a tick of the clock.  The index tells them apart, while somebody has the database
 * open; otherwise nobody commits. */
static void mark_log(const char *path, struct sqlite_file *file, size_t used)
{
	unsigned char wal[WAL_HEADER], index[INDEX_HEADER];
	char name[PATH_MAX];
	struct stat st;

	(void)snprintf(name, sizeof name, "%s-wal", path);
	ssize_t n = read_start(name, wal, sizeof wal, &st);
	file->has_wal = n >= 0;
	if (n >= 0) {
		used += (size_t)snprintf(file->mark + used, SQLITE_MARK_SIZE - used, " wal %lld %lld ",
					 (long long)st.st_size, (long long)nanoseconds(&st.st_mtim));
		if (n == WAL_HEADER)
			used = append_hex(file->mark, used, wal + WAL_SALTS, 8);
	}
	(void)snprintf(name, sizeof name, "%s-shm", path);
	if (n >= 0 && read_start(name, index, sizeof index, &st) == INDEX_HEADER) {
		used += (size_t)snprintf(file->mark + used, SQLITE_MARK_SIZE - used, " ");
		(void)append_hex(file->mark, used, index, sizeof index);
	}
}

int sqlite_file_look(const char *path, struct sqlite_file *file, struct animed_error *err)
{
	static const char magic[16] = "SQLite format 3";
	unsigned char header[HEADER];
	struct stat st;

	*file = (struct sqlite_file){.size = 0};
	if (strlen(path) + sizeof "-wal" > PATH_MAX)
		return animed_fail(err, "%s: the path is too long", path);
	const ssize_t n = read_start(path, header, sizeof header, &st);
	if (n < 0 && errno == ESPIPE)
		return animed_fail(err, "%s: is no regular file but a pipe; name the database itself", path);
	if (n < 0)
		return errno == EISDIR ? animed_fail(err, "%s: is a directory; name the database in it", path)
				       : animed_fail(err, "%s: cannot open: %s", path, strerror(errno));
	if (n == 0)
		return animed_fail(err, "%s: the file is empty; a SQLite database was expected", path);
	if (n < HEADER || memcmp(header, magic, sizeof magic) != 0)
		return animed_fail(err,
				   "%s: is no SQLite database, or an encrypted one; CSV and JSON lines have the "
				   "plugins csv and jsonl",
				   path);
	file->size = (uint64_t)st.st_size;
	file->mtime = nanoseconds(&st.st_mtim);
	file->wal_mode = header[READ_VERSION] == 2;
	const size_t used = append_hex(file->mark, 0, header + CHANGE_COUNTER, 4);
	if (file->wal_mode)
		mark_log(path, file, used);
	return 0;
}

bool sqlite_file_same(const struct sqlite_file *a, const struct sqlite_file *b)
{
	return a->size == b->size && a->mtime == b->mtime && strcmp(a->mark, b->mark) == 0;
}

/* unpack.c - reads a file through zlib or libzstd. */
#include "config.h"

#include "rows/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum packing { PLAIN, GZIP, ZSTD };

#define BUFFER_SIZE ((size_t)256 * 1024)

struct unpack {
	int fd;
	enum packing packing;
	char *bytes; /* read from the file and not yet used: [at, n) */
	size_t at, n;
	bool end;            /* nothing comes after `bytes` */
	uint64_t read, size; /* bytes read so far, and the size of the file when it was opened */
	z_stream zlib;
	ZSTD_DStream *zstd;
	bool inside; /* in a stream that has not ended */
};

static int read_some(struct unpack *file, char *to, size_t room, size_t *n, struct animed_error *err)
{
	ssize_t got;

	do
		got = read(file->fd, to, room);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return animed_fail(err, "cannot read: %s", strerror(errno));
	*n = (size_t)got;
	file->read += *n;
	file->end = got == 0;
	if (file->end && file->read < file->size)
		return animed_fail(err, "the file shrank from %llu to %llu bytes while it was read; run again",
				   (unsigned long long)file->size, (unsigned long long)file->read);
	return 0;
}

/* Have at least `want` bytes that are not used, or all that are left.  `want` is no more than the buffer has. */
static int have(struct unpack *file, size_t want, struct animed_error *err)
{
	size_t n;

	if (file->at > 0) {
		memmove(file->bytes, file->bytes + file->at, file->n - file->at);
		file->n -= file->at;
		file->at = 0;
	}
	while (file->n < want && !file->end) {
		if (read_some(file, file->bytes + file->n, BUFFER_SIZE - file->n, &n, err) < 0)
			return -1;
		file->n += n;
	}
	return 0;
}

/* Whether the bytes begin a frame of Zstandard, or one that is skipped, which parallel packers and seekable files have. */
static bool is_zstd(const char *bytes, size_t n)
{
	return n >= 4 && (memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0 ||
			  ((bytes[0] & 0xf0) == 0x50 && memcmp(bytes + 1, "\x2a\x4d\x18", 3) == 0));
}

/* See by the first bytes how the file is packed. */
static int look(struct unpack *file, struct animed_error *err)
{
	if (have(file, 4, err) < 0)
		return -1;
	if (file->n >= 2 && memcmp(file->bytes, "\x1f\x8b", 2) == 0) {
		file->packing = GZIP;
		/* 16: a gzip header is expected */
		return inflateInit2(&file->zlib, 15 + 16) == Z_OK ? 0 : animed_fail(err, "out of memory");
	}
	if (is_zstd(file->bytes, file->n)) {
		file->packing = ZSTD;
		file->zstd = ZSTD_createDStream();
		return file->zstd ? 0 : animed_fail(err, "out of memory");
	}
	return 0;
}

static int open_file(struct unpack *file, const char *path, struct animed_error *err)
{
	struct stat st;

	/* a pipe without a writer must not be waited for */
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0 || fstat(file->fd, &st) < 0)
		return animed_fail(err, "cannot open: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return animed_fail(err, "is a directory; name the file in it");
	if (!S_ISREG(st.st_mode))
		return animed_fail(err,
				   "is no regular file but %s; it is read again at each training: write it to a file",
				   S_ISFIFO(st.st_mode) ? "a pipe" : "a device or a socket");
	file->size = (uint64_t)st.st_size;
	file->bytes = malloc(BUFFER_SIZE);
	return file->bytes ? look(file, err) : animed_fail(err, "out of memory");
}

int unpack_open(const char *path, struct unpack **out, struct animed_error *err)
{
	struct unpack *file = calloc(1, sizeof *file);

	*out = NULL;
	if (!file)
		return animed_fail(err, "out of memory");
	file->fd = -1;
	if (open_file(file, path, err) < 0) {
		unpack_close(file);
		return -1;
	}
	*out = file;
	return 0;
}

void unpack_close(struct unpack *file)
{
	if (!file)
		return;
	if (file->packing == GZIP)
		(void)inflateEnd(&file->zlib);
	(void)ZSTD_freeDStream(file->zstd);
	if (file->fd >= 0)
		(void)close(file->fd);
	free(file->bytes);
	free(file);
}

static int read_plain(struct unpack *file, char *to, size_t room, size_t *n, struct animed_error *err)
{
	*n = file->n - file->at < room ? file->n - file->at : room;
	if (*n == 0)
		return file->end ? 0 : read_some(file, to, room, n, err);
	memcpy(to, file->bytes + file->at, *n);
	file->at += *n;
	return 0;
}

/* Unpack what the buffer has to `to`.  At the end of a stream, file->inside becomes false. */
static int inflate_some(struct unpack *file, char *to, size_t room, size_t *n, struct animed_error *err)
{
	z_stream *z = &file->zlib;

	z->next_in = (Bytef *)file->bytes + file->at;
	z->avail_in = (uInt)(file->n - file->at);
	z->next_out = (Bytef *)to;
	z->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
	const uInt before = z->avail_out;
	const int status = inflate(z, Z_NO_FLUSH);
	file->at = file->n - z->avail_in;
	*n = before - z->avail_out;
	if (status == Z_STREAM_END) {
		file->inside = false;
		return inflateReset(z) == Z_OK ? 0 : animed_fail(err, "out of memory");
	}
	if (status == Z_OK || status == Z_BUF_ERROR)
		return 0;
	return animed_fail(err, status == Z_MEM_ERROR ? "out of memory"
						      : "the gzip stream is damaged; fetch the file again");
}

static int unzstd_some(struct unpack *file, char *to, size_t room, size_t *n, struct animed_error *err)
{
	ZSTD_inBuffer in = {file->bytes, file->n, file->at};
	ZSTD_outBuffer out = {to, room, 0};
	const size_t status = ZSTD_decompressStream(file->zstd, &out, &in);

	file->at = in.pos;
	*n = out.pos;
	file->inside = status != 0;
	if (!ZSTD_isError(status))
		return 0;
	if (ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation)
		return animed_fail(err, "out of memory");
	return animed_fail(err, "the Zstandard stream is damaged (%s); fetch the file again",
			   ZSTD_getErrorName(status));
}

/* Whether another stream follows the one that has ended: 1, or 0 at the end of the file.  Tapes and blocks fill a gzip file
 * up with zeros, between streams as well.  Where something else follows returns -1 and fills err. */
static int another(struct unpack *file, struct animed_error *err)
{
	if (file->packing == ZSTD)
		return file->at < file->n;
	for (;; file->at++) {
		if (file->n - file->at < 2 && have(file, 2, err) < 0)
			return -1;
		if (file->at == file->n)
			return 0;
		if (file->bytes[file->at] != '\0')
			break;
	}
	if (file->n - file->at >= 2 && memcmp(file->bytes + file->at, "\x1f\x8b", 2) == 0)
		return 1;
	return animed_fail(err,
			   "something that is not gzip follows the gzip stream; fetch the file again, or leave that "
			   "out: gunzip < FILE > OTHER");
}

static int read_packed(struct unpack *file, char *to, size_t room, size_t *n, struct animed_error *err)
{
	for (*n = 0; *n == 0;) {
		if (file->n - file->at < 4 && have(file, BUFFER_SIZE / 2, err) < 0)
			return -1;
		const int more = file->inside ? 1 : another(file, err);
		if (more <= 0)
			return more;
		/* what has been read may still wait for room to be unpacked to */
		const bool starved = file->at == file->n;
		file->inside = true;
		if ((file->packing == GZIP ? inflate_some(file, to, room, n, err)
					   : unzstd_some(file, to, room, n, err)) < 0)
			return -1;
		if (starved && *n == 0 && file->inside)
			return animed_fail(err, "the %s stream is cut off; fetch the file again",
					   file->packing == GZIP ? "gzip" : "Zstandard");
	}
	return 0;
}

int unpack_read(struct unpack *file, char *to, size_t room, size_t *n, struct animed_error *err)
{
	return file->packing == PLAIN ? read_plain(file, to, room, n, err) : read_packed(file, to, room, n, err);
}

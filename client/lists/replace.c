/* replace.c - writes to a temporary name, and renames. */
#include "config.h"

#include "lists/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/string-stream.h"
#include "ctl/memory.h"

/* What is to be written, as one text, since a program that ends where memory is short would leave half a file. */
static char *text_of(void (*write_list)(const struct list *list, FILE *out), const struct list *list, size_t *length)
{
	struct string_stream stream;
	FILE *out = string_stream_open(&stream);

	if (out)
		write_list(list, out);
	char *text = memory_take(string_stream_close(&stream));
	*length = strlen(text);
	return text;
}

/* Write and sync.  Closes the descriptor.  On failure returns -1 with errno set. */
static int fill(int fd, mode_t mode, const char *text, size_t length)
{
	int status = mode == 0 ? 0 : fchmod(fd, mode);

	while (status == 0 && length > 0) {
		const ssize_t n = write(fd, text, length);
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		} else if (n == 0 || errno != EINTR) {
			status = -1;
		}
	}
	if (status == 0)
		status = fsync(fd);
	const int why = errno;
	if (close(fd) < 0 && status == 0)
		return -1;
	errno = why;
	return status;
}

/* Sync the directory, so that the new name outlives a loss of power.  Not all file systems can. */
static void sync_directory(const char *path)
{
	char *copy = memory_take(strdup(path));
	const int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)fsync(fd);
		(void)close(fd);
	}
	free(copy);
}

/* The file that the name stands for, through symbolic links.  The caller frees it. */
static char *target_of(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : memory_take(strdup(path));
}

static mode_t masked(mode_t mode)
{
	const mode_t mask = umask(0);

	(void)umask(mask);
	return mode & ~mask;
}

int list_replace(const char *path, mode_t mode, void (*write_list)(const struct list *list, FILE *out),
		 const struct list *list, struct list_error *err)
{
	char *target = target_of(path), *draft = memory_format("%s.XXXXXX", target);
	size_t length;
	char *text = text_of(write_list, list, &length);
	struct stat st;
	int status = 0;

	if (stat(target, &st) == 0 && !S_ISREG(st.st_mode)) {
		status = list_fail(err, "%s: is no regular file", path);
		goto out;
	}
	const int fd = mkostemp(draft, O_CLOEXEC);
	if (fd < 0) {
		status = list_fail(err, "%s: cannot write: %s", path, strerror(errno));
		goto out;
	}
	if (fill(fd, masked(mode), text, length) < 0 || rename(draft, target) < 0) {
		status = list_fail(err, "%s: cannot write: %s; it is as it was", path, strerror(errno));
		(void)unlink(draft);
		goto out;
	}
	sync_directory(target);
out:
	free(text);
	free(target);
	free(draft);
	return status;
}

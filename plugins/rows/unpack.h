/* unpack.h - reads a file, and unpacks gzip and Zstandard, which are told by the content and not by the name. */
#ifndef PLUGINS_UNPACK_H
#define PLUGINS_UNPACK_H

#include "animed-plugin.h"

struct unpack;

/* Open a file.  What is no regular file is refused, such as a pipe, which could be read once only.  On failure returns -1 and fills err, without the path. */
int unpack_open(const char *path, struct unpack **out, struct animed_error *err);
void unpack_close(struct unpack *file);

/* Read up to `room` bytes; *n receives how many, 0 at the end.  On failure, such as a stream that is cut off, returns -1
 * and fills err. */
int unpack_read(struct unpack *file, char *to, size_t room, size_t *n, struct animed_error *err);

#endif

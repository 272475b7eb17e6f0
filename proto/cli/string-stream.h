/* string-stream.h - a stream into a string that tells whether all of it was written.
 *
 * The one of open_memstream() does not: where memory is short glibc (2.36) leaves bytes out, or the whole string, and
 * neither ferror() nor fclose() says so. */
#ifndef ANIMED_STRING_STREAM_H
#define ANIMED_STRING_STREAM_H

#include <stdbool.h>
#include <stdio.h>

struct string_stream {
	FILE *out; /* NULL: not open */
	char *text;
	size_t length, room;
	bool failed;
};

/* Open a stream into a new string.  Returns it, to be closed with string_stream_close() alone, or NULL where memory is
 * short. */
FILE *string_stream_open(struct string_stream *stream);

/* Close the stream, also where it did not open.  Returns all that was written, which the caller frees; NULL where memory
 * was short at any time. */
char *string_stream_close(struct string_stream *stream);

#endif

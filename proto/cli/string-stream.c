/* string-stream.c - a stream of the C library's over a string that grows. */
#include "config.h"

#include "cli/string-stream.h"

#include <stdlib.h>
#include <string.h>

/* Room to begin with; then it doubles. */
enum { FIRST_ROOM = 256 };

/* Returns how many bytes were taken: all, or none where memory is short.  There is always room for a terminator. */
static ssize_t take(void *cookie, const char *bytes, size_t n)
{
	struct string_stream *stream = cookie;
	size_t room = stream->room ? stream->room : FIRST_ROOM;

	while (room <= stream->length + n)
		room *= 2;
	if (room > stream->room) {
		char *text = realloc(stream->text, room);
		if (!text) {
			stream->failed = true;
			return 0;
		}
		stream->text = text;
		stream->room = room;
	}
	memcpy(stream->text + stream->length, bytes, n);
	stream->length += n;
	return (ssize_t)n;
}

FILE *string_stream_open(struct string_stream *stream)
{
	*stream = (struct string_stream){NULL};
	stream->out = fopencookie(stream, "w", (cookie_io_functions_t){.write = take});
	return stream->out;
}

char *string_stream_close(struct string_stream *stream)
{
	if (!stream->out)
		return NULL;
	if (fflush(stream->out) == 0)
		(void)take(stream, "", 1); /* the terminator */
	if (fclose(stream->out) != 0 || stream->failed) {
		free(stream->text);
		stream->text = NULL;
	}
	stream->out = NULL;
	return stream->text;
}

/* json.c - protects jansson from its own errors where memory is short.
 *
 * jansson (2.14) does not check whether the buffer of the string that it reads could be enlarged.  If that fails, bytes
 * of the string are missing, and if the closing quote is one of them, jansson reads and writes past the end of the
 * buffer.  So allocations of jansson do not fail while read_json() runs.  When memory is short they are taken from a
 * reserve, the text is ended early, and what has been read is dropped. */
#include "config.h"

#include "base/json.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"

enum {
	PIECE = 64,         /* bytes that jansson gets at a time, so the most that it reads once memory is short */
	PIECE_ROOM = 65536, /* bytes of reserve, more than jansson allocates for a piece */
	STRING_GROWTH = 4,  /* bytes of reserve for each byte of text; the buffer of a string takes less */
};

#define SHORT "needs more memory than there is"

struct reading {
	const char *text;
	size_t left;
	char *reserve;
	size_t room, used;
	bool failed; /* malloc() has failed */
};

/* What this thread is reading, or NULL.  The two functions below find it here, since jansson gives them no context. */
static _Thread_local struct reading *reading;

static void *allocate(size_t size)
{
	void *block = malloc(size);

	if (block || !reading)
		return block;
	const size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	reading->failed = true;
	if (rounded > reading->room - reading->used)
		return NULL;
	block = reading->reserve + reading->used;
	reading->used += rounded;
	return block;
}

static void release(void *block)
{
	const uintptr_t at = (uintptr_t)block;

	if (!reading || at < (uintptr_t)reading->reserve || at >= (uintptr_t)reading->reserve + reading->room)
		free(block);
}

static void set_functions(void)
{
	json_set_alloc_funcs(allocate, release);
}

static size_t give_piece(void *buffer, size_t size, void *data)
{
	struct reading *from = data;
	size_t n = size < PIECE ? size : PIECE;

	if (n > from->left)
		n = from->left;
	if (from->failed)
		n = 0;
	memcpy(buffer, from->text, n);
	from->text += n;
	from->left -= n;
	return n;
}

int read_json(const char *text, size_t size, size_t flags, size_t base, json_t **out, struct animed_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct reading own = {.text = text, .left = size, .room = size * STRING_GROWTH + PIECE_ROOM};
	json_error_t problem;

	*out = NULL;
	(void)pthread_once(&once, set_functions);
	own.reserve = malloc(own.room);
	if (!own.reserve)
		return animed_fail(err, SHORT);
	reading = &own;
	*out = json_load_callback(give_piece, &own, flags, &problem);
	if (own.failed) {
		json_decref(*out);
		*out = NULL;
	}
	reading = NULL;
	free(own.reserve);
	if (own.failed)
		return animed_fail(err, SHORT);
	return *out ? 0 : animed_fail(err, "at byte %zu: %s", base + (size_t)problem.position, problem.text);
}

/* ---- writing ---- */

struct writing {
	struct text_buffer text;
	bool failed;
};

/* A failure is remembered, since jansson does not stop at every piece that could not be written. */
static int take_piece(const char *bytes, size_t size, void *data)
{
	struct writing *to = data;

	if (!to->failed)
		to->failed = text_buffer_add(&to->text, bytes, size) < 0;
	return to->failed ? -1 : 0;
}

char *json_text(const json_t *json)
{
	struct writing to = {.failed = false};

	if (json && json_dump_callback(json, take_piece, &to, JSON_COMPACT) == 0 && !to.failed)
		return to.text.bytes;
	free(to.text.bytes);
	return NULL;
}

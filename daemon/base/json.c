/* json.c - keeps jansson on its feet where memory is short.
 *
 * jansson (2.14) does not look whether the buffer of the string that it reads has grown: where that fails, bytes of the
 * string are left out, and where its closing quote is one of them, jansson reads and writes past the end.  So its
 * allocations never fail while read_json() runs: they are taken from a reserve, the text ends, and what has been read
 * is dropped. */
#include "config.h"

#include "base/json.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"

enum {
	PIECE = 64, /* bytes of text that jansson is given at a time, and may still read where memory is short */
	PIECE_ROOM = 65536, /* more than what it allocates for them */
	STRING_GROWTH = 4,  /* its buffer for a string is less than so many times as long as the text */
};

#define SHORT "needs more memory than there is"

struct reading {
	const char *text;
	size_t left;
	char *reserve;
	size_t room, used;
	bool failed; /* an allocation has failed */
};

/* Of this thread, for the two functions below, which jansson gives no context. */
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

/* jansson does not stop at every piece that could not be written, so a failure is kept. */
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

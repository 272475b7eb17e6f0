/* json-objects.c - follows brackets and strings, and leaves the parsing of an object to who takes it. */
#include "config.h"

#include "kit/json-objects.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 64, MAX_OBJECT = 16 << 20 };

void json_objects_begin(struct json_objects *objects, json_objects_take take, void *ctx)
{
	*objects = (struct json_objects){.take = take, .ctx = ctx, .line = 1};
}

void json_objects_free(struct json_objects *objects)
{
	free(objects->text);
}

static int keep(struct json_objects *o, char c, struct animed_error *err)
{
	if (o->length == o->room) {
		const size_t room = o->room ? o->room * 2 : 4096;
		char *more = room <= MAX_OBJECT ? realloc(o->text, room) : NULL;
		if (!more)
			return animed_fail(err, room <= MAX_OBJECT
						    ? "out of memory"
						    : "an object of more than 16 MB; is a bracket missing?");
		o->text = more;
		o->room = room;
	}
	o->text[o->length++] = c;
	return 0;
}

static bool is_square(const struct json_objects *o, unsigned depth)
{
	return o->square >> depth & 1;
}

/* Whether an object that opens now is one of the list: the outermost, one in an outermost array, or one in an array of
 * the outermost object. */
static bool is_listed(const struct json_objects *o)
{
	return o->depth == 0 || (o->depth == 1 && is_square(o, 0)) ||
	       (o->depth == 2 && !is_square(o, 0) && is_square(o, 1));
}

static int open_bracket(struct json_objects *o, char c, struct animed_error *err)
{
	if (o->depth == MAX_DEPTH)
		return animed_fail(err, "more than %d brackets are open", MAX_DEPTH);
	if (c == '{' && is_listed(o)) {
		/* what was taken so far of the outermost object, if it has the list in it, is not one of the list */
		o->length = 0;
		o->begin = o->line;
		o->level = o->depth + 1;
	}
	o->square &= ~((uint64_t)1 << o->depth);
	o->square |= (uint64_t)(c == '[') << o->depth;
	o->depth++;
	return 0;
}

static int close_bracket(struct json_objects *o, char c, struct animed_error *err)
{
	if (o->depth == 0 || is_square(o, o->depth - 1) != (c == ']'))
		return animed_fail(err, "line %" PRIu64 ": a \"%c\" closes nothing", o->line, c);
	o->depth--;
	if (o->depth + 1 != o->level)
		return 0;
	o->level = 0;
	if (keep(o, c, err) < 0)
		return -1;
	return o->take(o->ctx, o->text, o->length, o->begin, err);
}

static int feed_byte(struct json_objects *o, char c, struct animed_error *err)
{
	if (o->quoted) {
		o->quoted = o->escaped || c != '"';
		o->escaped = !o->escaped && c == '\\';
	} else if (o->depth == 0 && (c == '\0' || !strchr("{[]} \t\r\n", c))) {
		return animed_fail(err, "line %" PRIu64 ": text that is no object", o->line);
	} else if (c == '"') {
		o->quoted = true;
	} else if ((c == '{' || c == '[') && open_bracket(o, c, err) < 0) {
		return -1;
	} else if (c == '}' || c == ']') {
		if (close_bracket(o, c, err) < 0)
			return -1;
	}
	o->line += c == '\n';
	return o->level > 0 ? keep(o, c, err) : 0;
}

int json_objects_feed(struct json_objects *objects, const char *piece, size_t size, struct animed_error *err)
{
	for (size_t i = 0; i < size; i++) {
		if (feed_byte(objects, piece[i], err) < 0)
			return -1;
	}
	return 0;
}

int json_objects_end(const struct json_objects *o, struct animed_error *err)
{
	if (o->depth > 0 || o->quoted)
		return animed_fail(
		    err, "it ends within an object that begins on line %" PRIu64 "; fetch the file again", o->begin);
	return 0;
}

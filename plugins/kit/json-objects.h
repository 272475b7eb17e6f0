/* json-objects.h - takes the objects of a list out of JSON that arrives in pieces: JSON lines, an array of objects, or an
 * object with arrays of objects in it, as {"data": [{...}, {...}]}.  Memory holds one object at a time. */
#ifndef PLUGINS_JSON_OBJECTS_H
#define PLUGINS_JSON_OBJECTS_H

#include "animed-plugin.h"

/* Called with the text of each object of the list and the line on which it begins.  Returns 0, or -1 to stop, with err
 * filled. */
typedef int (*json_objects_take)(void *ctx, const char *text, size_t length, uint64_t line, struct animed_error *err);

struct json_objects {
	json_objects_take take;
	void *ctx;
	char *text; /* the object that is being taken */
	size_t length, room;
	unsigned level;       /* the depth at which it began; 0: none is being taken */
	uint64_t line, begin; /* where reading is, and where that object began; lines from 1 */
	unsigned depth;       /* how many brackets are open */
	uint64_t square;      /* bit d: bracket d is a square one, the outermost being 0 */
	bool quoted, escaped; /* in a string, and behind a backslash in it */
};

/* Begin.  The caller frees it with json_objects_free(). */
void json_objects_begin(struct json_objects *objects, json_objects_take take, void *ctx);
void json_objects_free(struct json_objects *objects);

/* Read the next piece.  Returns 0.  Where it cannot be JSON, memory is short, or take() stopped, returns -1 and fills
 * err. */
int json_objects_feed(struct json_objects *objects, const char *piece, size_t size, struct animed_error *err);

/* After the last piece.  Where something is still open, returns -1 and fills err. */
int json_objects_end(const struct json_objects *objects, struct animed_error *err);

#endif

/* json-place.h - where in a text of JSON something stands, which jansson does not keep. */
#ifndef CLIENT_LIST_JSON_PLACE_H
#define CLIENT_LIST_JSON_PLACE_H

#include <stddef.h>

/* Both from 1. */
struct json_place {
	size_t line, column;
};

/* Where member n, from 0, of the array under a key of the outermost object begins.  The text is JSON that jansson has
 * read.  Where there is no such member, it is the beginning. */
struct json_place json_place_of(const char *text, const char *key, size_t n);

#endif

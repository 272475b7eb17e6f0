/* json.h - JSON read and written by jansson, where memory may be short. */
#ifndef ANIMED_JSON_H
#define ANIMED_JSON_H

#include <jansson.h>

#include "animed-plugin.h"

/* Read a JSON text with the flags of json_loadb().  The caller frees *out with json_decref().  Returns 0.  On failure
 * returns -1 and fills err with what goes on from the name of the text: "at byte N: ..." with the first byte at `base`,
 * or that it needs more memory than there is. */
int read_json(const char *text, size_t size, size_t flags, size_t base, json_t **out, struct animed_error *err);

/* Returns the value as compact JSON; the caller frees it with free().  NULL: out of memory, or `json` is NULL.  (What
 * json_dumps() returns where memory is short may lack pieces.) */
char *json_text(const json_t *json);

#endif

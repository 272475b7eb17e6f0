/* json.h - reads and writes JSON with jansson, safely even where memory is short. */
#ifndef ANIMED_JSON_H
#define ANIMED_JSON_H

#include <jansson.h>

#include "animed-plugin.h"

/* Read `size` bytes of JSON text with the `flags` of json_loadb().  Returns 0; the caller frees *out with
 * json_decref().  On failure returns -1, sets *out to NULL and fills err with the end of a sentence that the caller
 * begins with the name of the text: either "at byte N: ...", where the first byte of the text counts as byte `base`, or
 * that the text needs more memory than there is. */
int read_json(const char *text, size_t size, size_t flags, size_t base, json_t **out, struct animed_error *err);

/* Returns the value as compact JSON, which the caller frees with free().  Returns NULL where memory is short or `json`
 * is NULL.  It takes the place of json_dumps(), whose text may lack pieces where memory is short. */
char *json_text(const json_t *json);

#endif

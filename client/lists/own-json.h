/* own-json.h - the JSON in which my list is kept and exported; animectl-list(5) documents it. */
#ifndef CLIENT_LIST_OWN_JSON_H
#define CLIENT_LIST_OWN_JSON_H

#include <stdio.h>

#include "lists/input.h"

/* Read a list that list_write_json() wrote or a person edited.  Nothing is guessed at: on any fault returns -1 and fills
 * err, with line and column.  list_free() is needed in any case. */
int list_own_read(const struct list_input *in, struct list *list, struct list_error *err);

/* An entry as a JSON object, whose score is on LIST_SCALE.  The caller ends with json_decref(). */
json_t *list_entry_json(const struct list_entry *entry);

/* Write a list whose scores are on LIST_SCALE, an entry a line, in the order of the MyAnimeList ids, and then of titles.
 * That writing failed is known by ferror(). */
void list_write_json(const struct list *list, FILE *out);

#endif

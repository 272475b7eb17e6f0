/* json-text.h - reads JSON, and takes values out of it. */
#ifndef CLIENT_LIST_JSON_TEXT_H
#define CLIENT_LIST_JSON_TEXT_H

#include "lists/list.h"

/* How many values a list may have. */
enum { LIST_VALUES = 4000000 };

/* Read a NUL-terminated text: a value, or several, such as JSON lines, as an array of them.  The caller ends with
 * json_decref().  `path` is the name of the file in messages.  On failure returns NULL and fills err, with line and
 * column. */
json_t *list_json_read(const char *path, const char *text, size_t size, struct list_error *err);

/* The value at a path such as "media.title.romaji"; NULL where it is not there or null.  NULL has no values. */
const json_t *list_json_at(const json_t *object, const char *path);

/* A string or number as text, which the caller frees; NULL where it is neither. */
char *list_json_text(const json_t *value);

/* A number, or a string that has one: see list_whole_of() and list_score_of(). */
int64_t list_json_whole(const json_t *value);
double list_json_score(struct list *list, const json_t *value);

/* A string that has a status: see list_status_of(). */
enum list_status list_json_status(struct list *list, const json_t *value);

/* Add the string to the titles of the entry, where it is one. */
void list_json_title(struct list_entry *entry, const json_t *value);

#endif

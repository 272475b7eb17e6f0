/* entries-private.h - what the files of entries share. */
#ifndef ANIMED_ENTRIES_PRIVATE_H
#define ANIMED_ENTRIES_PRIVATE_H

#include "query/params.h"

/* Whether a title can be looked up: it is UTF-8, not too long, and has something in it. */
bool entries_title_is_good(struct text title);

/* Write what a show without a title is called: an id as "anilist:5". */
#define ENTRIES_NAME 128
void entries_id_name(const msgpack_object *map, char out[ENTRIES_NAME]);

#endif

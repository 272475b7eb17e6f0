/* entries-private.h - what the files of entries share. */
#ifndef ANIMED_ENTRIES_PRIVATE_H
#define ANIMED_ENTRIES_PRIVATE_H

#include "base/text.h"

/* Whether a title can be looked up: it is UTF-8, not too long, and has something in it. */
bool entries_title_is_good(struct text title);

#endif

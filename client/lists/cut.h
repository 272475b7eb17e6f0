/* cut.h - shortens a list. */
#ifndef CLIENT_LIST_CUT_H
#define CLIENT_LIST_CUT_H

#include "lists/list.h"

/* Keep the `most` entries that say most of a taste, in the order of the list: scores and dislikes first, then what was
 * seen, what is planned, and what is ignored.  Returns how many are left out. */
size_t list_cut(struct list *list, size_t most);

#endif

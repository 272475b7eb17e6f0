/* index.h - finds the entry of a list that stands for the same show as another. */
#ifndef CLIENT_LIST_INDEX_H
#define CLIENT_LIST_INDEX_H

#include "lists/list.h"

#define LIST_NOWHERE SIZE_MAX

struct list_index;

/* All of these end the program where memory is short. */
struct list_index *list_index_new(void);
void list_index_free(struct list_index *index);

/* Note that the entry has this place. */
void list_index_add(struct list_index *index, const struct list_entry *entry, size_t place);

/* The place of the entry that has an id of this one or, where it has no other id of the same site, its title and year;
 * LIST_NOWHERE where there is none.  `entries` are those that were added, by their places. */
size_t list_index_find(const struct list_index *index, const struct list_entry *entries,
		       const struct list_entry *entry);

/* The title without regard to case, accents and width.  The caller frees it. */
char *list_fold(const char *title);

#endif

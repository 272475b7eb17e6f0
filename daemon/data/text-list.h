/* text-list.h - makes lists of texts with '|' between them, one list after another, in which each text is once. */
#ifndef ANIMED_TEXT_LIST_H
#define ANIMED_TEXT_LIST_H

#include "base/intern.h"

/* A zeroed struct is ready.  It takes the same time to add a text whatever the lists have already. */
struct text_list {
	struct text_buffer text; /* the list that is being made */
	struct intern known;     /* the texts of all lists so far */
	uint32_t *last;          /* [known]: the number of the last list that each is in */
	size_t last_room;
	uint32_t number; /* of the list that is being made, from 1 */
};

/* Begin another list, in place of the one before. */
void text_list_begin(struct text_list *list);

/* Append a text, which has no '|' in it, unless the list has it.  Returns 0, or -1: out of memory. */
int text_list_add(struct text_list *list, struct text text);

void text_list_free(struct text_list *list);

#endif

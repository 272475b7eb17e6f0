/* text-list.c - remembers of each text in which list it came last. */
#include "config.h"

#include "data/text-list.h"

#include <stdlib.h>

void text_list_begin(struct text_list *list)
{
	list->number++;
	list->text.length = 0;
}

int text_list_add(struct text_list *list, struct text text)
{
	bool added;
	const uint32_t number = intern_add(&list->known, text.bytes, text.length, &added);

	if (number == INTERN_NONE ||
	    grow((void **)&list->last, &list->last_room, (size_t)number + 1, sizeof *list->last) < 0)
		return -1;
	if (!added && list->last[number] == list->number)
		return 0;
	list->last[number] = list->number;
	if (list->text.length > 0 && text_buffer_add(&list->text, "|", 1) < 0)
		return -1;
	return text_buffer_add(&list->text, text.bytes, text.length);
}

void text_list_free(struct text_list *list)
{
	free(list->text.bytes);
	intern_free(&list->known);
	free(list->last);
}

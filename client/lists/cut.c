/* cut.c - shortens a list. */
#include "config.h"

#include "lists/cut.h"

/* The ranks of entries, from the one that says most. */
enum { RANKS = 5 };

static size_t rank_of(const struct list_entry *entry)
{
	switch (list_use(entry)) {
	case LIST_SEEN:
		return entry->status == LIST_ON_HOLD ? 2 : 1;
	case LIST_WISH:
		return 3;
	case LIST_NOT_AGAIN:
		return 4;
	default:
		return 0;
	}
}

size_t list_cut(struct list *list, size_t most)
{
	size_t room[RANKS] = {0}, left = most, kept = 0;
	const size_t all = list->n;

	if (all <= most)
		return 0;
	for (size_t i = 0; i < all; i++)
		room[rank_of(&list->entries[i])]++;
	for (size_t r = 0; r < RANKS; r++) {
		room[r] = room[r] < left ? room[r] : left;
		left -= room[r];
	}
	for (size_t i = 0; i < all; i++) {
		size_t *of = &room[rank_of(&list->entries[i])];
		if (*of > 0) {
			--*of;
			const struct list_entry entry = list->entries[i];
			list->entries[kept++] = entry;
		} else {
			list_entry_free(&list->entries[i]);
		}
	}
	list->n = kept;
	return all - kept;
}

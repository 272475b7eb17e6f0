/* shortlist-titles.c - a hash table with open addressing, whose slots have all that an answer needs. */
#include "config.h"

#include "query/shortlist-titles.h"

#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/intern.h"

#define FEWEST 1024u

struct slot {
	uint32_t hash;
	uint32_t item; /* ANIMED_NO_ITEM: free */
	uint32_t at;   /* where the text begins in `bytes` */
	uint16_t length;
	uint8_t way;
};

struct shortlist_titles {
	struct slot *slots; /* [mask + 1]; at least half of them are free */
	size_t n, mask;
	char *bytes;
	size_t size, room;
};

static struct slot *find_slot(const struct shortlist_titles *titles, uint32_t hash, const char *text, size_t length)
{
	for (size_t at = hash & titles->mask;; at = (at + 1) & titles->mask) {
		struct slot *slot = &titles->slots[at];
		if (slot->item == ANIMED_NO_ITEM || (slot->hash == hash && slot->length == length &&
						     memcmp(titles->bytes + slot->at, text, length) == 0))
			return slot;
	}
}

static struct slot *new_slots(size_t n)
{
	struct slot *slots = malloc(n * sizeof *slots);

	for (size_t i = 0; slots && i < n; i++)
		slots[i].item = ANIMED_NO_ITEM;
	return slots;
}

static int widen(struct shortlist_titles *titles)
{
	const size_t mask = titles->mask * 2 + 1;
	struct slot *slots = new_slots(mask + 1);

	if (!slots)
		return -1;
	for (size_t i = 0; i <= titles->mask; i++) {
		size_t at = titles->slots[i].hash & mask;
		if (titles->slots[i].item == ANIMED_NO_ITEM)
			continue;
		while (slots[at].item != ANIMED_NO_ITEM)
			at = (at + 1) & mask;
		slots[at] = titles->slots[i];
	}
	free(titles->slots);
	titles->slots = slots;
	titles->mask = mask;
	return 0;
}

struct shortlist_titles *shortlist_titles_new(void)
{
	struct shortlist_titles *titles = calloc(1, sizeof *titles);

	if (!titles)
		return NULL;
	titles->mask = FEWEST - 1;
	titles->slots = new_slots(FEWEST);
	if (!titles->slots) {
		free(titles);
		return NULL;
	}
	return titles;
}

void shortlist_titles_free(struct shortlist_titles *titles)
{
	if (!titles)
		return;
	free(titles->slots);
	free(titles->bytes);
	free(titles);
}

int shortlist_titles_add(struct shortlist_titles *titles, struct text text, struct shortlist_title title)
{
	const uint32_t hash = intern_hash(text.bytes, text.length);

	if (text.length > UINT16_MAX || titles->size + text.length > UINT32_MAX)
		return 0;
	if (titles->n * 2 >= titles->mask && widen(titles) < 0)
		return -1;
	struct slot *slot = find_slot(titles, hash, text.bytes, text.length);
	if (slot->item != ANIMED_NO_ITEM)
		return 0;
	if (grow((void **)&titles->bytes, &titles->room, titles->size + text.length + 1, 1) < 0)
		return -1;
	memcpy(titles->bytes + titles->size, text.bytes, text.length);
	*slot = (struct slot){hash, title.item, (uint32_t)titles->size, (uint16_t)text.length, (uint8_t)title.way};
	titles->size += text.length;
	titles->n++;
	return 0;
}

bool shortlist_titles_find(const struct shortlist_titles *titles, const char *text, size_t length,
			   struct shortlist_title *title)
{
	const struct slot *slot = find_slot(titles, intern_hash(text, length), text, length);

	if (slot->item == ANIMED_NO_ITEM)
		return false;
	*title = (struct shortlist_title){slot->item, (enum lookup_way)slot->way};
	return true;
}

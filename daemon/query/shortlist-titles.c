/* shortlist-titles.c - open addressing, all that an answer needs in the slot itself. */
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
	uint32_t at;   /* of the text in `bytes` */
	uint16_t length;
	uint8_t way;
};

struct known_titles {
	struct slot *slots; /* [mask + 1], more than half of them free */
	size_t n, mask;
	char *bytes;
	size_t size, room;
};

static struct slot *find_slot(const struct known_titles *known, uint32_t hash, const char *text, size_t length)
{
	for (size_t at = hash & known->mask;; at = (at + 1) & known->mask) {
		struct slot *slot = &known->slots[at];
		if (slot->item == ANIMED_NO_ITEM || (slot->hash == hash && slot->length == length &&
						     memcmp(known->bytes + slot->at, text, length) == 0))
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

static int widen(struct known_titles *known)
{
	const size_t mask = known->mask * 2 + 1;
	struct slot *slots = new_slots(mask + 1);

	if (!slots)
		return -1;
	for (size_t i = 0; i <= known->mask; i++) {
		size_t at = known->slots[i].hash & mask;
		if (known->slots[i].item == ANIMED_NO_ITEM)
			continue;
		while (slots[at].item != ANIMED_NO_ITEM)
			at = (at + 1) & mask;
		slots[at] = known->slots[i];
	}
	free(known->slots);
	known->slots = slots;
	known->mask = mask;
	return 0;
}

struct known_titles *known_titles_new(void)
{
	struct known_titles *known = calloc(1, sizeof *known);

	if (!known)
		return NULL;
	known->mask = FEWEST - 1;
	known->slots = new_slots(FEWEST);
	if (!known->slots) {
		free(known);
		return NULL;
	}
	return known;
}

void known_titles_free(struct known_titles *known)
{
	if (!known)
		return;
	free(known->slots);
	free(known->bytes);
	free(known);
}

int known_titles_add(struct known_titles *known, struct text text, struct known_title title)
{
	const uint32_t hash = intern_hash(text.bytes, text.length);

	if (text.length > UINT16_MAX || known->size + text.length > UINT32_MAX)
		return 0;
	if (known->n * 2 >= known->mask && widen(known) < 0)
		return -1;
	struct slot *slot = find_slot(known, hash, text.bytes, text.length);
	if (slot->item != ANIMED_NO_ITEM)
		return 0;
	if (grow((void **)&known->bytes, &known->room, known->size + text.length + 1, 1) < 0)
		return -1;
	memcpy(known->bytes + known->size, text.bytes, text.length);
	*slot = (struct slot){hash, title.item, (uint32_t)known->size, (uint16_t)text.length, (uint8_t)title.way};
	known->size += text.length;
	known->n++;
	return 0;
}

bool known_titles_find(const struct known_titles *known, const char *text, size_t length, struct known_title *title)
{
	const struct slot *slot = find_slot(known, intern_hash(text, length), text, length);

	if (slot->item == ANIMED_NO_ITEM)
		return false;
	*title = (struct known_title){slot->item, (enum lookup_way)slot->way};
	return true;
}

/* intern.c - a hash table of names, with XXH3 and open addressing. */
#include "config.h"

#include "base/intern.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* How many names a table holds at most.  It then has 2^32 slots, as many as a hash of 32 bits can tell apart. */
#define MAX_NAMES ((size_t)1 << 31)

uint32_t intern_hash(const void *bytes, size_t length)
{
	return (uint32_t)XXH3_64bits(bytes, length);
}

/* Returns the slot that holds the name, or the free slot where it belongs.  Hashes are compared first, so that the
 * bytes of other names are hardly ever read. */
static struct intern_slot *find_slot(const struct intern *intern, uint32_t hash, const void *bytes, size_t length)
{
	const struct animed_strings names = text_column_view(&intern->names);
	const size_t mask = intern->n_slots - 1;

	for (size_t at = hash & mask;; at = (at + 1) & mask) {
		struct intern_slot *slot = &intern->slots[at];
		if (slot->number == INTERN_NONE)
			return slot;
		if (slot->hash != hash)
			continue;
		struct text name = strings_at(&names, slot->number);
		if (name.length == length && memcmp(name.bytes, bytes, length) == 0)
			return slot;
	}
}

static int widen(struct intern *intern)
{
	const size_t n_slots = intern->n_slots ? intern->n_slots * 2 : 1024, mask = n_slots - 1;
	struct intern_slot *slots = malloc(n_slots * sizeof *slots);

	if (!slots)
		return -1;
	memset(slots, 0xff, n_slots * sizeof *slots);
	for (size_t i = 0; i < intern->n_slots; i++) {
		size_t at = intern->slots[i].hash & mask;
		if (intern->slots[i].number == INTERN_NONE)
			continue;
		while (slots[at].number != INTERN_NONE)
			at = (at + 1) & mask;
		slots[at] = intern->slots[i];
	}
	free(intern->slots);
	intern->slots = slots;
	intern->n_slots = n_slots;
	return 0;
}

uint32_t intern_add_hashed(struct intern *intern, uint32_t hash, const void *bytes, size_t length, bool *added)
{
	*added = false;
	if (intern->names.n >= MAX_NAMES || (intern->names.n * 2 >= intern->n_slots && widen(intern) < 0))
		return INTERN_NONE;
	struct intern_slot *slot = find_slot(intern, hash, bytes, length);
	if (slot->number == INTERN_NONE) {
		if (text_column_add(&intern->names, bytes, length) < 0)
			return INTERN_NONE;
		*slot = (struct intern_slot){hash, (uint32_t)(intern->names.n - 1)};
		*added = true;
	}
	return slot->number;
}

uint32_t intern_add(struct intern *intern, const void *bytes, size_t length, bool *added)
{
	return intern_add_hashed(intern, intern_hash(bytes, length), bytes, length, added);
}

uint32_t intern_find(const struct intern *intern, const void *bytes, size_t length)
{
	return intern->n_slots ? find_slot(intern, intern_hash(bytes, length), bytes, length)->number : INTERN_NONE;
}

void intern_free(struct intern *intern)
{
	text_column_free(&intern->names);
	free(intern->slots);
	*intern = (struct intern){0};
}

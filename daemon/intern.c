/* intern.c - a hash table of names, with the 64-bit FNV-1a hash (http://www.isthe.com/chongo/tech/comp/fnv/). */
#include "config.h"

#include "intern.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * 0x100000001b3u;
	return hash ^ hash >> 32; /* slots are chosen by the low bits */
}

/* The slot that holds the name, or the free one where it would go. */
static size_t find_slot(const struct intern *intern, const void *bytes, size_t length)
{
	const struct animed_strings names = text_column_view(&intern->names);
	size_t slot = hash_of(bytes, length) & (intern->n_slots - 1);

	for (; intern->slots[slot] != INTERN_NONE; slot = (slot + 1) & (intern->n_slots - 1)) {
		struct text name = strings_at(&names, intern->slots[slot]);
		if (name.length == length && memcmp(name.bytes, bytes, length) == 0)
			break;
	}
	return slot;
}

static int widen(struct intern *intern)
{
	const struct animed_strings names = text_column_view(&intern->names);
	const size_t n_slots = intern->n_slots ? intern->n_slots * 2 : 1024;
	uint32_t *slots = malloc(n_slots * sizeof *slots);

	if (!slots)
		return -1;
	memset(slots, 0xff, n_slots * sizeof *slots);
	free(intern->slots);
	intern->slots = slots;
	intern->n_slots = n_slots;
	for (uint32_t i = 0; i < intern->names.n; i++) {
		struct text name = strings_at(&names, i);
		slots[find_slot(intern, name.bytes, name.length)] = i;
	}
	return 0;
}

uint32_t intern_add(struct intern *intern, const void *bytes, size_t length, bool *added)
{
	*added = false;
	if (intern->names.n >= INTERN_NONE - 1 || (intern->names.n * 2 >= intern->n_slots && widen(intern) < 0))
		return INTERN_NONE;
	size_t slot = find_slot(intern, bytes, length);
	if (intern->slots[slot] == INTERN_NONE) {
		if (text_column_add(&intern->names, bytes, length) < 0)
			return INTERN_NONE;
		intern->slots[slot] = (uint32_t)(intern->names.n - 1);
		*added = true;
	}
	return intern->slots[slot];
}

uint32_t intern_find(const struct intern *intern, const void *bytes, size_t length)
{
	return intern->n_slots ? intern->slots[find_slot(intern, bytes, length)] : INTERN_NONE;
}

void intern_free(struct intern *intern)
{
	text_column_free(&intern->names);
	free(intern->slots);
	*intern = (struct intern){0};
}

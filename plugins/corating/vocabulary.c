/* vocabulary.c - names in one piece of memory, found by an open hash table. */
#include "config.h"

#include "corating/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "corating/room.h"

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* The hash of Fowler, Noll and Vo (FNV-1a, 64 bits), of the name in lower case. */
static uint64_t hash(const char *name, size_t length)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < length; i++)
		h = (h ^ lower(name[i])) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

static bool is_name(const struct vocabulary *v, uint32_t number, const char *name, size_t length)
{
	const char *known = v->bytes + v->offsets[number];

	if (v->offsets[number + 1] - v->offsets[number] != length)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (lower(known[i]) != lower(name[i]))
			return false;
	}
	return true;
}

/* The slot of the name, or the free one where it would be. */
static uint32_t *find_slot(const struct vocabulary *v, const char *name, size_t length)
{
	size_t at = hash(name, length) & (v->n_slots - 1);

	while (v->slots[at] && !is_name(v, v->slots[at] - 1, name, length))
		at = (at + 1) & (v->n_slots - 1);
	return &v->slots[at];
}

/* Keep at least half of the slots free. */
static int grow_slots(struct vocabulary *v)
{
	const size_t n_slots = v->n_slots ? 2 * v->n_slots : 1024;
	uint32_t *slots = calloc(n_slots, sizeof *slots);

	if (!slots)
		return -1;
	free(v->slots);
	v->slots = slots;
	v->n_slots = n_slots;
	for (uint32_t i = 0; i < v->n; i++)
		*find_slot(v, v->bytes + v->offsets[i], v->offsets[i + 1] - v->offsets[i]) = i + 1;
	return 0;
}

static int add_name(struct vocabulary *v, const char *name, size_t length)
{
	const uint64_t start = v->n ? v->offsets[v->n] : 0;

	if (room_for((void **)&v->bytes, &v->bytes_room, start + length, sizeof *v->bytes) < 0 ||
	    room_for((void **)&v->offsets, &v->offsets_room, (size_t)v->n + 2, sizeof *v->offsets) < 0)
		return -1;
	memcpy(v->bytes + start, name, length);
	v->offsets[v->n] = start;
	v->offsets[++v->n] = start + length;
	return 0;
}

int vocabulary_number(struct vocabulary *vocabulary, const char *name, size_t length, uint32_t *number,
		      struct animed_error *err)
{
	if (2 * ((size_t)vocabulary->n + 1) > vocabulary->n_slots && grow_slots(vocabulary) < 0)
		return animed_fail(err, "out of memory");
	uint32_t *slot = find_slot(vocabulary, name, length);
	if (!*slot) {
		if (add_name(vocabulary, name, length) < 0)
			return animed_fail(err, "out of memory");
		*slot = vocabulary->n;
	}
	*number = *slot - 1;
	return 0;
}

void vocabulary_free(struct vocabulary *vocabulary)
{
	free(vocabulary->bytes);
	free(vocabulary->offsets);
	free(vocabulary->slots);
	*vocabulary = (struct vocabulary){0};
}

/* intern.h - gives strings of bytes numbers, in the order in which they come first. */
#ifndef ANIMED_INTERN_H
#define ANIMED_INTERN_H

#include "base/columns.h"

#define INTERN_NONE UINT32_MAX

struct intern {
	struct text_column names; /* row i is the name with number i */
	struct intern_slot {
		uint32_t hash, number; /* INTERN_NONE: free */
	} * slots;                     /* open addressing */
	size_t n_slots;                /* a power of two, more than half of it free */
};

/* Returns the number of the name; *added: it is new.  INTERN_NONE: out of memory, or there are 2^31 names.  A zeroed
 * struct intern is empty; its owner frees it with intern_free(). */
uint32_t intern_add(struct intern *intern, const void *bytes, size_t length, bool *added);

/* Returns the number of the name.  INTERN_NONE: it has none. */
uint32_t intern_find(const struct intern *intern, const void *bytes, size_t length);

/* intern_add() in steps: hash a name, prefetch its slot, and add it.  Who has many names takes each step for all of
 * them before the next, so that the memory of many slots is fetched at the same time. */
uint32_t intern_hash(const void *bytes, size_t length);
static inline void intern_expect(const struct intern *intern, uint32_t hash)
{
	if (intern->n_slots)
		__builtin_prefetch(&intern->slots[hash & (intern->n_slots - 1)]);
}
uint32_t intern_add_hashed(struct intern *intern, uint32_t hash, const void *bytes, size_t length, bool *added);

void intern_free(struct intern *intern);

#endif

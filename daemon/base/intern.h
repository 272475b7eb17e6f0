/* intern.h - gives each distinct string of bytes a number, in the order in which the strings first come. */
#ifndef ANIMED_INTERN_H
#define ANIMED_INTERN_H

#include "base/columns.h"

#define INTERN_NONE UINT32_MAX

struct intern {
	struct text_column names; /* row i is the name with number i */
	struct intern_slot {
		uint32_t hash, number; /* number is INTERN_NONE in a free slot */
	} * slots;                     /* a hash table with open addressing */
	size_t n_slots;                /* a power of two; at least half of them are free */
};

/* Returns the number of the name.  A new name gets the next number, and *added is set to true, else to false.  Returns
 * INTERN_NONE where memory is short or 2^31 names are there already.  A zeroed struct intern is
 * empty; the caller frees it with intern_free(). */
uint32_t intern_add(struct intern *intern, const void *bytes, size_t length, bool *added);

/* Returns the number of the name, or INTERN_NONE if it has none. */
uint32_t intern_find(const struct intern *intern, const void *bytes, size_t length);

/* intern_add() in steps, for a caller that adds many names: intern_hash() for each, then intern_expect() for each,
 * which makes the processor fetch the slots of all of them at once, then intern_add_hashed() for each. */
uint32_t intern_hash(const void *bytes, size_t length);
static inline void intern_expect(const struct intern *intern, uint32_t hash)
{
	if (intern->n_slots)
		__builtin_prefetch(&intern->slots[hash & (intern->n_slots - 1)]);
}
uint32_t intern_add_hashed(struct intern *intern, uint32_t hash, const void *bytes, size_t length, bool *added);

void intern_free(struct intern *intern);

#endif

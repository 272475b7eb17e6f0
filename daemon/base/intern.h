/* intern.h - numbers strings of bytes in the order in which they first come. */
#ifndef ANIMED_INTERN_H
#define ANIMED_INTERN_H

#include "base/columns.h"

#define INTERN_NONE UINT32_MAX

struct intern {
	struct text_column names; /* name i is number i */
	struct intern_slot {
		uint32_t hash, number; /* INTERN_NONE: free */
	} * slots;                     /* open addressing */
	size_t n_slots;                /* a power of two, more than half of it free */
};

/* The number of the name, a new one where it has none; *added tells which.  INTERN_NONE: out of memory, or 2^31 names
 * are there.  A zeroed struct intern is empty. */
uint32_t intern_add(struct intern *intern, const void *bytes, size_t length, bool *added);

/* The number of the name, or INTERN_NONE. */
uint32_t intern_find(const struct intern *intern, const void *bytes, size_t length);

/* The same in two steps, so that the table's memory can be on its way for many names at once. */
uint32_t intern_hash(const void *bytes, size_t length);
static inline void intern_expect(const struct intern *intern, uint32_t hash)
{
	if (intern->n_slots)
		__builtin_prefetch(&intern->slots[hash & (intern->n_slots - 1)]);
}
uint32_t intern_add_hashed(struct intern *intern, uint32_t hash, const void *bytes, size_t length, bool *added);

void intern_free(struct intern *intern);

#endif

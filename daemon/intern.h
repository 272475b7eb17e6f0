/* intern.h - numbers strings of bytes in the order in which they first come. */
#ifndef ANIMED_INTERN_H
#define ANIMED_INTERN_H

#include "catalogue.h"
#include "columns.h"

#define INTERN_NONE UINT32_MAX

struct intern {
	struct text_column names; /* name i is number i */
	uint32_t *slots;          /* open addressing; INTERN_NONE: free */
	size_t n_slots;           /* a power of two, more than half of it free */
};

/* The number of the name, a new one where it has none; *added tells which.  INTERN_NONE: out of memory, or 2^32 - 2
 * names are there.  A zeroed struct intern is empty. */
uint32_t intern_add(struct intern *intern, const void *bytes, size_t length, bool *added);

/* The number of the name, or INTERN_NONE. */
uint32_t intern_find(const struct intern *intern, const void *bytes, size_t length);

void intern_free(struct intern *intern);

#endif

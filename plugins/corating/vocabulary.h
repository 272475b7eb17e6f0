/* vocabulary.h - numbers names in the order in which they first come.  ASCII letters are equal in either case, and a name is
 * kept as it was first written. */
#ifndef PLUGINS_VOCABULARY_H
#define PLUGINS_VOCABULARY_H

#include "animed-plugin.h"

struct vocabulary {
	uint32_t n;
	char *bytes;       /* name i is bytes[offsets[i] .. offsets[i + 1]) */
	uint64_t *offsets; /* [n + 1]; NULL while there are none */
	size_t bytes_room, offsets_room;
	uint32_t *slots; /* an open hash table of numbers, plus 1; 0: free */
	size_t n_slots;  /* a power of two, or 0 */
};

/* *number becomes the number of the name, a new one if the name is new.  A vocabulary begins as all zero.  Returns 0.
 * Where memory is short, returns -1 and fills err. */
int vocabulary_number(struct vocabulary *vocabulary, const char *name, size_t length, uint32_t *number,
		      struct animed_error *err);

void vocabulary_free(struct vocabulary *vocabulary);

#endif

/* tally.h - counts how often each name occurs in each of many rows, such as the words in each synopsis. */
#ifndef PLUGINS_TALLY_H
#define PLUGINS_TALLY_H

#include "corating/vocabulary.h"

struct tally_entry {
	uint32_t name;
	uint32_t count;
};

struct tally {
	struct vocabulary names;
	uint32_t *frequencies; /* [names.n] in how many rows the name is */
	uint32_t n;            /* rows that are finished */
	uint64_t *offsets;     /* [rows + 1] row i has the entries [offsets[i] .. offsets[i + 1]), by ascending name */
	struct tally_entry *entries;
	uint64_t n_entries;
	uint64_t *last; /* [names.n] where the last entry of the name is, plus 1 */
	size_t frequencies_room, entries_room, last_room;
};

/* Prepare for `rows` rows.  Returns 0.  Where memory is short, returns -1 and fills err; free it in either case. */
int tally_init(struct tally *tally, uint32_t rows, struct animed_error *err);

/* Count a name in the row that is open.  Returns 0.  Where memory is short, returns -1 and fills err. */
int tally_add(struct tally *tally, const char *name, size_t length, struct animed_error *err);

/* Finish the row; the next one is open. */
void tally_end_row(struct tally *tally);

void tally_free(struct tally *tally);

#endif

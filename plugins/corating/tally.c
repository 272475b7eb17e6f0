/* tally.c - counts of names, row after row. */
#include "config.h"

#include "corating/tally.h"

#include <stdlib.h>

#include "corating/room.h"

int tally_init(struct tally *tally, uint32_t rows, struct animed_error *err)
{
	*tally = (struct tally){.offsets = calloc((size_t)rows + 1, sizeof *tally->offsets)};
	return tally->offsets ? 0 : animed_fail(err, "out of memory");
}

static int make_room(struct tally *tally)
{
	const size_t names = tally->names.n;

	return room_for((void **)&tally->frequencies, &tally->frequencies_room, names, sizeof *tally->frequencies) <
			   0 ||
		       room_for((void **)&tally->last, &tally->last_room, names, sizeof *tally->last) < 0 ||
		       room_for((void **)&tally->entries, &tally->entries_room, tally->n_entries + 1,
				sizeof *tally->entries) < 0
		   ? -1
		   : 0;
}

int tally_add(struct tally *tally, const char *name, size_t length, struct animed_error *err)
{
	const uint32_t known = tally->names.n;
	uint32_t number;

	if (vocabulary_number(&tally->names, name, length, &number, err) < 0)
		return -1;
	if (make_room(tally) < 0)
		return animed_fail(err, "out of memory");
	if (number == known) {
		tally->frequencies[number] = 0;
		tally->last[number] = 0;
	}
	if (tally->last[number] > tally->offsets[tally->n]) {
		tally->entries[tally->last[number] - 1].count++;
		return 0;
	}
	tally->frequencies[number]++;
	tally->entries[tally->n_entries++] = (struct tally_entry){number, 1};
	tally->last[number] = tally->n_entries;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const uint32_t x = ((const struct tally_entry *)a)->name, y = ((const struct tally_entry *)b)->name;

	return (x > y) - (x < y);
}

/* Sorting moves entries, so that `last` holds for the open row alone. */
void tally_end_row(struct tally *tally)
{
	const uint64_t start = tally->offsets[tally->n];

	if (tally->n_entries > start)
		qsort(tally->entries + start, tally->n_entries - start, sizeof *tally->entries, by_name);
	tally->offsets[++tally->n] = tally->n_entries;
}

void tally_free(struct tally *tally)
{
	vocabulary_free(&tally->names);
	free(tally->frequencies);
	free(tally->offsets);
	free(tally->entries);
	free(tally->last);
}

/* facet.c - turns a column of labels into a list of items for each label. */
#include "config.h"

#include "model/facet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/spelling.h"
#include "titles/casefold.h"

/* Returns the number of a label; a new one gets the next number.  Cells repeat the same few labels, so a spelling is
 * folded only when it first comes: `spelt` has all spellings, and (*numbers)[s] is the number of the label that
 * spelling s means.  Returns FACET_NONE if the label folds to nothing, and if memory is short, which sets *failed. */
static uint32_t number_of(struct facet *facet, struct intern *spelt, uint32_t **numbers, size_t *room,
			  struct text label, bool *failed)
{
	bool added;
	const uint32_t spelling = intern_add(spelt, label.bytes, label.length, &added);

	*failed = spelling == INTERN_NONE || grow((void **)numbers, room, (size_t)spelling + 1, sizeof **numbers) < 0;
	if (*failed)
		return FACET_NONE;
	if (!added)
		return (*numbers)[spelling];
	char *folded;
	uint32_t number = FACET_NONE;
	*failed = fold_text(label, &folded) < 0;
	if (folded && *folded) {
		number = intern_add(&facet->folded, folded, strlen(folded), &added);
		*failed =
		    number == INTERN_NONE || (added && text_column_add(&facet->names, label.bytes, label.length) < 0);
	}
	free(folded);
	(*numbers)[spelling] = number;
	return number;
}

/* All pairs of a label and an item that has it, in the order of items. */
struct pairs {
	uint32_t *labels, *items;
	size_t n, labels_room, items_room;
};

static int add_pair(struct pairs *pairs, uint32_t label, uint32_t item)
{
	/* a label that a cell repeats counts once */
	for (size_t i = pairs->n; i > 0 && pairs->items[i - 1] == item; i--) {
		if (pairs->labels[i - 1] == label)
			return 0;
	}
	if (grow((void **)&pairs->labels, &pairs->labels_room, pairs->n + 1, sizeof *pairs->labels) < 0 ||
	    grow((void **)&pairs->items, &pairs->items_room, pairs->n + 1, sizeof *pairs->items) < 0)
		return -1;
	pairs->labels[pairs->n] = label;
	pairs->items[pairs->n++] = item;
	return 0;
}

static int collect(struct facet *facet, const struct animed_strings *column, uint32_t n, struct pairs *pairs)
{
	struct intern spelt = {0};
	uint32_t *numbers = NULL;
	size_t room = 0;
	bool failed = false;

	for (uint32_t i = 0; i < n && !failed; i++) {
		struct text cell = strings_at(column, i), label;
		while (!failed && text_member(&cell, &label)) {
			const uint32_t number = number_of(facet, &spelt, &numbers, &room, label, &failed);
			if (!failed && number != FACET_NONE)
				failed = add_pair(pairs, number, i) < 0;
		}
	}
	intern_free(&spelt);
	free(numbers);
	return failed ? -1 : 0;
}

int facet_open(struct facet *facet, const struct animed_strings *column, uint32_t n)
{
	struct pairs pairs = {0};
	int status = -1;

	*facet = (struct facet){0};
	if (collect(facet, column, n, &pairs) < 0)
		goto out;
	facet->starts = calloc(facet_labels(facet) + 2, sizeof *facet->starts);
	facet->items = malloc((pairs.n + 1) * sizeof *facet->items);
	if (!facet->starts || !facet->items)
		goto out;
	/* Label l is counted in starts[l + 2], so that the sums leave in starts[l + 1] where label l begins.  Storing
	 * its items moves that on to where label l ends, which is where label l + 1 begins. */
	for (size_t p = 0; p < pairs.n; p++)
		facet->starts[pairs.labels[p] + 2]++;
	for (size_t l = 0; l < facet_labels(facet); l++)
		facet->starts[l + 2] += facet->starts[l + 1];
	for (size_t p = 0; p < pairs.n; p++)
		facet->items[facet->starts[pairs.labels[p] + 1]++] = pairs.items[p];
	status = 0;
out:
	free(pairs.labels);
	free(pairs.items);
	return status;
}

void facet_close(struct facet *facet)
{
	intern_free(&facet->folded);
	text_column_free(&facet->names);
	free(facet->starts);
	free(facet->items);
	*facet = (struct facet){0};
}

int facet_find(const struct facet *facet, struct text text, uint32_t *label)
{
	char *folded;
	const int status = fold_text(text, &folded);

	*label = folded ? intern_find(&facet->folded, folded, strlen(folded)) : FACET_NONE;
	free(folded);
	return status;
}

/* How many labels a hint names at most, since it is one line. */
#define HINTED 60

int facet_hint(const struct facet *facet, struct text text, char *out, size_t size)
{
	const struct animed_strings names = text_column_view(&facet->names);
	const size_t labels = facet_labels(facet);
	char *folded;

	if (fold_text(text, &folded) < 0)
		return -1;
	size_t length = folded ? strlen(folded) : 0, best = labels, least = length / 3 + 1, used;

	/* `least` is one more than the edits that are near, until a label is found */
	for (size_t l = 0; l < labels && length > 0 && length <= EDIT_MAX; l++) {
		const struct animed_strings view = text_column_view(&facet->folded.names);
		const struct text label = strings_at(&view, l);
		const size_t edits =
		    label.length <= EDIT_MAX ? edit_distance(folded, length, label.bytes, label.length) : SIZE_MAX;
		if (edits < least || (edits == 1 && best == labels)) {
			best = l;
			least = edits;
		}
	}
	free(folded);
	out[0] = '\0';
	if (best < labels) {
		const struct text near = strings_at(&names, best);
		(void)snprintf(out, size, "; did you mean \"%.*s\"?", (int)near.length, near.bytes);
		return 0;
	}
	used = (size_t)snprintf(out, size, "; there are ");
	for (size_t l = 0; l < labels && l < HINTED; l++) {
		const struct text label = strings_at(&names, l);
		if (used + label.length + 8 >= size)
			break;
		used +=
		    (size_t)snprintf(out + used, size - used, "%s%.*s", l ? ", " : "", (int)label.length, label.bytes);
	}
	return 0;
}

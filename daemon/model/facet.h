/* facet.h - which items have a label, for a column of labels such as genres. */
#ifndef ANIMED_FACET_H
#define ANIMED_FACET_H

#include "base/intern.h"

/* Labels are numbered from 0 in the order in which they first come in the column. */
struct facet {
	struct intern folded;     /* labels as fold_text() folds them: "sci fi" */
	struct text_column names; /* labels as the first item that has them spells them: "Sci-Fi" */
	uint32_t *starts;         /* [labels + 1]: where each label begins in `items` */
	uint32_t *items;          /* the items of each label, ascending */
};

#define FACET_NONE INTERN_NONE

/* Read a column of n cells, whose labels have '|' between them.  Returns 0, or -1 where memory is short; the caller
 * calls facet_close() in either case. */
int facet_open(struct facet *facet, const struct animed_strings *column, uint32_t n);
void facet_close(struct facet *facet);

static inline size_t facet_labels(const struct facet *facet)
{
	return facet->names.n;
}

/* Find the label that is equal to `text` once both are folded; *label is FACET_NONE if there is none.  Returns 0, or -1
 * where memory is short. */
int facet_find(const struct facet *facet, struct text text, uint32_t *label);

/* Write to `out` what helps whoever gave a text that is no label: the nearest label, if one is near, else as many
 * labels as `size` bytes have room for: "; did you mean \"Drama\"?", "; there are Action, Comedy, ...".  Returns 0, or
 * -1 where memory is short. */
int facet_hint(const struct facet *facet, struct text text, char *out, size_t size);

#endif

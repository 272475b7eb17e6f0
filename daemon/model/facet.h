/* facet.h - a column of labels, such as genres, turned round: which items have a label. */
#ifndef ANIMED_FACET_H
#define ANIMED_FACET_H

#include "base/intern.h"

/* Labels are numbered from 0 in the order in which the items have them. */
struct facet {
	struct intern folded;     /* labels as fold_text() makes them: "sci fi" */
	struct text_column names; /* as an item spells them: "Sci-Fi" */
	uint32_t *starts;         /* [labels + 1]: of each label in items */
	uint32_t *items;          /* ascending within a label */
};

#define FACET_NONE INTERN_NONE

/* Turn round a column of n cells with '|' between labels.  0, or -1 where memory is short; *facet is to be closed
 * either way. */
int facet_open(struct facet *facet, const struct animed_strings *column, uint32_t n);
void facet_close(struct facet *facet);

static inline size_t facet_labels(const struct facet *facet)
{
	return facet->names.n;
}

/* Find the label that folds as `text` does; *label is FACET_NONE where none does.  Returns 0, or -1 where memory is
 * short. */
int facet_find(const struct facet *facet, struct text text, uint32_t *label);

/* For a text that is no label: the nearest label, where one is near, else as many as `size` has room for:
 * "; did you mean \"Drama\"?", "; there are Action, Comedy, ..." */
void facet_hint(const struct facet *facet, struct text text, char *out, size_t size);

#endif

/* postings.h - what items have in common: scalar products of one sparse row with all others, by inverted lists. */
#ifndef PLUGINS_POSTINGS_H
#define PLUGINS_POSTINGS_H

#include "animed-plugin.h"

struct posting {
	uint32_t row;
	float value;
};

struct postings {
	/* The matrix, of whoever made it; it stays valid and unchanged as long as the lists.  The columns of a row
	 * ascend. */
	uint32_t rows, n_columns;
	const uint64_t *offsets;
	const uint32_t *columns;
	const float *values;
	/* The same by columns: the rows in which column c is are at[starts[c] .. starts[c + 1]), ascending. */
	uint64_t *starts;
	struct posting *at;
};

/* Fill in the lists of a matrix that is filled in.  Returns 0; the caller frees them with postings_free().  Where memory
 * is short, returns -1, fills err, and leaves nothing to free. */
int postings_make(struct postings *postings, struct animed_error *err);
void postings_free(struct postings *postings);

/* Add to sums[j], for every row j, the scalar product of rows `row` and j. */
void postings_add(const struct postings *postings, uint32_t row, float *sums);

/* The scalar product of two rows. */
float postings_product(const struct postings *postings, uint32_t a, uint32_t b);

#endif

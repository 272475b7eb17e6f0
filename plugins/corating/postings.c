/* postings.c - a sparse matrix by columns. */
#include "config.h"

#include "corating/postings.h"

#include <stdlib.h>
#include <string.h>

static void fill(struct postings *p)
{
	uint64_t *starts = p->starts;

	for (uint64_t at = 0; at < p->offsets[p->rows]; at++)
		starts[p->columns[at] + 1]++;
	for (uint32_t c = 0; c < p->n_columns; c++)
		starts[c + 1] += starts[c];
	for (uint32_t i = 0; i < p->rows; i++) {
		for (uint64_t at = p->offsets[i]; at < p->offsets[i + 1]; at++)
			p->at[starts[p->columns[at]]++] = (struct posting){i, p->values[at]};
	}
	/* each start has moved on to the next one */
	memmove(starts + 1, starts, p->n_columns * sizeof *starts);
	starts[0] = 0;
}

int postings_make(struct postings *postings, struct animed_error *err)
{
	const uint64_t n = postings->offsets[postings->rows];

	postings->starts = calloc((size_t)postings->n_columns + 1, sizeof *postings->starts);
	postings->at = malloc((n + 1) * sizeof *postings->at);
	if (!postings->starts || !postings->at) {
		postings_free(postings);
		return animed_fail(err, "not enough memory for inverted lists of %ju entries", (uintmax_t)n);
	}
	fill(postings);
	return 0;
}

void postings_free(struct postings *postings)
{
	free(postings->starts);
	free(postings->at);
	postings->starts = NULL;
	postings->at = NULL;
}

void postings_add(const struct postings *postings, uint32_t row, float *sums)
{
	for (uint64_t at = postings->offsets[row]; at < postings->offsets[row + 1]; at++) {
		const uint64_t end = postings->starts[postings->columns[at] + 1];
		const float value = postings->values[at];
		for (uint64_t i = postings->starts[postings->columns[at]]; i < end; i++)
			sums[postings->at[i].row] += value * postings->at[i].value;
	}
}

float postings_product(const struct postings *postings, uint32_t a, uint32_t b)
{
	uint64_t i = postings->offsets[a], j = postings->offsets[b];
	const uint64_t i_end = postings->offsets[a + 1], j_end = postings->offsets[b + 1];
	float sum = 0;

	while (i < i_end && j < j_end) {
		const uint32_t x = postings->columns[i], y = postings->columns[j];
		if (x == y)
			sum += postings->values[i] * postings->values[j];
		i += x <= y;
		j += y <= x;
	}
	return sum;
}

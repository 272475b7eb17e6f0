/* sparse-rows.h - a matrix of items by items of which the largest cells of each row are kept: made from rows, written as
 * tensors, and read from them with checks. */
#ifndef PLUGINS_SPARSE_ROWS_H
#define PLUGINS_SPARSE_ROWS_H

#include "animed-plugin.h"

/* Row i is at [offsets[i], offsets[i + 1]) of items and values, items ascending. */
struct sparse_rows {
	uint32_t n;              /* rows, and columns */
	const uint64_t *offsets; /* [n + 1] */
	const uint32_t *items;
	const float *values; /* none is 0 */
};

/* A matrix over chosen items, of which the rows come one by one. */
struct sparse_source {
	uint32_t n;            /* rows and columns */
	const uint32_t *items; /* [n] the item that each row and column stands for, no item twice */
	const float *weights;  /* [n] of the columns: a row keeps its largest |value| times weight.  NULL: all are 1 */
	/* Write row i to values[0 .. n).  Cells that are 0 are never kept.  Any thread. */
	void (*row)(void *ctx, uint32_t i, float *values);
	void *ctx;
};

/* Keep the `limit` largest of each row of the source (of equal ones those with the smaller item), as rows of n_items.
 * Rows of items that the source does not have are empty.  The bits are the same for any number of host->threads.
 * Returns 0; the caller frees *rows with sparse_rows_free().  On failure, which is short memory or a cancelled host,
 * returns -1, fills err, and leaves nothing to free. */
int sparse_rows_make(struct sparse_rows *rows, const struct sparse_source *source, uint32_t n_items, uint32_t limit,
		     const struct animed_host *host, struct animed_error *err);
void sparse_rows_free(struct sparse_rows *rows); /* not what sparse_rows_read() gave */

enum { SPARSE_ROWS_TENSORS = 3 };

/* Write the rows as three tensors, named offsets, items and values, which point to the memory of the rows. */
void sparse_rows_write(const struct sparse_rows *rows, struct animed_tensor tensors[SPARSE_ROWS_TENSORS]);

/* What a plugin has learnt is never larger, and sums of as many products of it as there are items stay finite. */
#define SPARSE_ROWS_LARGEST 1e9F

/* Check that no value of a tensor is below `low` or above SPARSE_ROWS_LARGEST; a file with others is damaged.  Returns 0.
 * On failure returns -1 and fills err. */
int sparse_rows_within(const char *name, const float *values, uint64_t n, float low, struct animed_error *err);

/* Find the three tensors, and check that they are rows of n_items.  *rows then points to their memory.  Returns 0.  On
 * failure returns -1 and fills err, which names the tensor and what is wrong with it. */
int sparse_rows_read(struct sparse_rows *rows, const struct animed_tensors *tensors, uint32_t n_items,
		     struct animed_error *err);

/* Find a tensor and check its type and length.  *data then points to its memory.  Returns 0.  On failure returns -1 and
 * fills err. */
int sparse_rows_find(const struct animed_tensors *tensors, const char *name, enum animed_dtype dtype, uint64_t n,
		     const void **data, struct animed_error *err);

#endif

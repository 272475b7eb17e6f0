/* sparse-rows.c - keeps the largest cells of rows, and checks rows that a file has. */
#include "config.h"

#include "kit/sparse-rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kit/parallel.h"
#include "kit/topk.h"

/* ---- making ---- */

struct cell {
	uint32_t item;
	float value;
};

struct making {
	const struct sparse_source *source;
	uint32_t limit;
	const struct animed_host *host;
	int64_t *ids;            /* [source->n] the items, for the order of equal cells */
	float *scratch;          /* [threads, source->n] */
	struct animed_hit *hits; /* [threads, limit] */
	struct cell *cells;      /* [source->n, limit] */
	uint32_t *counts;        /* [source->n] */
};

static int by_item(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	return x->item < y->item ? -1 : x->item > y->item;
}

static int keep_row(void *ctx, size_t row, unsigned worker, struct animed_error *err)
{
	const struct making *making = ctx;
	const struct sparse_source *source = making->source;
	float *values = making->scratch + (size_t)worker * source->n;
	struct cell *cells = making->cells + row * making->limit;
	struct topk topk = {.hits = making->hits + (size_t)worker * making->limit,
			    .limit = making->limit,
			    .ids = making->ids,
			    .weights = source->weights};

	if (making->host->cancelled(making->host->ctx))
		return animed_fail(err, "cancelled");
	source->row(source->ctx, (uint32_t)row, values);
	for (uint32_t j = 0; j < source->n; j++) {
		const float size = fabsf(values[j]);
		if (size > 0 && (source->weights ? size * source->weights[j] : size) >= topk_least(&topk))
			topk_offer(&topk, j, size);
	}
	for (size_t k = 0; k < topk.n; k++)
		cells[k] = (struct cell){source->items[topk.hits[k].item], values[topk.hits[k].item]};
	qsort(cells, topk.n, sizeof *cells, by_item);
	making->counts[row] = (uint32_t)topk.n;
	return 0;
}

/* Write the cells of all rows one behind the other, in the order of the items. */
static bool pack(const struct making *making, uint32_t n_items, struct sparse_rows *rows)
{
	const struct sparse_source *source = making->source;
	uint64_t *offsets = calloc((size_t)n_items + 1, sizeof *offsets);

	rows->offsets = offsets;
	if (!offsets)
		return false;
	for (uint32_t i = 0; i < source->n; i++)
		offsets[source->items[i] + 1] = making->counts[i];
	for (uint32_t i = 0; i < n_items; i++)
		offsets[i + 1] += offsets[i];
	uint32_t *items = malloc((offsets[n_items] + 1) * sizeof *items);
	float *values = malloc((offsets[n_items] + 1) * sizeof *values);
	rows->items = items;
	rows->values = values;
	if (!items || !values)
		return false;
	for (uint32_t i = 0; i < source->n; i++) {
		const struct cell *cells = making->cells + (size_t)i * making->limit;
		const uint64_t to = offsets[source->items[i]];
		for (uint32_t k = 0; k < making->counts[i]; k++) {
			items[to + k] = cells[k].item;
			values[to + k] = cells[k].value;
		}
	}
	return true;
}

static bool alloc_making(struct making *making)
{
	const size_t n = making->source->n, threads = making->host->threads;

	making->ids = calloc(n + 1, sizeof *making->ids);
	making->scratch = calloc(threads * n + 1, sizeof *making->scratch);
	making->hits = calloc(threads * making->limit + 1, sizeof *making->hits);
	making->cells = calloc(n * making->limit + 1, sizeof *making->cells);
	making->counts = calloc(n + 1, sizeof *making->counts);
	if (!making->ids || !making->scratch || !making->hits || !making->cells || !making->counts)
		return false;
	for (size_t i = 0; i < n; i++)
		making->ids[i] = making->source->items[i];
	return true;
}

static void free_making(struct making *making)
{
	free(making->ids);
	free(making->scratch);
	free(making->hits);
	free(making->cells);
	free(making->counts);
}

int sparse_rows_make(struct sparse_rows *rows, const struct sparse_source *source, uint32_t n_items, uint32_t limit,
		     const struct animed_host *host, struct animed_error *err)
{
	struct making making = {.source = source, .limit = limit < source->n ? limit : source->n, .host = host};
	int status = -1;

	*rows = (struct sparse_rows){.n = n_items};
	if (!alloc_making(&making))
		(void)animed_fail(err, "not enough memory to keep %u cells of %u rows", making.limit, source->n);
	else if (parallel_for(source->n, host->threads, keep_row, &making, err) == 0) {
		status = pack(&making, n_items, rows) ? 0 : animed_fail(err, "out of memory");
	}
	free_making(&making);
	if (status < 0)
		sparse_rows_free(rows);
	return status;
}

void sparse_rows_free(struct sparse_rows *rows)
{
	free((void *)rows->offsets);
	free((void *)rows->items);
	free((void *)rows->values);
	*rows = (struct sparse_rows){0};
}

/* ---- tensors ---- */

void sparse_rows_write(const struct sparse_rows *rows, struct animed_tensor tensors[SPARSE_ROWS_TENSORS])
{
	const uint64_t n = rows->offsets[rows->n];

	tensors[0] = (struct animed_tensor){"offsets", ANIMED_U64, (uint64_t)rows->n + 1, rows->offsets};
	tensors[1] = (struct animed_tensor){"items", ANIMED_U32, n, rows->items};
	tensors[2] = (struct animed_tensor){"values", ANIMED_F32, n, rows->values};
}

int sparse_rows_find(const struct animed_tensors *tensors, const char *name, enum animed_dtype dtype, uint64_t n,
		     const void **data, struct animed_error *err)
{
	static const char *const types[] = {
	    [ANIMED_U8] = "U8", [ANIMED_U32] = "U32", [ANIMED_U64] = "U64", [ANIMED_F32] = "F32"};

	for (size_t t = 0; t < tensors->n; t++) {
		const struct animed_tensor *tensor = &tensors->at[t];
		if (strcmp(tensor->name, name) != 0)
			continue;
		if (tensor->dtype != dtype)
			return animed_fail(err, "the tensor \"%s\" must be of type %s", name, types[dtype]);
		if (tensor->n != n)
			return animed_fail(err, "the tensor \"%s\" has %" PRIu64 " values, and needs %" PRIu64, name,
					   tensor->n, n);
		*data = tensor->data;
		return 0;
	}
	return animed_fail(err, "the tensor \"%s\" is missing", name);
}

static int check_row(const struct sparse_rows *rows, uint32_t row, uint64_t n, struct animed_error *err)
{
	const uint64_t from = rows->offsets[row], to = rows->offsets[row + 1];

	if (from > to || to > n)
		return animed_fail(err, "the tensor \"offsets\" does not ascend to %" PRIu64 " at row %u", n, row);
	for (uint64_t k = from; k < to; k++) {
		if (rows->items[k] >= rows->n)
			return animed_fail(err, "the tensor \"items\" has item %u in row %u, of %u items",
					   rows->items[k], row, rows->n);
		if (k > from && rows->items[k] <= rows->items[k - 1])
			return animed_fail(err, "the tensor \"items\" does not ascend in row %u", row);
	}
	return 0;
}

int sparse_rows_within(const char *name, const float *values, uint64_t n, float low, struct animed_error *err)
{
	for (uint64_t i = 0; i < n; i++) {
		if (!(values[i] >= low && values[i] <= SPARSE_ROWS_LARGEST))
			return animed_fail(err, "the tensor \"%s\" has %g at %" PRIu64 ", which nobody learns", name,
					   (double)values[i], i);
	}
	return 0;
}

int sparse_rows_read(struct sparse_rows *rows, const struct animed_tensors *tensors, uint32_t n_items,
		     struct animed_error *err)
{
	const void *offsets, *items, *values;

	if (sparse_rows_find(tensors, "offsets", ANIMED_U64, (uint64_t)n_items + 1, &offsets, err) < 0)
		return -1;
	const uint64_t n = ((const uint64_t *)offsets)[n_items];
	if (sparse_rows_find(tensors, "items", ANIMED_U32, n, &items, err) < 0 ||
	    sparse_rows_find(tensors, "values", ANIMED_F32, n, &values, err) < 0)
		return -1;
	*rows = (struct sparse_rows){n_items, offsets, items, values};
	if (rows->offsets[0] != 0)
		return animed_fail(err, "the tensor \"offsets\" must begin with 0");
	for (uint32_t row = 0; row < n_items; row++) {
		if (check_row(rows, row, n, err) < 0)
			return -1;
	}
	return sparse_rows_within("values", rows->values, n, -SPARSE_ROWS_LARGEST, err);
}

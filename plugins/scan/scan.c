/* scan.c - makes the index of rows in panels, scans it for one query, and goes over it in tiles for many. */
#include "config.h"

#include "scan/scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kit/topk.h"
#include "scan/scan-kernels.h"

/* How many scores `reaching` looks at at once; the index is filled up to whole blocks of rows. */
#define BLOCK 64u

/* How many rows are compared with how many queries before the next rows are fetched.  With k = 128 the rows take half
 * of a second-level cache. */
#define TILE_ROWS    (4 * BLOCK)
#define TILE_QUERIES 64u

struct scan {
	const struct scan_metric *metric;
	const struct scan_kernels *kernels;
	struct animed_vectors vectors; /* of the host */
	uint32_t n;                    /* how many rows the index has */
	uint32_t *items;               /* [n] the item of each row, ascending */
	float *panels;                 /* n rows, filled up with zeros to whole blocks */
};

/* ---- metrics ---- */

static bool unit_less(const float *from, float *to, uint32_t k, double mean)
{
	double sum = 0;

	for (uint32_t j = 0; j < k; j++)
		sum += ((double)from[j] - mean) * ((double)from[j] - mean);
	if (sum == 0)
		return false;
	const double scale = 1 / sqrt(sum);
	for (uint32_t j = 0; j < k; j++)
		to[j] = (float)(((double)from[j] - mean) * scale);
	return true;
}

bool scan_unit(const float *from, float *to, uint32_t k)
{
	return unit_less(from, to, k, 0);
}

bool scan_centred_unit(const float *from, float *to, uint32_t k)
{
	double sum = 0;

	for (uint32_t j = 0; j < k; j++)
		sum += (double)from[j];
	return unit_less(from, to, k, sum / k);
}

bool scan_plain(const float *from, float *to, uint32_t k)
{
	memcpy(to, from, k * sizeof *to);
	return true;
}

void scan_clamp(float *sums, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float s = sums[i] < 1 ? sums[i] : 1;
		sums[i] = s > -1 ? s : -1;
	}
}

/* ---- the index ---- */

static size_t whole_blocks(size_t rows)
{
	return (rows + BLOCK - 1) / BLOCK * BLOCK;
}

static void add_row(struct scan *scan, uint32_t item, const float *row)
{
	const uint32_t k = scan->vectors.k;
	float *panel = scan->panels + (size_t)(scan->n / SCAN_LANES) * k * SCAN_LANES + scan->n % SCAN_LANES;

	for (uint32_t j = 0; j < k; j++)
		panel[(size_t)j * SCAN_LANES] = row[j];
	scan->items[scan->n++] = item;
}

static bool prepare_item(const struct scan *scan, uint32_t item, float *to)
{
	const struct animed_vectors *vectors = &scan->vectors;

	return topk_allowed(vectors->present, item) &&
	       scan->metric->prepare(vectors->rows + (size_t)item * vectors->k, to, vectors->k);
}

int scan_open(const struct scan_metric *metric, const struct animed_vectors *vectors, void **index,
	      struct animed_error *err)
{
	struct scan *scan = calloc(1, sizeof *scan);
	float row[SCAN_MAX_K];
	size_t rows = 0;

	*index = NULL;
	if (!scan)
		return animed_fail(err, "out of memory");
	if (vectors->k > SCAN_MAX_K) {
		free(scan);
		return animed_fail(err, "vectors of %u factors cannot be indexed, at most %u", vectors->k, SCAN_MAX_K);
	}
	for (uint32_t i = 0; i < vectors->n; i++)
		rows += topk_allowed(vectors->present, i);
	*scan = (struct scan){.metric = metric, .kernels = scan_kernels_best(), .vectors = *vectors};
	const size_t bytes = whole_blocks(rows + 1) * vectors->k * sizeof *scan->panels;
	scan->panels = aligned_alloc(SCAN_ALIGN, bytes);
	scan->items = malloc((rows + 1) * sizeof *scan->items);
	if (!scan->panels || !scan->items) {
		scan_close(scan);
		return animed_fail(err, "not enough memory to index %zu items of %u factors", rows, vectors->k);
	}
	memset(scan->panels, 0, bytes);
	for (uint32_t i = 0; i < vectors->n; i++) {
		if (prepare_item(scan, i, row))
			add_row(scan, i, row);
	}
	*index = scan;
	return 0;
}

void scan_close(void *index)
{
	struct scan *scan = index;

	free(scan->panels);
	free(scan->items);
	free(scan);
}

/* ---- asking ---- */

static void score(const struct scan *scan, float *sums, size_t n)
{
	if (scan->metric->score)
		scan->metric->score(sums, n);
}

/* Which of the sums of a block of rows reach that of the worst of the best so far. */
static uint64_t reaching(const struct scan *scan, const struct topk *topk, const float *sums)
{
	const float least = topk_least(topk);

	return scan->kernels->reaching(sums, scan->metric->bound && topk->n == topk->limit ? scan->metric->bound(least)
											   : least);
}

/* The same where scores are weighted; the block has n rows. */
static uint64_t reaching_weighted(const struct scan *scan, const struct topk *topk, const float *sums,
				  const uint32_t *items, uint32_t n)
{
	_Alignas(SCAN_ALIGN) float scores[BLOCK];

	memcpy(scores, sums, sizeof scores);
	score(scan, scores, BLOCK);
	for (uint32_t i = 0; i < n; i++)
		scores[i] *= topk->weights[items[i]];
	return scan->kernels->reaching(scores, topk_least(topk));
}

/* Offer rows [from, from + n) with their sums as answers to `query`, item `self` left out.  `from` is the beginning of
 * a block, and `sums` is filled to the end of one.  Most sums are below that of the worst of the best so far, and cost
 * one comparison of a vector. */
static void offer(const struct scan *scan, const struct animed_query *query, uint32_t self, struct topk *topk,
		  uint32_t from, uint32_t n, const float *sums)
{
	for (uint32_t block = 0; block < n; block += BLOCK) {
		const uint32_t rows = n - block < BLOCK ? n - block : BLOCK, *items = scan->items + from + block;
		uint64_t reached = query->weights ? reaching_weighted(scan, topk, sums + block, items, rows)
						  : reaching(scan, topk, sums + block);
		if (rows < BLOCK)
			reached &= (UINT64_C(1) << rows) - 1;
		for (; reached; reached &= reached - 1) {
			const uint32_t i = (uint32_t)__builtin_ctzll(reached), item = items[i];
			float of_item = sums[block + i];
			if (item == self || !topk_allowed(query->mask, item))
				continue;
			score(scan, &of_item, 1);
			topk_offer(topk, item, of_item);
		}
	}
}

static const struct scan_sums *sums_of(const struct scan *scan)
{
	return scan->metric->sum == SCAN_PRODUCTS ? &scan->kernels->products : &scan->kernels->distances;
}

static uint32_t tile_rows(const struct scan *scan, uint32_t from)
{
	return scan->n - from < TILE_ROWS ? scan->n - from : TILE_ROWS;
}

static const float *rows_from(const struct scan *scan, uint32_t from)
{
	return scan->panels + (size_t)from * scan->vectors.k;
}

static bool prepare_query(const struct scan *scan, const struct animed_query *query, float *vector)
{
	if (query->item == ANIMED_NO_ITEM)
		return scan->metric->prepare(query->vector, vector, scan->vectors.k);
	return query->item < scan->vectors.n && prepare_item(scan, query->item, vector);
}

int scan_top_k(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits, size_t *n,
	       struct animed_error *err)
{
	const struct scan *scan = index;
	struct topk topk = {.hits = hits, .limit = limit, .ids = scan->vectors.ids, .weights = query->weights};
	_Alignas(SCAN_ALIGN) float vector[SCAN_MAX_K], sums[TILE_ROWS];
	const uint32_t k = scan->vectors.k;

	(void)err;
	*n = 0;
	if (limit == 0 || !prepare_query(scan, query, vector))
		return 0;
	for (uint32_t from = 0; from < scan->n; from += TILE_ROWS) {
		const uint32_t tile = tile_rows(scan, from);
		const size_t rows = whole_blocks(tile);
		sums_of(scan)->one(rows_from(scan, from), k, rows / SCAN_LANES, vector, sums, rows);
		offer(scan, query, query->item, &topk, from, tile, sums);
	}
	*n = topk_finish(&topk);
	return 0;
}

int scan_scores(const void *index, const struct animed_query *query, float *scores, struct animed_error *err)
{
	const struct scan *scan = index;
	_Alignas(SCAN_ALIGN) float vector[SCAN_MAX_K], sums[TILE_ROWS];
	const uint32_t k = scan->vectors.k;

	(void)err;
	for (uint32_t i = 0; i < scan->vectors.n; i++)
		scores[i] = -INFINITY;
	if (!prepare_query(scan, query, vector))
		return 0;
	for (uint32_t from = 0; from < scan->n; from += TILE_ROWS) {
		const uint32_t n = tile_rows(scan, from);
		const size_t rows = whole_blocks(n);
		sums_of(scan)->one(rows_from(scan, from), k, rows / SCAN_LANES, vector, sums, rows);
		score(scan, sums, rows);
		for (uint32_t i = 0; i < n; i++)
			scores[scan->items[from + i]] = sums[i];
	}
	if (query->item != ANIMED_NO_ITEM)
		scores[query->item] = -INFINITY;
	return 0;
}

/* Make parts of the squares of differences: each has its share in what the score loses against distance 0. */
static void share_loss(const struct scan *scan, float *parts, float *rest)
{
	const uint32_t k = scan->vectors.k;
	float sum = 0, none = 0;

	for (uint32_t j = 0; j < k; j++)
		sum -= parts[j];
	const float whole = -sum;
	score(scan, &sum, 1);
	score(scan, &none, 1);
	*rest = none;
	for (uint32_t j = 0; j < k && whole > 0; j++)
		parts[j] *= (sum - none) / whole;
}

/* Move the part of largest size to parts[*n], for as many as `limit` parts, and add the others to *rest. */
static void take_largest(float *by_factor, uint32_t k, size_t limit, struct animed_part *parts, size_t *n, float *rest)
{
	while (*n < limit) {
		uint32_t most = 0;
		for (uint32_t j = 1; j < k; j++) {
			if (fabsf(by_factor[j]) > fabsf(by_factor[most]))
				most = j;
		}
		if (by_factor[most] == 0)
			break;
		parts[(*n)++] =
		    (struct animed_part){.kind = ANIMED_PART_FACTOR, .value = by_factor[most], .factor = most};
		by_factor[most] = 0;
	}
	for (uint32_t j = 0; j < k; j++)
		*rest += by_factor[j];
}

int scan_parts(const void *index, const struct animed_query *query, uint32_t item, size_t limit,
	       struct animed_part *parts, size_t *n, float *rest, struct animed_error *err)
{
	const struct scan *scan = index;
	const uint32_t k = scan->vectors.k;
	float a[SCAN_MAX_K], b[SCAN_MAX_K];

	(void)err;
	*n = 0;
	*rest = 0;
	if (!prepare_query(scan, query, a) || !prepare_item(scan, item, b))
		return 0;
	for (uint32_t j = 0; j < k; j++)
		a[j] = scan->metric->sum == SCAN_PRODUCTS ? a[j] * b[j] : (a[j] - b[j]) * (a[j] - b[j]);
	if (scan->metric->sum == SCAN_DISTANCES)
		share_loss(scan, a, rest);
	take_largest(a, k, limit, parts, n, rest);
	return 0;
}

/* Queries that go over the rows together. */
struct tile {
	unsigned width;    /* how many queries the kernel takes at once */
	uint32_t n;        /* how many queries there are */
	float *queries;    /* n of them, filled up to a multiple of width, as scan_sums takes them */
	float *sums;       /* [width, TILE_ROWS] */
	struct topk *topk; /* [n] */
	uint32_t *items;   /* [n] */
};

static void tile_free(struct tile *tile)
{
	free(tile->queries);
	free(tile->sums);
	free(tile->topk);
	free(tile->items);
}

static int tile_alloc(const struct scan *scan, struct tile *tile)
{
	*tile = (struct tile){.width = scan->kernels->queries};
	tile->queries = aligned_alloc(SCAN_ALIGN, TILE_QUERIES * (size_t)scan->vectors.k * sizeof *tile->queries);
	tile->sums = aligned_alloc(SCAN_ALIGN, tile->width * (size_t)TILE_ROWS * sizeof *tile->sums);
	tile->topk = malloc(TILE_QUERIES * sizeof *tile->topk);
	tile->items = malloc(TILE_QUERIES * sizeof *tile->items);
	return tile->queries && tile->sums && tile->topk && tile->items ? 0 : -1;
}

/* Add a query: spread the prepared vector over the columns of its group, factor by factor. */
static void tile_add(struct tile *tile, uint32_t item, const float *vector, uint32_t k, struct topk topk)
{
	float *to = tile->queries + (size_t)(tile->n / tile->width) * tile->width * k + tile->n % tile->width;

	for (uint32_t j = 0; j < k; j++)
		to[(size_t)j * tile->width] = vector[j];
	tile->items[tile->n] = item;
	tile->topk[tile->n++] = topk;
}

static void tile_run(const struct scan *scan, const struct animed_query *query, struct tile *tile)
{
	const uint32_t k = scan->vectors.k;

	for (uint32_t from = 0; from < scan->n; from += TILE_ROWS) {
		const uint32_t n = tile_rows(scan, from);
		const size_t rows = whole_blocks(n);
		for (uint32_t q = 0; q < tile->n; q++) {
			const uint32_t lane = q % tile->width;
			if (lane == 0)
				sums_of(scan)->many(rows_from(scan, from), k, rows / SCAN_LANES,
						    tile->queries + (size_t)q * k, tile->sums, TILE_ROWS);
			offer(scan, query, tile->items[q], &tile->topk[q], from, n, tile->sums + lane * TILE_ROWS);
		}
	}
}

int scan_neighbours(const void *index, uint32_t first, uint32_t n, const struct animed_query *query, size_t limit,
		    struct animed_hit *hits, uint32_t *counts, struct animed_error *err)
{
	const struct scan *scan = index;
	const uint32_t k = scan->vectors.k;
	struct tile tile;
	float vector[SCAN_MAX_K];

	if (tile_alloc(scan, &tile) < 0) {
		tile_free(&tile);
		return animed_fail(err, "out of memory");
	}
	for (uint32_t i = 0; i < n;) {
		tile.n = 0;
		memset(tile.queries, 0, TILE_QUERIES * (size_t)k * sizeof *tile.queries);
		for (; i < n && tile.n < TILE_QUERIES; i++) {
			counts[i] = 0;
			if (limit > 0 && prepare_item(scan, first + i, vector))
				tile_add(&tile, first + i, vector, k,
					 (struct topk){hits + (size_t)i * limit, limit, 0, scan->vectors.ids,
						       query->weights});
		}
		tile_run(scan, query, &tile);
		for (uint32_t q = 0; q < tile.n; q++)
			counts[tile.items[q] - first] = (uint32_t)topk_finish(&tile.topk[q]);
	}
	tile_free(&tile);
	return 0;
}

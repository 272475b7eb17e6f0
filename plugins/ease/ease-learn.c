/* ease-learn.c - learns B: the Gram matrix of the weighted ratings, its ridge, its inverse, and the cells to keep. */
#include "config.h"

#include "ease/ease.h"

#include <math.h>
#include <stdlib.h>

#include "kit/by-item.h"
#include "kit/gram.h"
#include "kit/inverse.h"
#include "kit/score-weight.h"
#include "kit/sparse-rows.h"

const struct animed_param ease_params[] = {
    [EASE_RIDGE] = {"ridge", ANIMED_REAL, "100", 0, 1e6, NULL, 0,
		    "ridge of every item, in mean squared weights of a rating"},
    [EASE_RIDGE_SHARE] = {"ridge_share", ANIMED_REAL, "0.3", 0, 100, NULL, 0,
			  "ridge of an item beside that, as a share of the sum of its squared weights"},
    [EASE_FRANCHISE] = {"franchise", ANIMED_REAL, "0.2", 0, 100, NULL, 0,
			"how much items of one franchise count as rated together"},
    [EASE_KEPT] = {"kept", ANIMED_INT, "200", 1, 100000, NULL, 0, "how many cells of each row of the matrix are kept"},
    [EASE_MIN_RATINGS] = {"min_ratings", ANIMED_INT, "5", 1, 1000000, NULL, 0,
			  "items with fewer ratings take no part in the matrix"},
    [EASE_ITEMS] =
	{"items", ANIMED_INT, "20000", 1, 100000, NULL, 0,
	 "at most so many items take part, the most-rated ones; 4 n^2 bytes of memory and n^3 steps of time"},
    {NULL, 0, NULL, 0, 0, NULL, 0, NULL}};

/* The weights of ratings are divided by this power of the number of the user's ratings, so that those who rate
 * everything do not drown the others. */
#define USER_POWER 0.25

/* A row keeps the cells with the largest |B_ij| n_j^-KEEP_POWER, since the values are later damped by the number of
 * ratings, too. */
#define KEEP_POWER 0.1F

struct learning {
	const struct animed_value *values;
	const struct animed_dataset *data;
	const struct animed_host *host;
	struct by_item by;
	float *matrix; /* [by.n, by.n] */
	float *diag;   /* [by.n] of the Gram matrix; later 1 / P_jj */
	float *keep;   /* [by.n] n_j^-KEEP_POWER */
};

/* What learn() hands out: owns what the tensors point to. */
struct learnt {
	struct sparse_rows rows;
	uint32_t *counts;
	struct score_scale scale;
	struct animed_tensor tensors[SPARSE_ROWS_TENSORS + 2];
};

/* How many ratings the item at a position has. */
static uint32_t count_at(const struct learning *l, uint32_t position)
{
	return l->by.item_counts[l->by.items[position]];
}

static float *diagonal(const struct learning *l, uint32_t position)
{
	return l->matrix + (size_t)position * l->by.n + position;
}

static void weigh_ratings(struct by_item *by, struct score_scale scale)
{
	for (uint32_t u = 0; u < by->n_users; u++) {
		const float damp = (float)pow(by->user_counts[u], -USER_POWER);
		for (uint64_t r = by->user_starts[u]; r < by->user_starts[u + 1]; r++)
			by->ratings[r].weight = damp * score_weight(scale, by->ratings[r].weight);
	}
}

/* Count the items of each franchise of several, each with itself too, as rated together by `weight` times the geometric
 * mean of their numbers of ratings. */
static int join_franchises(const struct learning *l, const uint32_t *franchises, double weight)
{
	const uint32_t n = l->by.n, n_franchises = l->by.n_items;
	uint32_t *sizes = calloc((size_t)n_franchises + 1, sizeof *sizes);
	uint32_t *last = malloc(((size_t)n_franchises + 1) * sizeof *last); /* position, of each franchise so far */
	uint32_t *before = malloc(((size_t)n + 1) * sizeof *before);        /* the position before, in the franchise */
	const bool enough = sizes && last && before;

	for (uint32_t f = 0; enough && f < n_franchises; f++)
		last[f] = BY_ITEM_NOT_CHOSEN;
	for (uint32_t p = 0; enough && p < n; p++)
		sizes[franchises[l->by.items[p]]]++;
	for (uint32_t p = 0; enough && p < n; p++) {
		const uint32_t f = franchises[l->by.items[p]];
		before[p] = last[f];
		last[f] = p;
		for (uint32_t q = p; sizes[f] > 1 && q != BY_ITEM_NOT_CHOSEN; q = before[q])
			l->matrix[(size_t)p * n + q] += (float)(weight * sqrt((double)count_at(l, p) * count_at(l, q)));
	}
	free(sizes);
	free(last);
	free(before);
	return enough ? 0 : -1;
}

/* Make the Gram matrix and add what it is regularised by. */
static int make_matrix(struct learning *l, const uint32_t *franchises, struct animed_error *err)
{
	const uint32_t n = l->by.n;
	double squares = 0;

	weigh_ratings(&l->by, (struct score_scale){l->data->score_min, l->data->score_max});
	if (gram_make(&l->by, l->matrix, l->host, err) < 0)
		return -1;
	for (uint32_t p = 0; p < n; p++) {
		l->diag[p] = *diagonal(l, p);
		squares += (double)l->diag[p];
	}
	/* the mean squared weight of a rating; where all are 0, B is empty with any ridge */
	const double unit = squares > 0 ? squares / (double)l->by.item_starts[n] : 1;
	if (franchises && join_franchises(l, franchises, l->values[EASE_FRANCHISE].real * unit) < 0)
		return animed_fail(err, "out of memory");
	for (uint32_t p = 0; p < n; p++)
		*diagonal(l, p) +=
		    (float)(l->values[EASE_RIDGE].real * unit + l->values[EASE_RIDGE_SHARE].real * (double)l->diag[p]);
	return 0;
}

/* B_ij = -P_ij / P_jj, and 0 on the diagonal, for the inverse P. */
static void give_row(void *ctx, uint32_t i, float *values)
{
	const struct learning *l = ctx;
	const float *row = l->matrix + (size_t)i * l->by.n;

	for (uint32_t j = 0; j < l->by.n; j++)
		values[j] = -row[j] * l->diag[j];
	values[i] = 0;
}

static int keep_cells(struct learning *l, struct sparse_rows *rows, struct animed_error *err)
{
	const struct sparse_source source = {l->by.n, l->by.items, l->keep, give_row, l};

	for (uint32_t p = 0; p < l->by.n; p++) {
		l->diag[p] = 1 / *diagonal(l, p);
		l->keep[p] = powf((float)count_at(l, p), -KEEP_POWER);
	}
	return sparse_rows_make(rows, &source, l->by.n_items, (uint32_t)l->values[EASE_KEPT].integer, l->host, err);
}

static int alloc_learning(struct learning *l, struct animed_error *err)
{
	const size_t n = l->by.n, bytes = n * n * sizeof *l->matrix;

	l->matrix = malloc(bytes + 1);
	l->diag = malloc((n + 1) * sizeof *l->diag);
	l->keep = malloc((n + 1) * sizeof *l->keep);
	if (l->matrix && l->diag && l->keep)
		return 0;
	return animed_fail(err,
			   "not enough memory for a matrix of %zu items, which takes %.1f GB; the parameter \"items\" "
			   "limits their number",
			   n, (double)bytes / 1e9);
}

static void free_learning(struct learning *l)
{
	by_item_free(&l->by);
	free(l->matrix);
	free(l->diag);
	free(l->keep);
}

/* Say how many items take part, and how many do not for the limit alone. */
static void tell(const struct learning *l)
{
	uint32_t enough = 0;

	for (uint32_t i = 0; i < l->by.n_items; i++)
		enough += l->by.item_counts[i] >= (uint64_t)l->values[EASE_MIN_RATINGS].integer;
	if (enough > l->by.n)
		l->host->log(l->host->ctx, ANIMED_WARN,
			     "ease: %u items have enough ratings, of which the %u most-rated take part; the parameter "
			     "\"items\" is the limit",
			     enough, l->by.n);
	else
		l->host->log(l->host->ctx, ANIMED_INFO, "ease: %u items with at least %d ratings take part", l->by.n,
			     (int)l->values[EASE_MIN_RATINGS].integer);
}

static int learn_rows(struct learning *l, const uint32_t *franchises, struct sparse_rows *rows,
		      struct animed_error *err)
{
	if (make_matrix(l, franchises, err) < 0 || inverse_in_place(l->matrix, l->by.n, l->host, err) < 0 ||
	    inverse_mirror(l->matrix, l->by.n, l->host, err) < 0)
		return -1;
	return keep_cells(l, rows, err);
}

static struct learnt *hand_out(struct learning *l, const struct sparse_rows *rows)
{
	struct learnt *learnt = calloc(1, sizeof *learnt);

	if (!learnt)
		return NULL;
	*learnt = (struct learnt){
	    .rows = *rows, .counts = l->by.item_counts, .scale = {l->data->score_min, l->data->score_max}};
	l->by.item_counts = NULL;
	sparse_rows_write(&learnt->rows, learnt->tensors);
	learnt->tensors[SPARSE_ROWS_TENSORS] =
	    (struct animed_tensor){"counts", ANIMED_U32, l->by.n_items, learnt->counts};
	learnt->tensors[SPARSE_ROWS_TENSORS + 1] = (struct animed_tensor){"scale", ANIMED_F32, 2, &learnt->scale};
	return learnt;
}

int ease_learn(const struct animed_value *values, const struct animed_dataset *data, const struct animed_items *items,
	       const struct animed_host *host, struct animed_learnt *learnt, struct animed_error *err)
{
	struct learning l = {.values = values, .data = data, .host = host};
	struct sparse_rows rows;
	struct learnt *out = NULL;

	if (by_item_make(&l.by, data, (uint32_t)values[EASE_MIN_RATINGS].integer, (uint32_t)values[EASE_ITEMS].integer,
			 err) < 0)
		return -1;
	tell(&l);
	if (alloc_learning(&l, err) == 0 && learn_rows(&l, items->franchises, &rows, err) == 0) {
		out = hand_out(&l, &rows);
		if (!out) {
			sparse_rows_free(&rows);
			(void)animed_fail(err, "out of memory");
		}
	}
	free_learning(&l);
	if (!out)
		return -1;
	*learnt = (struct animed_learnt){{sizeof out->tensors / sizeof *out->tensors, out->tensors}, out};
	return 0;
}

void ease_release(struct animed_learnt *learnt)
{
	struct learnt *own = learnt->opaque;

	if (!own)
		return;
	sparse_rows_free(&own->rows);
	free(own->counts);
	free(own);
	*learnt = (struct animed_learnt){0};
}

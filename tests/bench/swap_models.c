/* swap_models.c - makes models of random vectors, and finds the nearest vectors by a plain search. */
#include "config.h"

#include "swap_models.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/modelfile.h"
#include "store/store.h"

void swap_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fputs("swap: ", stderr);
	(void)vfprintf(stderr, fmt, ap);
	(void)fputc('\n', stderr);
	va_end(ap);
	exit(EXIT_FAILURE);
}

static void *take(size_t n, size_t size)
{
	void *memory = calloc(n, size);

	if (!memory)
		swap_die("out of memory");
	return memory;
}

static void fill(float *values, size_t n, uint64_t *state)
{
	for (size_t i = 0; i < n; i++) {
		*state = *state * 6364136223846793005u + 1442695040888963407u;
		values[i] = (float)(int32_t)(*state >> 32) / (float)(1u << 31);
	}
}

/* ---- the answers ---- */

struct near {
	double cosine;
	uint32_t item;
};

static int by_cosine(const void *a, const void *b)
{
	const struct near *x = a, *y = b;

	return (x->cosine < y->cosine) - (x->cosine > y->cosine);
}

static double dot(const float *a, const float *b, uint32_t k)
{
	double sum = 0;

	for (uint32_t i = 0; i < k; i++)
		sum += (double)a[i] * (double)b[i];
	return sum;
}

static void find_nearest(const float *rows, const struct swap_size *size, uint32_t item, int64_t out[SWAP_ANSWERS])
{
	struct near *all = take(size->items, sizeof *all);
	const float *from = rows + (size_t)item * size->k;
	size_t n = 0;

	for (uint32_t i = 0; i < size->items; i++) {
		const float *to = rows + (size_t)i * size->k;
		if (i != item)
			all[n++] = (struct near){dot(from, to, size->k) / sqrt(dot(to, to, size->k)), i};
	}
	qsort(all, n, sizeof *all, by_cosine);
	for (size_t i = 0; i < SWAP_ANSWERS; i++)
		out[i] = all[i].item + 1;
	free(all);
}

/* ---- the files ---- */

/* Write a word that no other number has, so that no two shows are taken for one franchise.  Returns its length. */
static size_t write_word(char *out, uint32_t number)
{
	size_t n = 0;

	do
		out[n++] = (char)('a' + number % 26);
	while ((number /= 26) > 0);
	out[n++] = 'x';
	return n;
}

/* Ids are 1, 2, ..., titles are words, and every show has enough ratings to be an answer. */
static void make_catalogue(struct catalogue *catalogue, uint32_t n)
{
	int64_t *ids = take(n, sizeof *ids), *counts = take(n, sizeof *counts);
	uint64_t *offsets = take(n + (size_t)1, sizeof *offsets);
	char *titles = take(n, 16);

	for (uint32_t i = 0; i < n; i++) {
		ids[i] = (int64_t)i + 1;
		counts[i] = 1000 + (int64_t)(i % 1000);
		offsets[i + 1] = offsets[i] + write_word(titles + offsets[i], i);
	}
	*catalogue = (struct catalogue){.n = n, .ids = ids, .counts = counts, .titles = {titles, offsets}};
}

static void write_one(const char *store, const struct animed_factors *factors, const struct catalogue *catalogue)
{
	const struct modelfile_info info = {.variant = "plain",
					    .parameters = "{}",
					    .dataset_digest = "0123456789abcdef",
					    .dataset_ratings = 1,
					    .train_loss = 1,
					    .valid_loss = 1,
					    .epochs = 1,
					    .valid_pct = 0.2};
	const struct animed_strings nobody = {NULL, NULL};
	struct animed_error err;
	struct store_draft draft;
	uint64_t version;

	if (store_begin(store, &draft, &err) < 0 ||
	    modelfile_write(draft.file.fd, factors, catalogue, &nobody, &info, &err) < 0 ||
	    store_commit(&draft, false, &version, &err) < 0)
		swap_die("%s", err.text);
}

void swap_models_write(const char *store, const struct swap_size *size, struct swap_models *out)
{
	float *users = take((size_t)size->users * size->k, sizeof *users);
	float *rows = take((size_t)size->items * size->k, sizeof *rows);
	const struct animed_factors factors = {.n_users = size->users,
					       .n_items = size->items,
					       .k = size->k,
					       .user_factors = users,
					       .item_factors = rows,
					       .scale = {.link = ANIMED_SIGMOID, .low = 0, .high = 10.5F}};
	struct catalogue catalogue;
	struct animed_error err;
	uint64_t state = 1, keeper;

	make_catalogue(&catalogue, size->items);
	for (size_t q = 0; q < SWAP_QUERIES; q++)
		out->ids[q] = (int64_t)(q * (size->items / SWAP_QUERIES)) + 1;
	fill(users, (size_t)size->users * size->k, &state);
	for (size_t m = 0; m < SWAP_MODELS; m++) {
		fill(rows, (size_t)size->items * size->k, &state);
		for (size_t q = 0; q < SWAP_QUERIES; q++)
			find_nearest(rows, size, (uint32_t)out->ids[q] - 1, out->answers[m][q]);
		write_one(store, &factors, &catalogue);
	}
	if (store_switch(store, 1, STORE_BY_HAND, &keeper, &err) < 0)
		swap_die("%s", err.text);
	free((void *)(uintptr_t)catalogue.ids);
	free((void *)(uintptr_t)catalogue.counts);
	free((void *)(uintptr_t)catalogue.titles.bytes);
	free((void *)(uintptr_t)catalogue.titles.offsets);
	free(users);
	free(rows);
}

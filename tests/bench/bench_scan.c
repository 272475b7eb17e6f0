/* bench_scan.c - compares one exact scan with reading the item factors once, and the lists of all items with OpenBLAS.
 *
 *   bench_scan MODEL_FILE PLUGIN_DIRECTORY
 *
 * For every similarity plugin it measures the best 10 and 100 of one item, and compares them with reading as many bytes
 * as the rows of the rated items have, and with reading all item factors of the file, which include items without
 * ratings.  Then it measures `neighbours` for all items, and compares that with cblas_sgemm, which makes the same
 * products in blocks that suit it, stores them and chooses nothing from them.  Everything runs on one thread.  The
 * figures are measured by turns in many short rounds.  Of each figure the best round is shown, of each ratio the median
 * of the rounds. */
#include "config.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/plugin.h"
#include "load.h"
#include "store/modelfile.h"

enum { ROUNDS = 60, LIST_ROUNDS = 5, BLOCK = 256, LENGTH = 100 };

/* The factors of a file are aligned to their elements only, to 4 bytes. */
typedef float vec __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__x86_64__)
#define NATIVE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3")))
#else
#define NATIVE __attribute__((optimize("O3")))
#endif

struct bench {
	struct animed_vectors vectors;
	uint64_t *present;
	uint32_t rated;
	float *rows; /* of the rated items, aligned */
};

enum { READ_ALL, READ_RATED, TOP_10, TOP_100, FIGURES };

static const char *const names[FIGURES] = {"read all", "read rated", "top 10", "top 100"};

static volatile float sink;

/* Load every byte once and do nothing with it that takes time. */
NATIVE static void read_once(const float *from, size_t n)
{
	vec sum[8] = {{0}};

	for (; n >= 64; n -= 64, from += 64) {
		for (int i = 0; i < 8; i++)
			sum[i] += *(const vec *)(from + i * 8);
	}
	for (int i = 1; i < 8; i++)
		sum[0] += sum[i];
	sink = sum[0][0];
}

static void find_rated(struct bench *bench, const struct modelfile *file)
{
	const struct animed_vectors *v = &bench->vectors;

	bench->present = calloc(((size_t)v->n + 63) / 64, sizeof *bench->present);
	bench->rows = aligned_alloc(64, ((size_t)v->n * v->k * sizeof *bench->rows + 63) / 64 * 64);
	if (!bench->present || !bench->rows)
		load_die("out of memory");
	for (uint32_t i = 0; i < v->n; i++) {
		const float *row = v->rows + (size_t)i * v->k;
		bool directed = false;
		for (uint32_t j = 0; j < v->k; j++)
			directed |= row[j] != 0;
		if (!directed || (file->catalogue.counts && file->catalogue.counts[i] == 0))
			continue;
		bench->present[i / 64] |= UINT64_C(1) << (i % 64);
		memcpy(bench->rows + (size_t)bench->rated++ * v->k, row, v->k * sizeof *row);
	}
	bench->vectors.present = bench->present;
}

/* The first rated item from item `from` on; after the last item the search goes on with the first. */
static uint32_t some_item(const struct bench *bench, uint32_t from)
{
	for (uint32_t i = from % bench->vectors.n;; i = (i + 1) % bench->vectors.n) {
		if (bench->present[i / 64] >> (i % 64) & 1)
			return i;
	}
}

static double time_one(const struct bench *bench, const struct animed_similarity_ops *ops, const void *index, int what,
		       int round)
{
	const struct animed_vectors *v = &bench->vectors;
	const struct animed_query query = {.item = some_item(bench, (uint32_t)round * 7919u)};
	struct animed_hit hits[100];
	struct animed_error err;
	double best = INFINITY;
	size_t n;

	for (int turn = 0; turn < 3; turn++) { /* in the first turn the caches are full of other data */
		const double begun = load_now();
		if (what == READ_ALL)
			read_once(v->rows, (size_t)v->n * v->k);
		else if (what == READ_RATED)
			read_once(bench->rows, (size_t)bench->rated * v->k);
		else if (ops->top_k(index, &query, what == TOP_10 ? 10 : 100, hits, &n, &err) < 0 || n == 0)
			load_die("no answers");
		const double took = load_now() - begun;
		best = took < best ? took : best;
	}
	return best;
}

static double median_ratio(double *a, const double *b, int n)
{
	double ratios[ROUNDS];

	for (int i = 0; i < n; i++)
		ratios[i] = a[i] / b[i];
	load_sort(ratios, (size_t)n);
	return load_quantile(ratios, (size_t)n, 0.5);
}

static void scan_alone(const struct bench *bench, const char *name, const struct animed_similarity_ops *ops,
		       const void *index)
{
	static double took[FIGURES][ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		for (int f = 0; f < FIGURES; f++)
			took[f][round] = time_one(bench, ops, index, f, round);
	}
	(void)printf("%-10s", name);
	for (int f = 0; f < FIGURES; f++) {
		double best = INFINITY;
		for (int round = 0; round < ROUNDS; round++)
			best = took[f][round] < best ? took[f][round] : best;
		(void)printf(" %10.1f", best * 1e6);
	}
	(void)printf(" %12.2f %12.2f %12.2f\n", median_ratio(took[TOP_10], took[READ_RATED], ROUNDS),
		     median_ratio(took[TOP_100], took[READ_RATED], ROUNDS),
		     median_ratio(took[TOP_10], took[READ_ALL], ROUNDS));
}

static void multiply_all(const struct bench *bench, float *out)
{
	const int k = (int)bench->vectors.k;
	const uint32_t n = bench->rated;

	for (uint32_t i = 0; i < n; i += BLOCK) {
		for (uint32_t j = 0; j < n; j += 4 * BLOCK)
			cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)(n - i < BLOCK ? n - i : BLOCK),
				    (int)(n - j < 4 * BLOCK ? n - j : 4 * BLOCK), k, 1,
				    bench->rows + (size_t)i * bench->vectors.k, k,
				    bench->rows + (size_t)j * bench->vectors.k, k, 0, out, 4 * BLOCK);
	}
}

static void lists(const struct bench *bench, const char *name, const struct animed_similarity_ops *ops,
		  const void *index)
{
	const uint32_t n = bench->vectors.n;
	struct animed_hit *hits = malloc((size_t)BLOCK * LENGTH * sizeof *hits);
	float *products = malloc((size_t)4 * BLOCK * BLOCK * sizeof *products);
	double took[LIST_ROUNDS], sgemm[LIST_ROUNDS];
	const struct animed_query any = {.mask = NULL};
	uint32_t counts[BLOCK];
	struct animed_error err;

	if (!hits || !products)
		load_die("out of memory");
	for (int round = 0; round < LIST_ROUNDS; round++) {
		double begun = load_now();
		multiply_all(bench, products);
		sgemm[round] = load_now() - begun;
		begun = load_now();
		for (uint32_t i = 0; i < n; i += BLOCK) {
			if (ops->neighbours(index, i, n - i < BLOCK ? n - i : BLOCK, &any, LENGTH, hits, counts, &err) <
			    0)
				load_die("%s", err.text);
		}
		took[round] = load_now() - begun;
	}
	const double ratio = median_ratio(took, sgemm, LIST_ROUNDS);
	load_sort(took, LIST_ROUNDS);
	load_sort(sgemm, LIST_ROUNDS);
	(void)printf("%-10s %10.0f %10.0f %12.2f\n", name, took[0] * 1e3, sgemm[0] * 1e3, ratio);
	free(products);
	free(hits);
}

static void each_plugin(const struct bench *bench, const char *directory,
			void (*run)(const struct bench *, const char *, const struct animed_similarity_ops *,
				    const void *))
{
	static const char *const plugins[] = {"cosine", "pearson", "dot", "euclidean"};
	struct animed_error err;
	struct plugin plugin;
	void *index;

	for (size_t p = 0; p < sizeof plugins / sizeof *plugins; p++) {
		if (plugin_open(directory, plugins[p], ANIMED_SIMILARITY, &plugin, &err) < 0)
			load_die("%s", err.text);
		const struct animed_similarity_ops *ops = plugin.info->ops.similarity;
		const struct animed_similarity_input input = {.vectors = bench->vectors};
		if (ops->open(NULL, &input, NULL, &index, &err) < 0)
			load_die("%s", err.text);
		run(bench, plugins[p], ops, index);
		ops->close(index);
		plugin_close(&plugin);
	}
}

int main(int argc, char **argv)
{
	struct animed_error err;
	struct modelfile file;
	struct bench bench = {0};

	if (argc != 3)
		load_die("see the head of %s for the arguments", __FILE__);
	if (modelfile_open(argv[1], &file, &err) < 0)
		load_die("%s", err.text);
	openblas_set_num_threads(1);
	bench.vectors = (struct animed_vectors){.n = file.factors.n_items,
						.k = file.factors.k,
						.rows = file.factors.item_factors,
						.ids = file.catalogue.ids};
	find_rated(&bench, &file);
	(void)printf("%u items of %u factors, %u of them rated: %.1f MB of factors, %.1f MB of rated ones\n",
		     bench.vectors.n, bench.vectors.k, bench.rated,
		     (double)bench.vectors.n * bench.vectors.k * sizeof(float) / 1e6,
		     (double)bench.rated * bench.vectors.k * sizeof(float) / 1e6);
	(void)printf("\none scan, us\n%-10s", "");
	for (int f = 0; f < FIGURES; f++)
		(void)printf(" %10s", names[f]);
	(void)printf(" %12s %12s %12s\n", "10/rated", "100/rated", "10/all");
	each_plugin(&bench, argv[2], scan_alone);
	(void)printf("\n%d neighbours of all items, ms\n%-10s %10s %10s %12s\n", LENGTH, "", "lists", "sgemm",
		     "lists/sgemm");
	each_plugin(&bench, argv[2], lists);
	free(bench.present);
	free(bench.rows);
	modelfile_close(&file);
	return EXIT_SUCCESS;
}

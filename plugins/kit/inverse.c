/* inverse.c - Cholesky's factor L of the matrix, the inverse of L, and of that the product L^-T L^-1, each in tiles.
 *
 * The three steps are those of LAPACK's potrf, trtri and lauum, whose tiled forms are in Agullo et al., "Towards an
 * efficient tile matrix inversion of symmetric positive definite matrices on multicore architectures" (2010).  The
 * tiles of one phase are independent of each other, and each is one call of BLAS on one thread.  So each cell is
 * computed from the same numbers in the same order, however many threads there are.  BLAS alone is needed, since some
 * builds of OpenBLAS come without LAPACK. */
#include "config.h"

#include "kit/inverse.h"

#include <cblas.h>
#include <math.h>

#include "kit/parallel.h"

/* Measured: smaller tiles make the products slower, larger ones leave threads without work at the ends of the phases. */
enum { TILE = 384 };

struct inverse {
	float *a;
	size_t n;
	size_t tiles; /* in a row */
	const struct animed_host *host;
};

/* The cell at row i and column j, each the first of its tile. */
static float *tile_at(const struct inverse *inverse, size_t i, size_t j)
{
	return inverse->a + i * TILE * inverse->n + j * TILE;
}

static blasint tile_size(const struct inverse *inverse, size_t i)
{
	const size_t rest = inverse->n - i * TILE;

	return (blasint)(rest < TILE ? rest : TILE);
}

/* ---- a tile on the diagonal, by halves; ld is the distance of rows ---- */

/* a = L L'.  Returns false where it is not positive definite. */
static bool factor(float *a, blasint n, blasint ld)
{
	const blasint half = n / 2, rest = n - half;
	float *below = a + (ptrdiff_t)half * ld, *last = below + half;

	if (n == 1) {
		const bool positive = *a > 0 && isfinite(*a);
		*a = sqrtf(*a);
		return positive;
	}
	if (!factor(a, half, ld))
		return false;
	cblas_strsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, rest, half, 1, a, ld, below, ld);
	cblas_ssyrk(CblasRowMajor, CblasLower, CblasNoTrans, rest, half, -1, below, ld, 1, last, ld);
	return factor(last, rest, ld);
}

/* L becomes L^-1. */
static void invert_factor(float *a, blasint n, blasint ld)
{
	const blasint half = n / 2, rest = n - half;
	float *below = a + (ptrdiff_t)half * ld, *last = below + half;

	if (n == 1) {
		*a = 1 / *a;
		return;
	}
	invert_factor(a, half, ld);
	invert_factor(last, rest, ld);
	cblas_strmm(CblasRowMajor, CblasRight, CblasLower, CblasNoTrans, CblasNonUnit, rest, half, -1, a, ld, below,
		    ld);
	cblas_strmm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, rest, half, 1, last, ld, below,
		    ld);
}

/* M, which is L^-1, becomes M' M. */
static void square_factor(float *a, blasint n, blasint ld)
{
	const blasint half = n / 2, rest = n - half;
	float *below = a + (ptrdiff_t)half * ld, *last = below + half;

	if (n == 1) {
		*a *= *a;
		return;
	}
	square_factor(a, half, ld);
	cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, half, rest, 1, below, ld, 1, a, ld);
	cblas_strmm(CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, rest, half, 1, last, ld, below, ld);
	square_factor(last, rest, ld);
}

/* ---- a tile beside the diagonal ---- */

/* Solve for tile (i, j) with the triangle on the diagonal at k, from the side and in the form that are named. */
static void solve(const struct inverse *inverse, size_t i, size_t j, enum CBLAS_SIDE side, enum CBLAS_TRANSPOSE form,
		  float sign, size_t k)
{
	const blasint ld = (blasint)inverse->n;

	cblas_strsm(CblasRowMajor, side, CblasLower, form, CblasNonUnit, tile_size(inverse, i), tile_size(inverse, j),
		    sign, tile_at(inverse, k, k), ld, tile_at(inverse, i, j), ld);
}

/* Tile (i, j) of the factor, below its diagonal. */
static void factor_panel(const struct inverse *inverse, size_t k, size_t i, size_t j)
{
	(void)j;
	solve(inverse, k + 1 + i, k, CblasRight, CblasTrans, 1, k);
}

static void factor_rest(const struct inverse *inverse, size_t k, size_t i, size_t j)
{
	const size_t row = k + 1 + i, column = k + 1 + j;
	const blasint ld = (blasint)inverse->n, rows = tile_size(inverse, row), columns = tile_size(inverse, column);
	float *to = tile_at(inverse, row, column);

	if (row == column)
		cblas_ssyrk(CblasRowMajor, CblasLower, CblasNoTrans, rows, TILE, -1, tile_at(inverse, row, k), ld, 1,
			    to, ld);
	else
		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, columns, TILE, -1, tile_at(inverse, row, k),
			    ld, tile_at(inverse, column, k), ld, 1, to, ld);
}

static void invert_panel(const struct inverse *inverse, size_t k, size_t i, size_t j)
{
	(void)j;
	solve(inverse, k + 1 + i, k, CblasRight, CblasNoTrans, -1, k);
}

static void invert_rest(const struct inverse *inverse, size_t k, size_t i, size_t j)
{
	const size_t row = k + 1 + i;
	const blasint ld = (blasint)inverse->n;

	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, tile_size(inverse, row), TILE, TILE, 1,
		    tile_at(inverse, row, k), ld, tile_at(inverse, k, j), ld, 1, tile_at(inverse, row, j), ld);
}

static void invert_row(const struct inverse *inverse, size_t k, size_t i, size_t j)
{
	(void)i;
	solve(inverse, k, j, CblasLeft, CblasNoTrans, 1, k);
}

static void square_rest(const struct inverse *inverse, size_t k, size_t i, size_t j)
{
	const blasint ld = (blasint)inverse->n, depth = tile_size(inverse, k);
	float *to = tile_at(inverse, i, j);

	if (i == j)
		cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, TILE, depth, 1, tile_at(inverse, k, i), ld, 1, to,
			    ld);
	else
		cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, TILE, TILE, depth, 1, tile_at(inverse, k, i), ld,
			    tile_at(inverse, k, j), ld, 1, to, ld);
}

static void square_row(const struct inverse *inverse, size_t k, size_t i, size_t j)
{
	const blasint ld = (blasint)inverse->n;

	(void)i;
	cblas_strmm(CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, tile_size(inverse, k), TILE, 1,
		    tile_at(inverse, k, k), ld, tile_at(inverse, k, j), ld);
}

/* ---- phases: one kind of work for many tiles, in step k ---- */

typedef void tile_work(const struct inverse *inverse, size_t k, size_t i, size_t j);

struct phase {
	const struct inverse *inverse;
	tile_work *work;
	size_t k;
	size_t columns; /* the tiles are a rectangle of so many columns; 0: a triangle with its diagonal */
};

static int take_tile(void *ctx, size_t turn, unsigned worker, struct animed_error *err)
{
	const struct phase *phase = ctx;
	const struct animed_host *host = phase->inverse->host;
	size_t i, j;

	(void)worker;
	if (host->cancelled(host->ctx))
		return animed_fail(err, "cancelled");
	if (phase->columns > 0) {
		i = turn / phase->columns;
		j = turn % phase->columns;
	} else {
		i = (size_t)((sqrt(8 * (double)turn + 1) - 1) / 2);
		j = turn - i * (i + 1) / 2;
	}
	phase->work(phase->inverse, phase->k, i, j);
	return 0;
}

static int rectangle(const struct inverse *inverse, tile_work *work, size_t k, size_t rows, size_t columns,
		     struct animed_error *err)
{
	struct phase phase = {inverse, work, k, columns};

	return parallel_for(rows * columns, inverse->host->threads, take_tile, &phase, err);
}

static int triangle(const struct inverse *inverse, tile_work *work, size_t k, size_t rows, struct animed_error *err)
{
	struct phase phase = {inverse, work, k, 0};

	return parallel_for(rows * (rows + 1) / 2, inverse->host->threads, take_tile, &phase, err);
}

static int factor_step(const struct inverse *inverse, size_t k, struct animed_error *err)
{
	const size_t below = inverse->tiles - 1 - k;

	if (!factor(tile_at(inverse, k, k), tile_size(inverse, k), (blasint)inverse->n))
		return animed_fail(err,
				   "the matrix of %zu items is not positive definite: a larger ridge would make it so",
				   inverse->n);
	if (rectangle(inverse, factor_panel, k, below, 1, err) < 0)
		return -1;
	return triangle(inverse, factor_rest, k, below, err);
}

static int invert_step(const struct inverse *inverse, size_t k, struct animed_error *err)
{
	const size_t below = inverse->tiles - 1 - k;

	if (rectangle(inverse, invert_panel, k, below, 1, err) < 0 ||
	    rectangle(inverse, invert_rest, k, below, k, err) < 0 || rectangle(inverse, invert_row, k, 1, k, err) < 0)
		return -1;
	invert_factor(tile_at(inverse, k, k), tile_size(inverse, k), (blasint)inverse->n);
	return 0;
}

static int square_step(const struct inverse *inverse, size_t k, struct animed_error *err)
{
	if (triangle(inverse, square_rest, k, k, err) < 0 || rectangle(inverse, square_row, k, 1, k, err) < 0)
		return -1;
	square_factor(tile_at(inverse, k, k), tile_size(inverse, k), (blasint)inverse->n);
	return 0;
}

int inverse_in_place(float *a, uint32_t n, const struct animed_host *host, struct animed_error *err)
{
	static int (*const steps[])(const struct inverse *inverse, size_t k,
				    struct animed_error *err) = {factor_step, invert_step, square_step};
	const struct inverse inverse = {a, n, ((size_t)n + TILE - 1) / TILE, host};

	for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
		for (size_t k = 0; k < inverse.tiles; k++) {
			if (steps[s](&inverse, k, err) < 0)
				return -1;
		}
	}
	return 0;
}

static void mirror_tile(const struct inverse *inverse, size_t k, size_t i, size_t j)
{
	const size_t n = inverse->n, rows = (size_t)tile_size(inverse, i), columns = (size_t)tile_size(inverse, j);
	const float *from = tile_at(inverse, i, j);
	float *to = tile_at(inverse, j, i);

	(void)k;
	for (size_t c = 0; c < columns; c++) {
		for (size_t r = i == j ? c + 1 : 0; r < rows; r++)
			to[c * n + r] = from[r * n + c];
	}
}

int inverse_mirror(float *a, uint32_t n, const struct animed_host *host, struct animed_error *err)
{
	const struct inverse inverse = {a, n, ((size_t)n + TILE - 1) / TILE, host};

	return triangle(&inverse, mirror_tile, 0, inverse.tiles, err);
}

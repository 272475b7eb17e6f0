/* check_sparse_rows.c - which cells rows keep, and what of tensors is refused. */
#include "config.h"

#include <math.h>

#include "hosts.h"
#include "kit/rng.h"
#include "kit/sparse-rows.h"
#include "scratch.h"

enum { N = 60, ITEMS = 100, LIMIT = 7 };

static struct animed_error err;
static float matrix[N][N], weights[N];
static uint32_t item_of[N];

static void give_row(void *ctx, uint32_t i, float *values)
{
	(void)ctx;
	memcpy(values, matrix[i], sizeof matrix[i]);
}

/* Positions stand for items in another order.  Row 3 is all zeros, row 4 has two cells. */
static struct sparse_source make(bool weighted)
{
	struct rng rng;

	rng_seed(&rng, 8);
	for (uint32_t i = 0; i < N; i++) {
		item_of[i] = (i * 37 + 11) % ITEMS;
		weights[i] = 0.1F + (float)(i % 5);
		for (uint32_t j = 0; j < N; j++)
			matrix[i][j] = i == 3 || (i == 4 && j > 1) ? 0 : (float)rng_normal(&rng);
		matrix[i][i] = 0;
	}
	matrix[4][0] = -2;
	matrix[4][1] = 1;
	return (struct sparse_source){N, item_of, weighted ? weights : NULL, give_row, NULL};
}

static float size_of(uint32_t i, uint32_t j, bool weighted)
{
	return fabsf(matrix[i][j]) * (weighted ? weights[j] : 1);
}

static bool row_has(const struct sparse_rows *rows, uint32_t item, uint32_t other, float *value)
{
	for (uint64_t k = rows->offsets[item]; k < rows->offsets[item + 1]; k++) {
		if (rows->items[k] == other) {
			*value = rows->values[k];
			return true;
		}
	}
	return false;
}

START_TEST(keeps_the_largest)
{
	const struct sparse_source source = make(_i);
	const struct animed_host host = host_with(2);
	struct sparse_rows rows;
	uint64_t kept = 0;

	ck_assert_int_eq(sparse_rows_make(&rows, &source, ITEMS, LIMIT, &host, &err), 0);
	ck_assert_uint_eq(rows.n, ITEMS);
	for (uint32_t i = 0; i < N; i++) {
		float least = INFINITY, most_left = 0, value;
		for (uint32_t j = 0; j < N; j++) {
			if (row_has(&rows, item_of[i], item_of[j], &value)) {
				ck_assert(value == matrix[i][j] && value != 0);
				least = fminf(least, size_of(i, j, _i));
				kept++;
			} else {
				most_left = fmaxf(most_left, size_of(i, j, _i));
			}
		}
		ck_assert(least >= most_left);
		ck_assert_uint_eq(rows.offsets[item_of[i] + 1] - rows.offsets[item_of[i]], i == 3   ? 0
											   : i == 4 ? 2
												    : LIMIT);
	}
	ck_assert_uint_eq(rows.offsets[ITEMS], kept); /* rows of other items are empty */
	sparse_rows_free(&rows);
}
END_TEST

START_TEST(of_equal_ones_the_smaller_item)
{
	const struct animed_host host = host_with(1);
	const struct sparse_source source = make(false);
	struct sparse_rows rows;
	float value;

	for (uint32_t j = 0; j < N; j++)
		matrix[0][j] = j % 2 ? 1 : -1;
	ck_assert_int_eq(sparse_rows_make(&rows, &source, ITEMS, LIMIT, &host, &err), 0);
	for (uint32_t j = 0; j < N; j++) {
		uint32_t before = 0;
		for (uint32_t other = 0; other < N; other++)
			before += item_of[other] < item_of[j];
		ck_assert_int_eq(row_has(&rows, item_of[0], item_of[j], &value), before < LIMIT);
	}
	sparse_rows_free(&rows);
}
END_TEST

START_TEST(same_bits_for_any_number_of_threads)
{
	const struct sparse_source source = make(true);
	const struct animed_host one = host_with(1), several = host_with((unsigned)_i);
	struct sparse_rows a, b;

	ck_assert_int_eq(sparse_rows_make(&a, &source, ITEMS, LIMIT, &one, &err), 0);
	ck_assert_int_eq(sparse_rows_make(&b, &source, ITEMS, LIMIT, &several, &err), 0);
	ck_assert_int_eq(memcmp(a.offsets, b.offsets, (ITEMS + 1) * sizeof *a.offsets), 0);
	ck_assert_int_eq(memcmp(a.items, b.items, a.offsets[ITEMS] * sizeof *a.items), 0);
	ck_assert_int_eq(memcmp(a.values, b.values, a.offsets[ITEMS] * sizeof *a.values), 0);
	sparse_rows_free(&a);
	sparse_rows_free(&b);
}
END_TEST

START_TEST(keeps_all_where_the_limit_is_large_and_nothing_of_nothing)
{
	const struct animed_host host = host_with(3);
	struct sparse_source source = make(false);
	struct sparse_rows rows;

	ck_assert_int_eq(sparse_rows_make(&rows, &source, ITEMS, 1000, &host, &err), 0);
	ck_assert_uint_eq(rows.offsets[item_of[9] + 1] - rows.offsets[item_of[9]], N - 1);
	sparse_rows_free(&rows);
	source.n = 0;
	ck_assert_int_eq(sparse_rows_make(&rows, &source, ITEMS, LIMIT, &host, &err), 0);
	ck_assert_uint_eq(rows.offsets[ITEMS], 0);
	sparse_rows_free(&rows);
}
END_TEST

START_TEST(can_be_cancelled)
{
	int left = 9;
	const struct animed_host host = host_that_cancels(&left);
	const struct sparse_source source = make(false);
	struct sparse_rows rows;

	ck_assert_int_eq(sparse_rows_make(&rows, &source, ITEMS, LIMIT, &host, &err), -1);
	ck_assert_str_eq(err.text, "cancelled");
}
END_TEST

/* ---- tensors ---- */

START_TEST(what_is_written_can_be_read)
{
	const struct animed_host host = host_with(2);
	const struct sparse_source source = make(true);
	struct animed_tensor tensors[SPARSE_ROWS_TENSORS];
	struct sparse_rows rows, read;

	ck_assert_int_eq(sparse_rows_make(&rows, &source, ITEMS, LIMIT, &host, &err), 0);
	sparse_rows_write(&rows, tensors);
	const struct animed_tensors all = {SPARSE_ROWS_TENSORS, tensors};
	ck_assert_msg(sparse_rows_read(&read, &all, ITEMS, &err) == 0, "%s", err.text);
	ck_assert(read.n == ITEMS && read.offsets == rows.offsets && read.items == rows.items &&
		  read.values == rows.values);
	/* rows of another catalogue */
	ck_assert_int_eq(sparse_rows_read(&read, &all, ITEMS + 1, &err), -1);
	ck_assert_str_eq(err.text, "the tensor \"offsets\" has 101 values, and needs 102");
	sparse_rows_free(&rows);
}
END_TEST

/* Four items; row 0 has two cells, row 2 one.  Each case changes one thing. */
static const struct malformed {
	const char *says;
	int drop;                               /* which tensor is missing, from 1; 0: none */
	enum animed_dtype dtype;                /* of the values; 0: as it should be */
	uint64_t n_items, n_values, offsets[5]; /* all 0: as they should be */
	uint32_t items[3];
} malformed[] = {
    {.says = "\"offsets\" is missing", .drop = 1},
    {.says = "\"items\" is missing", .drop = 2},
    {.says = "\"values\" is missing", .drop = 3},
    {.says = "\"values\" must be of type F32", .dtype = ANIMED_U32},
    {.says = "\"items\" has 2 values, and needs 3", .n_items = 2},
    {.says = "\"values\" has 4 values, and needs 3", .n_values = 4},
    {.says = "\"offsets\" must begin with 0", .offsets = {1, 2, 2, 3, 3}},
    {.says = "\"offsets\" does not ascend to 3 at row 1", .offsets = {0, 2, 1, 3, 3}},
    {.says = "\"offsets\" does not ascend to 3 at row 0", .offsets = {0, 4, 4, 4, 3}},
    {.says = "\"offsets\" does not ascend to 3 at row 0", .offsets = {0, UINT64_MAX, 2, 3, 3}},
    {.says = "\"items\" has item 4 in row 2, of 4 items", .items = {1, 3, 4}},
    {.says = "\"items\" does not ascend in row 0", .items = {3, 1, 0}},
    {.says = "\"items\" does not ascend in row 0", .items = {1, 1, 0}},
};

enum { MALFORMED = sizeof malformed / sizeof *malformed };

START_TEST(refuses_malformed_rows)
{
	static const uint64_t offsets[] = {0, 2, 2, 3, 3};
	static const uint32_t items[] = {1, 3, 0};
	static const float values[] = {.5F, -1, 2};
	const struct malformed *m = &malformed[_i];
	const struct animed_tensor tensors[] = {
	    {m->drop == 1 ? "other" : "offsets", ANIMED_U64, 5, m->offsets[4] ? m->offsets : offsets},
	    {m->drop == 2 ? "other" : "items", ANIMED_U32, m->n_items ? m->n_items : 3, m->items[0] ? m->items : items},
	    {m->drop == 3 ? "other" : "values", m->dtype ? m->dtype : ANIMED_F32, m->n_values ? m->n_values : 3,
	     values},
	};
	const struct animed_tensors all = {3, tensors};
	struct sparse_rows rows;

	ck_assert_int_eq(sparse_rows_read(&rows, &all, 4, &err), -1);
	ck_assert_msg(strstr(err.text, m->says), "%s instead of %s", err.text, m->says);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sparse_rows");
	TCase *tc = tcase_create("sparse_rows");

	tcase_add_loop_test(tc, keeps_the_largest, 0, 2);
	tcase_add_test(tc, of_equal_ones_the_smaller_item);
	tcase_add_loop_test(tc, same_bits_for_any_number_of_threads, 2, 5);
	tcase_add_test(tc, keeps_all_where_the_limit_is_large_and_nothing_of_nothing);
	tcase_add_test(tc, can_be_cancelled);
	tcase_add_test(tc, what_is_written_can_be_read);
	tcase_add_loop_test(tc, refuses_malformed_rows, 0, MALFORMED);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

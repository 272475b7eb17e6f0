/* Tests training when memory is short: whichever allocation fails, the training says so and leaks nothing.  The linker
 * replaces the allocations of the trainer by those in this file (see Makefile.am). */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "factors/factors.h"
#include "scratch.h"

enum { USERS = 40, ITEMS = 20, RATINGS = 400 };

static long left = -1; /* how many allocations succeed before one fails; -1: none fails */
static bool failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);

static bool fails(void)
{
	const bool now = left == 0;

	left -= left >= 0;
	failed |= now;
	return now;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
	return fails() ? NULL : __real_aligned_alloc(align, size);
}

static void quiet_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static void quiet_progress(void *ctx, const struct animed_progress *now)
{
	(void)ctx;
	(void)now;
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static const struct animed_host host = {NULL, quiet_log, quiet_progress, never, 1};

static uint32_t users[RATINGS], items[RATINGS];
static float scores[RATINGS];

static struct animed_dataset make(uint32_t n_users)
{
	for (uint32_t r = 0; r < RATINGS; r++) {
		users[r] = r % USERS;
		items[r] = r / USERS * 2 + r % 2;
		scores[r] = (float)(r * 7 % 10 + 1);
	}
	return (struct animed_dataset){
	    .n_users = n_users,
	    .n_items = ITEMS,
	    .train = {RATINGS - 50, users, items, scores},
	    .valid = {50, users + RATINGS - 50, items + RATINGS - 50, scores + RATINGS - 50},
	    .score_min = 1,
	    .score_max = 10,
	};
}

/* Train with values in the order of factors_params. */
static int train(const struct animed_dataset *data, enum factors_kind kind, const char *optimizer, int factors,
		 struct animed_train_result *result, struct animed_error *err)
{
	const struct animed_value values[] = {
	    {.set = true, .string = optimizer},
	    {.set = true, .integer = factors},
	    {.set = true, .integer = 2},
	    {0},
	    {0},
	    {.set = true, .range = {0, 10.5}},
	    {.set = true, .integer = 1},
	};

	return factors_train(kind, values, data, 1, &host, result, err);
}

static const struct {
	enum factors_kind kind;
	const char *optimizer;
} runs[] = {{FACTORS_BIAS, "sgd"}, {FACTORS_SVDPP, "sgd"}, {FACTORS_BIAS, "notebook"}};

START_TEST(every_allocation_may_fail)
{
	const struct animed_dataset data = make(USERS);
	struct animed_train_result result;
	struct animed_error err;
	int status = -1;
	long n = 0;

	for (; status < 0; n++) {
		failed = false;
		left = n;
		status = train(&data, runs[_i].kind, runs[_i].optimizer, 16, &result, &err);
		left = -1;
		ck_assert_int_eq(status, failed ? -1 : 0);
		ck_assert_msg(status == 0 || strstr(err.text, "memory"), "allocation %ld: %s", n, err.text);
	}
	ck_assert_int_gt(n, 10);
	factors_release(&result);
}
END_TEST

#if !defined(__SANITIZE_ADDRESS__) &&                                                                                  \
    !defined(__SANITIZE_THREAD__) /* sanitizers need terabytes of addresses themselves */
START_TEST(a_model_too_large_for_the_machine_says_so)
{
	const struct animed_dataset data = make(1000000);
	const struct rlimit limit = {(rlim_t)1 << 30, (rlim_t)1 << 30};
	struct animed_train_result result;
	struct animed_error err;

	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
	ck_assert_int_eq(train(&data, runs[_i].kind, runs[_i].optimizer, 1024, &result, &err), -1);
	ck_assert_msg(strstr(err.text, "1000000 users") && strstr(err.text, "1024 factors"), "%s", err.text);
}
END_TEST
#endif

int main(void)
{
	Suite *suite = suite_create("train_memory");
	TCase *tc = tcase_create("train_memory");

	tcase_add_loop_test(tc, every_allocation_may_fail, 0, 3);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	tcase_add_loop_test(tc, a_model_too_large_for_the_machine_says_so, 0, 3);
#endif
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

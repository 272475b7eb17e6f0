/* check_fault_ease.c - the ranking "ease" learns, opens and answers while memory is short: the result is right, or an
 * error says that memory is short. */
#include "config.h"

#include <cblas.h>

#include "each.h"
#include "ease/ease.h"
#include "fault.h"
#include "hosts.h"
#include "scratch.h"

enum { USERS = 20, ITEMS = 12, RATINGS = USERS * ITEMS / 2, KNOWN = 3 };

static uint32_t users[RATINGS], items[RATINGS], franchises[ITEMS];
static float scores[RATINGS];
static const struct animed_items catalogue = {.n = ITEMS, .franchises = franchises};
static const struct animed_dataset data = {
    .n_users = USERS, .n_items = ITEMS, .train = {RATINGS, users, items, scores}, .score_min = 1, .score_max = 10};
static const struct animed_value values[] = {
    [EASE_RIDGE] = {.set = true, .real = 100},        [EASE_RIDGE_SHARE] = {.set = true, .real = .3},
    [EASE_FRANCHISE] = {.set = true, .real = .2},     [EASE_KEPT] = {.set = true, .integer = 5},
    [EASE_MIN_RATINGS] = {.set = true, .integer = 1}, [EASE_ITEMS] = {.set = true, .integer = 10},
};

/* What is asked of an index. */
struct answers {
	float scores[ITEMS], parts[KNOWN], rest;
};

static struct animed_learnt learnt;
static void *opened;
static struct answers right;

static void make_ratings(void)
{
	for (uint32_t r = 0; r < RATINGS; r++) {
		users[r] = r / (ITEMS / 2);
		items[r] = r % (ITEMS / 2) * 2 + users[r] % 2;
		scores[r] = (float)(1 + r * 7 % 10);
	}
	for (uint32_t i = 0; i < ITEMS; i++)
		franchises[i] = i / 2;
}

static int similar(void *ctx, const struct animed_term *terms, size_t n, float *out, struct animed_error *err)
{
	(void)ctx;
	(void)err;
	for (uint32_t j = 0; j < ITEMS; j++) {
		out[j] = 0;
		for (size_t t = 0; t < n; t++)
			out[j] += terms[t].weight * (float)(j * terms[t].item % 5);
	}
	return 0;
}

static int ask(const void *index, struct answers *answers, struct animed_error *err)
{
	static const uint32_t known[KNOWN] = {2, 5, 8};
	static const float liked[KNOWN] = {9, 4, 10};
	const struct animed_person person = {.n = KNOWN, .items = known, .scores = liked, .similar = similar};

	if (ease_scores(index, &person, answers->scores, err) < 0)
		return -1;
	return ease_parts(index, &person, 1, &(const uint32_t){1}, answers->parts, &answers->rest, err);
}

/* End an attempt whose result is `status` and, where it is 0, right or not. */
static void judge(struct attempt *attempt, int status, bool is_right, const struct animed_error *err)
{
	if (status < 0 && !each_says_memory(err->text))
		each_wrong(attempt, "refused: %s", err->text);
	if (status == 0 && !is_right)
		each_wrong(attempt, "another result");
	each_lost(attempt);
}

static bool same_tensors(const struct animed_tensors *a, const struct animed_tensors *b)
{
	for (size_t t = 0; t < a->n; t++) {
		const size_t size = a->at[t].dtype == ANIMED_U64 ? sizeof(uint64_t) : sizeof(uint32_t);
		if (a->at[t].n != b->at[t].n || memcmp(a->at[t].data, b->at[t].data, a->at[t].n * size) != 0)
			return false;
	}
	return a->n == b->n;
}

static void learn(struct attempt *attempt)
{
	const struct animed_host host = host_with(1);
	struct animed_error err = {""};
	struct animed_learnt again;
	const int status = ease_learn(values, &data, &catalogue, &host, &again, &err);

	(void)fault_disarm();
	const bool is_right = status == 0 && same_tensors(&again.tensors, &learnt.tensors);
	if (status == 0)
		ease_release(&again);
	judge(attempt, status, is_right, &err);
}

static void open_index(struct attempt *attempt)
{
	const struct animed_ranking_input input = {catalogue, learnt.tensors};
	struct animed_error err = {""};
	void *index;
	const int status = ease_open(&input, &index, &err);

	(void)fault_disarm();
	if (status == 0)
		ease_close(index);
	judge(attempt, status, true, &err);
}

static void answer(struct attempt *attempt)
{
	struct animed_error err = {""};
	struct answers answers;
	const int status = ask(opened, &answers, &err);

	(void)fault_disarm();
	judge(attempt, status, memcmp(&answers, &right, sizeof right) == 0, &err);
}

START_TEST(no_allocation_is_taken_for_granted)
{
	const struct animed_host host = host_with(1);
	struct animed_error err;

	make_ratings();
	ck_assert_msg(ease_learn(values, &data, &catalogue, &host, &learnt, &err) == 0, "%s", err.text);
	const struct animed_ranking_input input = {catalogue, learnt.tensors};
	ck_assert_msg(ease_open(&input, &opened, &err) == 0, "%s", err.text);
	ck_assert_int_eq(ask(opened, &right, &err), 0);
	each("learning", learn, NULL, 1, UINT64_MAX, 1);
	each("learning", learn, NULL, 3, UINT64_MAX, 1);
	each("opening", open_index, NULL, 1, UINT64_MAX, 1);
	each("answering", answer, NULL, 1, UINT64_MAX, 1);
	ease_close(opened);
	ease_release(&learnt);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault_ease");
	TCase *tc = tcase_create("ease");

	openblas_set_num_threads(1);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, no_allocation_is_taken_for_granted);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* check_fault_corating.c - the similarity "corating" learns, opens and answers while memory is short: the result is
 * right, or an error says that memory is short. */
#include "config.h"

#include "corating-world.h"
#include "each.h"
#include "fault.h"
#include "hosts.h"
#include "scratch.h"

enum { LIMIT = 5 };

/* What is asked of an index. */
struct answers {
	float scores[ITEMS], rest;
	struct animed_hit best[LIMIT], near[3 * LIMIT];
	size_t n_best, n_parts;
	uint32_t counts[3];
	struct animed_part parts[LIMIT];
};

static struct world world;
static struct taught taught;
static struct answers right;

static int ask_all(const void *index, struct answers *answers, struct animed_error *error)
{
	const struct animed_term terms[] = {{3, 1}, {7, -0.5F}};
	const struct animed_query one = {.item = 3};
	const struct animed_query several = {.item = ANIMED_NO_ITEM, .terms = terms, .n_terms = 2};

	if (ops->scores(index, &several, answers->scores, error) < 0 ||
	    ops->top_k(index, &one, LIMIT, answers->best, &answers->n_best, error) < 0 ||
	    ops->neighbours(index, 10, 3, &one, LIMIT, answers->near, answers->counts, error) < 0)
		return -1;
	return ops->parts(index, &one, 11, LIMIT, answers->parts, &answers->n_parts, &answers->rest, error);
}

/* End an attempt whose result is `status` and, where it is 0, right or not. */
static void judge(struct attempt *attempt, int status, bool is_right, const struct animed_error *error)
{
	if (status < 0 && !each_says_memory(error->text))
		each_wrong(attempt, "refused: %s", error->text);
	if (status == 0 && !is_right)
		each_wrong(attempt, "another result");
	each_lost(attempt);
}

static bool same_tensors(const struct animed_tensors *a, const struct animed_tensors *b)
{
	for (size_t t = 0; t < a->n; t++) {
		if (a->at[t].n != b->at[t].n || memcmp(a->at[t].data, b->at[t].data, tensor_size(&a->at[t])) != 0)
			return false;
	}
	return a->n == b->n;
}

static void learn(struct attempt *attempt)
{
	const struct animed_host host = host_with(1);
	struct animed_error error = {""};
	struct animed_learnt learnt;
	const int status = ops->learn->learn(values, &world.data, &world.items, &host, &learnt, &error);

	(void)fault_disarm();
	const bool is_right = status == 0 && same_tensors(&learnt.tensors, &taught.learnt.tensors);
	if (status == 0)
		ops->learn->release(&learnt);
	judge(attempt, status, is_right, &error);
}

static void open_index(struct attempt *attempt)
{
	const struct animed_host host = host_with(1);
	const struct animed_similarity_input input = {
	    .vectors = {.n = ITEMS, .ids = world.ids}, .items = world.items, .learnt = taught.learnt.tensors};
	struct animed_error error = {""};
	void *index;
	const int status = ops->open(values, &input, &host, &index, &error);

	(void)fault_disarm();
	if (status == 0)
		ops->close(index);
	judge(attempt, status, true, &error);
}

static void answer(struct attempt *attempt)
{
	struct animed_error error = {""};
	struct answers answers = {0};
	const int status = ask_all(taught.index, &answers, &error);

	(void)fault_disarm();
	judge(attempt, status,
	      memcmp(answers.scores, right.scores, sizeof right.scores) == 0 && answers.n_best == right.n_best &&
		  memcmp(answers.best, right.best, sizeof right.best) == 0 &&
		  memcmp(answers.near, right.near, sizeof right.near) == 0 && answers.n_parts == right.n_parts,
	      &error);
}

START_TEST(no_allocation_is_taken_for_granted)
{
	plugin_load();
	world_make(&world, 1, 10);
	taught = teach(&world, 1);
	ck_assert_int_eq(ask_all(taught.index, &right, &err), 0);
	ck_assert_uint_eq(right.n_best, LIMIT);
	each("learning", learn, NULL, 1, UINT64_MAX, 1);
	each("learning", learn, NULL, 3, UINT64_MAX, 1);
	each("opening", open_index, NULL, 1, UINT64_MAX, 1);
	each("answering", answer, NULL, 1, UINT64_MAX, 1);
	forget(&taught);
	plugin_unload();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault_corating");
	TCase *tc = tcase_create("corating");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, no_allocation_is_taken_for_granted);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

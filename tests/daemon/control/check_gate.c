/* check_gate.c - tests the rules that a new model must pass, each with a model that fails this rule and no other. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "control/gate.h"
#include "scratch.h"
#include "store/store.h"

enum { ITEMS = 40, K = 4, USERS = 3 };

/* ---- minimal plugins ---- */

/* An index whose vectors begin with this number does not find its own items. */
#define BLIND 777.0F

static int check_nothing(const struct animed_factors *factors, struct animed_error *err)
{
	(void)factors;
	(void)err;
	return 0;
}

static void item_vectors(const struct animed_factors *factors, const float **vectors, uint32_t *k)
{
	*vectors = factors->item_factors;
	*k = factors->k;
}

static int open_index(const struct animed_value *values, const struct animed_similarity_input *input,
		      const struct animed_host *of, void **index, struct animed_error *err)
{
	struct animed_vectors *copy = malloc(sizeof *copy);

	(void)values;
	(void)of;
	if (!copy)
		return animed_fail(err, "out of memory");
	*copy = input->vectors;
	*index = copy;
	return 0;
}

static double dot(const float *a, const float *b)
{
	double sum = 0;

	for (int i = 0; i < K; i++)
		sum += (double)a[i] * (double)b[i];
	return sum;
}

static int by_score(const void *a, const void *b)
{
	const struct animed_hit *x = a, *y = b;

	return (x->score < y->score) - (x->score > y->score);
}

static int top_k(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits,
		 size_t *found, struct animed_error *err)
{
	const struct animed_vectors *vectors = index;
	const float *from = query->item == ANIMED_NO_ITEM ? query->vector : vectors->rows + (size_t)query->item * K;
	const bool blind = vectors->rows[0] == BLIND && query->item == ANIMED_NO_ITEM;
	struct animed_hit all[ITEMS];
	size_t n = 0;

	(void)err;
	for (uint32_t i = 0; i < vectors->n; i++) {
		const float *to = vectors->rows + (size_t)i * K;
		if (i == query->item || (query->mask && !((query->mask[i / 64] >> (i % 64)) & 1)))
			continue;
		all[n++] = (struct animed_hit){i, (float)(dot(from, to) / sqrt(dot(from, from) * dot(to, to))) *
						      (blind ? 0.5F : 1.0F)};
	}
	qsort(all, n, sizeof *all, by_score);
	*found = n < limit ? n : limit;
	memcpy(hits, all, *found * sizeof *all);
	return 0;
}

static const struct animed_model_ops model_ops = {.check = check_nothing, .item_vectors = item_vectors};
static const struct animed_similarity_ops similarity_ops = {
    .directional = true, .open = open_index, .close = free, .top_k = top_k};
static const struct animed_plugin model_plugin = {
    .kind = ANIMED_MODEL, .name = "plain", .summary = "-", .ops.model = &model_ops};
static const struct animed_plugin similarity_plugin = {
    .kind = ANIMED_SIMILARITY, .name = "cosine", .summary = "-", .ops.similarity = &similarity_ops};

static char no_group[] = "";
static struct conf conf;

/* ---- models ---- */

/* The properties of a model.  With the seed set and all else zero it is a good one. */
struct kind {
	unsigned seed;    /* of the item vectors */
	double loss;      /* 0 means 1 */
	double valid_pct; /* 0 means 0.2 */
	float first;      /* first number of the item vectors; 0: drawn as the rest */
	float low;        /* lowest score */
	int64_t shift;    /* added to the ids */
	bool no_loss;
	double ndcg; /* 0: none */
	double ndcg_error;
	const char *ranking; /* NULL means "ease" */
};

static struct model *make(const char *name, const struct kind *kind)
{
	float rows[ITEMS * K], users[USERS * K] = {0};
	int64_t ids[ITEMS], counts[ITEMS];
	struct catalogue catalogue = {.n = ITEMS, .ids = ids, .counts = counts};
	const struct animed_strings none = {NULL, NULL};
	struct animed_factors factors = {.n_users = USERS,
					 .n_items = ITEMS,
					 .k = K,
					 .user_factors = users,
					 .item_factors = rows,
					 .scale = {.link = ANIMED_SIGMOID, .low = kind->low, .high = 10.5F}};
	const struct modelfile_info info = {.variant = "plain",
					    .parameters = "{}",
					    .dataset_digest = "0123456789abcdef",
					    .dataset_ratings = 100,
					    .train_loss = 1,
					    .valid_loss = kind->no_loss    ? NAN
							  : kind->loss > 0 ? kind->loss
									   : 1,
					    .ndcg = kind->ndcg > 0 ? kind->ndcg : NAN,
					    .ndcg_error = kind->ndcg_error,
					    .ranking = kind->ranking ? kind->ranking : "ease",
					    .epochs = 1,
					    .valid_pct = kind->valid_pct > 0 ? kind->valid_pct : 0.2};
	struct animed_error err = {""};
	struct store_draft draft;
	struct model *model;
	uint64_t state = kind->seed, version;
	char path[PATH_MAX];

	for (size_t i = 0; i < ITEMS * K; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		rows[i] = (float)(int32_t)(state >> 32) / (float)(1u << 31);
	}
	if (kind->first != 0.0F)
		rows[0] = kind->first;
	for (int i = 0; i < ITEMS; i++) {
		ids[i] = i + 1 + kind->shift;
		counts[i] = 100 + i;
	}
	const char *dir = scratch_path(name);
	ck_assert_msg(store_begin(dir, &draft, &err) == 0, "%s", err.text);
	ck_assert_msg(modelfile_write(draft.file.fd, &factors, &catalogue, &none, &info, &err) == 0, "%s", err.text);
	ck_assert_int_eq(store_commit(&draft, true, &version, &err), 0);
	ck_assert_int_eq(store_current(dir, &version, path, &err), 0);
	const struct animed_host host = host_quiet(1);
	ck_assert_msg(model_open(&conf, version, path, &host, &model, &err) == 0, "%s", err.text);
	return model;
}

static void setup(void)
{
	scratch_open();
	conf = (struct conf){.model.plugin.info = &model_plugin,
			     .similarities = {{.plugin.info = &similarity_plugin}},
			     .n_similarities = 1,
			     .threads = 1,
			     .limit = 10,
			     .group = no_group,
			     .gate = {.self_similarity = true, .loss_rise = 0.1, .ndcg_fall = 0.1, .overlap = 0.5}};
}

static struct gate_report report;
static struct animed_error err;

/* Check `candidate` while `serving` is served; NULL: no model.  Returns what gate_check() returns, with its report in
 * `report` and its message in `err`. */
static int judge(const struct kind *serving, const struct kind *candidate, bool lenient)
{
	struct model *old = serving ? make("old", serving) : NULL, *new = make("new", candidate);
	int status = gate_check(&conf, old, new, lenient, &report, &err);

	model_unref(old);
	model_unref(new);
	ck_assert_uint_eq(report.n, GATE_RULES);
	return status;
}

static const struct gate_finding *finding(const char *rule)
{
	for (size_t i = 0; i < report.n; i++) {
		if (strcmp(report.findings[i].rule, rule) == 0)
			return &report.findings[i];
	}
	ck_abort_msg("there is no finding of the rule %s", rule);
}

static const struct kind good = {.seed = 1, .ndcg = 0.3};

/* Check that this rule failed, and no other. */
static void expect_failure(const char *rule)
{
	for (size_t i = 0; i < report.n; i++)
		ck_assert_msg((report.findings[i].outcome == GATE_FAILED) ==
				  (strcmp(report.findings[i].rule, rule) == 0),
			      "%s: %s", report.findings[i].rule, report.findings[i].text);
	ck_assert_ptr_nonnull(strstr(err.text, rule));
	ck_assert_ptr_nonnull(strstr(err.text, finding(rule)->text));
	ck_assert_ptr_nonnull(strstr(err.text, ".safetensors"));
	/* and the way out is told: the version of the candidate, or the key that has the limit */
	if (strcmp(rule, "self-similarity") != 0)
		ck_assert_ptr_nonnull(strstr(err.text, "to serve it all the same: animectl rollback "));
	else
		ck_assert_ptr_nonnull(strstr(err.text, "to have it served, switch gate.self_similarity off"));
}

START_TEST(the_same_model_passes)
{
	ck_assert_int_eq(judge(&good, &good, false), 0);
	for (size_t i = 0; i < report.n; i++)
		ck_assert_int_eq(report.findings[i].outcome, GATE_PASSED);
	ck_assert_double_eq_tol(finding("overlap")->value, 1, 1e-12);
	ck_assert_double_eq_tol(finding("loss")->value, 0, 1e-12);
	ck_assert_double_eq_tol(finding("ndcg")->value, 0, 1e-12);
}
END_TEST

START_TEST(the_first_model_is_compared_with_none)
{
	ck_assert_int_eq(judge(NULL, &good, false), 0);
	ck_assert_int_eq(finding("self-similarity")->outcome, GATE_PASSED);
	ck_assert_int_eq(finding("loss")->outcome, GATE_SKIPPED);
	ck_assert_int_eq(finding("ndcg")->outcome, GATE_SKIPPED);
	ck_assert_int_eq(finding("overlap")->outcome, GATE_SKIPPED);
}
END_TEST

START_TEST(items_that_do_not_find_themselves)
{
	const struct kind blind = {.seed = 1, .first = BLIND};

	conf.gate.overlap = 0;
	ck_assert_int_eq(judge(&good, &blind, false), -1);
	expect_failure("self-similarity");
	/* this rule holds in a lenient check too, but it can be switched off */
	ck_assert_int_eq(judge(&good, &blind, true), -1);
	conf.gate.self_similarity = false;
	ck_assert_int_eq(judge(&good, &blind, false), 0);
	ck_assert_int_eq(finding("self-similarity")->outcome, GATE_SKIPPED);
}
END_TEST

START_TEST(a_loss_that_rises)
{
	const struct kind worse = {.seed = 1, .loss = 1.11}, bearable = {.seed = 1, .loss = 1.09};
	const struct kind better = {.seed = 1, .loss = 0.5};

	ck_assert_int_eq(judge(&good, &worse, false), -1);
	expect_failure("loss");
	ck_assert_double_eq_tol(finding("loss")->value, 0.11, 1e-6);
	ck_assert_int_eq(judge(&good, &bearable, false), 0);
	ck_assert_int_eq(judge(&good, &better, false), 0);
	ck_assert_int_eq(judge(&good, &worse, true), 0);
	ck_assert_ptr_nonnull(strstr(finding("loss")->text, "does not count here"));
	conf.gate.loss_rise = -1;
	ck_assert_int_eq(judge(&good, &worse, false), 0);
	ck_assert_int_eq(finding("loss")->outcome, GATE_SKIPPED);
}
END_TEST

START_TEST(losses_that_cannot_be_compared)
{
	static const struct kind others[] = {
	    {.seed = 1, .loss = 9, .valid_pct = 0.3}, {.seed = 1, .loss = 9, .low = 1}, {.seed = 1, .no_loss = true}};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		ck_assert_int_eq(judge(&good, &others[i], false), 0);
		ck_assert_int_eq(finding("loss")->outcome, GATE_SKIPPED);
	}
}
END_TEST

START_TEST(recommendations_that_get_worse)
{
	/* the error falls, which does not make up for it */
	const struct kind worse = {.seed = 1, .loss = 0.5, .ndcg = 0.26}, bearable = {.seed = 1, .ndcg = 0.28};
	const struct kind better = {.seed = 1, .ndcg = 0.9}, unsure = {.seed = 1, .ndcg = 0.26, .ndcg_error = 0.01};

	ck_assert_int_eq(judge(&good, &worse, false), -1);
	expect_failure("ndcg");
	ck_assert_double_eq_tol(finding("ndcg")->value, 1 - 0.26 / 0.3, 1e-6);
	ck_assert_ptr_nonnull(strstr(finding("ndcg")->text, "held-out NDCG@10 of ease 0.2600"));
	ck_assert_ptr_nonnull(strstr(err.text, "animectl rollback 1; gate.ndcg_fall has the limit"));
	ck_assert_int_eq(judge(&good, &bearable, false), 0);
	ck_assert_int_eq(judge(&good, &better, false), 0);
	/* a fall by .04 that is allowed to be .03 and two standard errors */
	ck_assert_int_eq(judge(&good, &unsure, false), 0);
	ck_assert_double_eq_tol(finding("ndcg")->limit, 0.1 + 2 * 0.01 / 0.3, 1e-6);
	ck_assert_int_eq(judge(&good, &worse, true), 0);
	ck_assert_ptr_nonnull(strstr(finding("ndcg")->text, "does not count here"));
	conf.gate.ndcg_fall = -1;
	ck_assert_int_eq(judge(&good, &worse, false), 0);
	ck_assert_int_eq(finding("ndcg")->outcome, GATE_SKIPPED);
}
END_TEST

START_TEST(recommendations_that_cannot_be_compared)
{
	static const struct kind others[] = {
	    {.seed = 1, .ndcg = 0.1, .valid_pct = 0.3}, {.seed = 1, .ndcg = 0.1, .ranking = "predicted"}, {.seed = 1}};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		ck_assert_int_eq(judge(&good, &others[i], false), 0);
		ck_assert_int_eq(finding("ndcg")->outcome, GATE_SKIPPED);
		ck_assert_int_eq(judge(&others[i], &good, false), 0);
	}
}
END_TEST

/* Neighbours by another similarity are others by design: whoever changes pipeline.similarity wants them. */
START_TEST(neighbours_by_another_similarity)
{
	static const struct animed_plugin pearson = {
	    .kind = ANIMED_SIMILARITY, .name = "pearson", .summary = "-", .ops.similarity = &similarity_ops};
	const struct kind other = {.seed = 99, .ndcg = 0.3};
	struct model *old = make("old", &good);

	conf.similarities[0].plugin.info = &pearson;
	struct model *new = make("new", &other);
	ck_assert_int_eq(gate_check(&conf, old, new, false, &report, &err), 0);
	ck_assert_int_eq(finding("overlap")->outcome, GATE_SKIPPED);
	ck_assert_str_eq(finding("overlap")->text, "the similarity pearson answers, in the place of cosine");
	model_unref(old);
	model_unref(new);
}
END_TEST

START_TEST(neighbours_that_are_all_others)
{
	const struct kind other = {.seed = 99}, gone = {.seed = 1, .shift = 1000};

	ck_assert_int_eq(judge(&good, &other, false), -1);
	expect_failure("overlap");
	ck_assert(finding("overlap")->value < 0.5);
	/* a neighbour that the new model does not have counts as lost */
	ck_assert_int_eq(judge(&good, &gone, false), -1);
	expect_failure("overlap");
	ck_assert_double_eq_tol(finding("overlap")->value, 0, 1e-12);
	ck_assert_int_eq(judge(&good, &other, true), 0);
	conf.gate.overlap = 0;
	ck_assert_int_eq(judge(&good, &other, false), 0);
	ck_assert_int_eq(finding("overlap")->outcome, GATE_SKIPPED);
}
END_TEST

START_TEST(golden_items_are_those_that_are_named)
{
	static const char *const named[] = {"3", "no such show"}, *const unknown[] = {"4711"};

	conf.gate.golden = (struct animed_list){named, 2};
	ck_assert_int_eq(judge(&good, &good, false), 0);
	ck_assert_ptr_nonnull(strstr(finding("overlap")->text, "to 1 golden items"));
	ck_assert_ptr_nonnull(strstr(finding("overlap")->text, "some of gate.golden are not"));
	conf.gate.golden = (struct animed_list){unknown, 1};
	ck_assert_int_eq(judge(&good, &good, false), 0);
	ck_assert_int_eq(finding("overlap")->outcome, GATE_SKIPPED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gate");
	TCase *tc = tcase_create("gate");

	tcase_add_checked_fixture(tc, setup, scratch_close);
	tcase_add_test(tc, the_same_model_passes);
	tcase_add_test(tc, the_first_model_is_compared_with_none);
	tcase_add_test(tc, items_that_do_not_find_themselves);
	tcase_add_test(tc, a_loss_that_rises);
	tcase_add_test(tc, losses_that_cannot_be_compared);
	tcase_add_test(tc, recommendations_that_get_worse);
	tcase_add_test(tc, recommendations_that_cannot_be_compared);
	tcase_add_test(tc, neighbours_by_another_similarity);
	tcase_add_test(tc, neighbours_that_are_all_others);
	tcase_add_test(tc, golden_items_are_those_that_are_named);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* Tests every metric, every baseline and the evaluation of a model, on ratings that are worked out by hand.
 *
 * Scores are 3 to 10; an item with 8 or more is relevant.  Item 4 has no training rating: no contender recommends it.
 *
 *   training  i0  i1  i2  i3  i4  i5      hidden
 *   u0         8   6   9                  i3: 9  i5: 3
 *   u1         9   7               4      i2: 8  i4: 10
 *   u2        10       8                  i1: 7
 *   u3             5       6              i5: 9
 *   ratings    3   3   2   1   0   1      relevant: u0 {i3}, u1 {i2, i4}, u2 {}, u3 {i5}
 *
 * i0 and i3 are of one franchise.  The long tail is i3 and i5: the others have 8 of the 10 training ratings.
 *
 * The candidates are i0 i1 i2 i3 i5.  A list for u0 has i3 and i5, for u1 i2 and i3, for u3 i0, i2 and i5; u2 has no
 * relevant item, and so no list.  The places of a list are worth 1, 1 / log2(3) = 0.6309298, 1 / log2(4) = 0.5. */
#include "config.h"

#include <math.h>

#include "evaluate/baseline.h"
#include "evaluate/evaluate.h"
#include "kit/parallel.h"
#include "scratch.h"

#define PLACE2 0.6309298 /* 1 / log2(3) */

static const uint32_t train_users[] = {0, 0, 0, 1, 1, 1, 2, 2, 3, 3}, train_items[] = {0, 1, 2, 0, 1, 5, 0, 2, 1, 3};
static const float train_scores[] = {8, 6, 9, 9, 7, 4, 10, 8, 5, 6};
static const uint32_t hidden_users[] = {0, 0, 1, 1, 2, 3}, hidden_items[] = {3, 5, 2, 4, 1, 5};
static const float hidden_scores[] = {9, 3, 8, 10, 7, 9};
static const int64_t ids[] = {10, 20, 30, 40, 50, 60};
static const uint32_t franchises[] = {0, 1, 2, 0, 4, 5};
static const struct animed_items columns = {.n = 6, .ids = ids, .franchises = franchises};
static struct test_user users[] = {{0, 0, 3, 0, 2}, {1, 3, 3, 2, 2}, {2, 6, 2, 4, 1}, {3, 8, 2, 5, 1}};

static struct holdout holdout;
static struct contender_task task;
static struct animed_error err;
static bool cancel;

static bool cancelled(void *ctx)
{
	(void)ctx;
	return cancel;
}

static void quiet(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static const struct animed_host host = {NULL, quiet, NULL, cancelled, 2};

static void setup(void)
{
	holdout = (struct holdout){
	    .data = {4, 6, {10, train_users, train_items, train_scores}, {0, NULL, NULL, NULL}, 3, 10},
	    .shown = {10, train_users, train_items, train_scores},
	    .hidden = {6, hidden_users, hidden_items, hidden_scores},
	    .users = users,
	    .n_users = 4,
	};
	cancel = false;
	ck_assert_int_eq(contender_task_prepare(&holdout, &host, &columns, 1, 8, &task, &err), 0);
}

static void teardown(void)
{
	contender_task_free(&task);
}

static void measure(const struct contender *contender, unsigned top, double out[METRICS])
{
	ck_assert_msg(evaluate_contender(contender, &task, top, out, &err) == 0, "%s", err.text);
}

#define ck_near(value, wanted) ck_assert_double_eq_tol(value, wanted, 2e-6)

START_TEST(what_can_be_recommended_and_what_is_relevant)
{
	static const uint32_t candidates[] = {0, 1, 2, 3, 5}, counts[] = {3, 3, 2, 1, 1}, relevant[] = {3, 2, 4, 5},
			      ranked[] = {0, 1, 3};
	static const bool tail[] = {false, false, false, true, true};

	ck_assert_uint_eq(task.n_candidates, 5);
	ck_assert_mem_eq(task.candidates, candidates, sizeof candidates);
	ck_assert_mem_eq(task.counts, counts, sizeof counts);
	ck_assert_uint_eq(task.positions[4], NO_CANDIDATE);
	ck_assert_uint_eq(task.positions[5], 4);
	ck_assert_int_eq(task.candidate_ids[4], 60);
	ck_assert_mem_eq(task.tail, tail, sizeof tail);
	ck_assert_uint_eq(task.relevant_starts[4], 4);
	ck_assert_mem_eq(task.relevant, relevant, sizeof relevant);
	ck_assert_uint_eq(task.n_ranked, 3);
	ck_assert_mem_eq(task.ranked, ranked, sizeof ranked);
}
END_TEST

START_TEST(nothing_relevant_is_an_error)
{
	struct contender_task other;

	ck_assert_int_eq(contender_task_prepare(&holdout, &host, &columns, 1, 10.5F, &other, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "none of the 6 hidden ratings is relevant"));
	ck_assert_ptr_nonnull(strstr(err.text, "--threshold"));
	contender_task_free(&other);
}
END_TEST

START_TEST(one_list)
{
	static const uint32_t list[] = {7, 3, 9, 1}, relevant[] = {1, 3, 5};
	struct list_metrics m = {0};

	/* i3 and i1 at places 2 and 4; ideal: 3 places, 1 + PLACE2 + 1/2 */
	metrics_ranked(&m, list, 4, relevant, 3, 10);
	ck_assert(m.ranked && m.hit);
	ck_near(m.ndcg, (PLACE2 + 1 / log2(5)) / (1.5 + PLACE2));
	ck_near(m.recall, 2.0 / 3);
	ck_near(m.recall_20, 2.0 / 3);
	/* with two places, recall is divided by 2 and not by 3, since no list could have more hits */
	metrics_ranked(&m, list, 4, relevant, 3, 2);
	ck_near(m.ndcg, PLACE2 / (1 + PLACE2));
	ck_near(m.recall, 0.5);
	metrics_ranked(&m, list, 4, relevant, 3, 1);
	ck_assert(m.ranked && !m.hit && m.ndcg == 0 && m.recall == 0);
	ck_near(m.recall_20, 2.0 / 3); /* whatever the length of the other lists */
	/* an empty list is a miss */
	metrics_ranked(&m, list, 0, relevant, 3, 10);
	ck_assert(m.ranked && !m.hit && m.ndcg == 0 && m.recall == 0);
}
END_TEST

START_TEST(means_and_deviations)
{
	const double values[] = {2, 4, 9};
	double mean, deviation;

	/* the mean is 5; the sum of squares 9 + 1 + 16 = 26 is divided by 3 - 1 */
	metrics_mean(values, 3, &mean, &deviation);
	ck_near(mean, 5);
	ck_near(deviation, sqrt(13));
	metrics_mean(values, 1, &mean, &deviation);
	ck_assert(mean == 2 && isnan(deviation));
}
END_TEST

/* The mean of the training scores is 72 / 10 = 7.2, so the errors are 1.8 4.2 0.8 2.8 0.2 1.8. */
START_TEST(mean)
{
	double m[METRICS];

	measure(&baseline_mean, 2, m);
	ck_near(m[METRIC_RMSE], sqrt(32.64 / 6));
	ck_near(m[METRIC_MAE], 11.6 / 6);
	for (int i = METRIC_NDCG; i < METRIC_SECONDS; i++)
		ck_assert(isnan(m[i]));
	ck_assert(m[METRIC_SECONDS] >= 0);
}
END_TEST

/* Item biases, shrunk by 10: i0 (0.8 + 1.8 + 2.8) / 13 = 0.4153846, i1 (-1.2 - 0.2 - 2.2) / 13 = -0.2769231,
 * i2 (1.8 + 0.8) / 12 = 0.2166667, i3 -1.2 / 11 = -0.1090909, i4 0, i5 -3.2 / 11 = -0.2909091.
 * User biases, shrunk by 8, e.g. u3: (5 - 7.2 + 0.2769231 + 6 - 7.2 + 0.1090909) / 10 = -0.3013986;
 * u0 0.0949883, u1 -0.1315957, u2 0.2967949.
 * Predictions 7.1858974 7.0040793 7.2850710 7.0684043 7.2198718 6.6076923, so errors of
 * 1.8141026 -4.0040793 0.7149290 2.9315957 -0.2198718 2.3923077.
 * The lists by item bias are u0 [i3 i5], u1 [i2 i3], u3 [i0 i2 i5], the same as by popularity below. */
START_TEST(bias_only)
{
	double m[METRICS];

	measure(&baseline_bias, 2, m);
	ck_near(m[METRIC_RMSE], 2.3874839);
	ck_near(m[METRIC_MAE], 2.0128143);
	ck_near(m[METRIC_NDCG], (1 + 1 / (1 + PLACE2) + 0) / 3);
}
END_TEST

/* i0 has 3 ratings of 8 and more, i2 has 2, and every other item has 0, so that the ids decide between i3 and i5.  The
 * lists are u0 [i3 i5], u1 [i2 i3], u3 [i0 i2 i5]. */
START_TEST(popularity)
{
	double m[METRICS];

	measure(&baseline_popularity, 2, m);
	ck_assert(isnan(m[METRIC_RMSE]) && isnan(m[METRIC_MAE]));
	/* u0 finds i3 at place 1; u1 i2 at place 1 of an ideal of two; u3 nothing in two places */
	ck_near(m[METRIC_NDCG], (1 + 1 / (1 + PLACE2) + 0) / 3);
	ck_near(m[METRIC_RECALL], (1 + 0.5 + 0) / 3);
	ck_near(m[METRIC_HIT_RATE], 2.0 / 3);
	ck_near(m[METRIC_COVERAGE], 4.0 / 5); /* i3 i5 i2 i0 */
	ck_near(m[METRIC_POPULARITY], (1 + 1 + 2 + 1 + 3 + 2) / 6.0);
	/* lists of 20 have all: u1 alone misses i4 */
	ck_near(m[METRIC_RECALL_20], (1 + 0.5 + 1) / 3);
	/* of the long tail are both of u0's, one of u1's, none of u3's */
	ck_near(m[METRIC_LONG_TAIL], (1 + 0.5 + 0) / 3);
	/* u0's i3 is of a franchise that u0 knows; of others u1's list is i2, which misses i4, and u3's is i2 i5 */
	ck_near(m[METRIC_NEW_NDCG], (1 / (1 + PLACE2) + PLACE2) / 2);
	ck_near(m[METRIC_NEW_RECALL_20], (0.5 + 1) / 2);
	/* with ten places all fit: u3 finds i5 at place 3; u1 still cannot find i4 */
	measure(&baseline_popularity, 10, m);
	ck_near(m[METRIC_NDCG], (1 + 1 / (1 + PLACE2) + 0.5) / 3);
	ck_near(m[METRIC_RECALL], (1 + 0.5 + 1) / 3);
	ck_near(m[METRIC_HIT_RATE], 1);
	ck_near(m[METRIC_COVERAGE], 4.0 / 5);
	ck_near(m[METRIC_POPULARITY], (1 + 1 + 2 + 1 + 3 + 2 + 1) / 7.0);
	/* with one place the lists are i3, i2, i0 */
	measure(&baseline_popularity, 1, m);
	ck_near(m[METRIC_NDCG], 2.0 / 3);
	ck_near(m[METRIC_RECALL], 2.0 / 3);
	ck_near(m[METRIC_COVERAGE], 3.0 / 5);
	ck_near(m[METRIC_POPULARITY], (1 + 2 + 3) / 3.0);
}
END_TEST

/* Raters in common: i0 i1 2, i0 i2 2, i0 i5 1, i1 i2 1, i1 i3 1, i1 i5 1.  Similarities: (i0, i1) 2 / 23 = 0.0869565,
 * (i0, i2) 2 / sqrt(23 * 22) = 0.0889108, (i1, i2) 1 / sqrt(23 * 22) = 0.0444554, (i0, i5) = (i1, i3) = (i1, i5) =
 * 1 / sqrt(23 * 21) = 0.0455016.
 *
 * Lists: u0, who knows i0 i1 i2: i5 0.0910032, i3 0.0455016.  u1, who knows i0 i1 i5: i2 0.1333662, i3 0.0455016.
 * u3, who knows i1 i3: i0 0.0869565, i5 0.0455016, i2 0.0444554.
 *
 * Predictions are those of bias_only and the mean residual of the neighbours that the user has rated.  A residual is a
 * score less its prediction by biases.  For i3, u0 has rated the neighbour i1, with the residual 6 - (7.2 - 0.2769231 +
 * 0.0949883) = -1.0180653: 7.1858974 - 1.0180653 = 6.1678322.  For i5, it is the mean of this residual and that of i0,
 * 8 - (7.2 + 0.4153846 + 0.0949883) = 0.2896270: 7.0040793 - 0.3642191 = 6.6398601.  For i2, u1 has i0 1.5162111 and i1
 * 0.2085188, weighted 2 to 1: 7.2850710 + 1.0803136 = 8.3653846.  i4 has no neighbours: 7.0684043.  For i1, u2 has i0
 * 2.0878205 and i2 0.2865385: 7.2198718 + 1.4784638 = 8.6983356.  For i5, u3 has i1 -1.6216783: 4.9860140.
 * The errors are 2.8321678 -3.6398601 -0.3653846 2.9315957 -1.6983356 4.0139860. */
START_TEST(item_knn)
{
	double m[METRICS];

	measure(&baseline_knn, 2, m);
	ck_near(m[METRIC_RMSE], 2.8575614);
	ck_near(m[METRIC_MAE], 2.5802216);
	ck_near(m[METRIC_NDCG], (PLACE2 + 1 / (1 + PLACE2) + PLACE2) / 3);
	ck_near(m[METRIC_RECALL], (1 + 0.5 + 1) / 3);
	ck_near(m[METRIC_HIT_RATE], 1);
	ck_near(m[METRIC_COVERAGE], 4.0 / 5);
	ck_near(m[METRIC_POPULARITY], (1 + 1 + 2 + 1 + 3 + 1) / 6.0);
}
END_TEST

/* ---- a model of one factor: score = 7 + p q + user bias + item bias ---- */

static const float user_factors[] = {1, -1, 0, 2}, item_factors[] = {1, 0, 0.5F, -1, 0, 0.25F};
static const float user_bias[] = {0, 0.5F, 0, 0}, item_bias[] = {0, 0, 0.1F, 0.2F, 0, 0};
static int released;
static bool refuse_training, refuse_two;

static int fake_train(const struct animed_value *values, const struct animed_dataset *data, uint64_t seed,
		      const struct animed_host *with, struct animed_train_result *result, struct animed_error *why)
{
	(void)values;
	(void)with;
	ck_assert_uint_eq(data->train.n, 10);
	ck_assert_uint_eq(data->valid.n, 0);
	ck_assert_uint_eq(seed, 1);
	*result = (struct animed_train_result){
	    .factors = {4, 6, 1, user_factors, item_factors, user_bias, item_bias, {ANIMED_IDENTITY, 3, 10, 7}}};
	return refuse_training ? animed_fail(why, "no") : 0;
}

static void fake_release(struct animed_train_result *result)
{
	(void)result;
	released++;
}

static float fake_predict(const struct animed_factors *f, uint32_t user, uint32_t item)
{
	ck_assert_uint_lt(user, f->n_users);
	return 7 + f->user_factors[user] * f->item_factors[item] + f->user_bias[user] + f->item_bias[item];
}

/* The user's factor is the first score less 7, and the bias is 0. */
static int fake_fold_in(const struct animed_factors *factors, size_t n, const uint32_t *items, const float *scores,
			float *user, float *bias, struct animed_error *why)
{
	(void)factors;
	(void)items;
	if (n == 2 && refuse_two)
		return animed_fail(why, "two are too few");
	*user = scores[0] - 7;
	*bias = 0;
	return 0;
}

static const struct animed_model_ops ops = {
    .train = fake_train,
    .release = fake_release,
    .predict = fake_predict,
    .fold_in = fake_fold_in,
};

static struct contender fake_model(void)
{
	static const struct animed_plugin plugin = {.kind = ANIMED_MODEL, .name = "fake", .ops.model = &ops};
	static const struct conf_stage stage = {.plugin = {.info = &plugin}};

	released = 0;
	refuse_training = refuse_two = false;
	return contender_model(&stage);
}

/* The predictions are 6.2 7.25 7.1 7.5 7 7.5, the errors 2.8 -4.25 0.9 2.5 0 1.5.  The lists are ordered by p q + item
 * bias: u0 i5 0.25, i3 -0.8; u1 i3 1.2, i2 -0.4; u3 i0 2, i2 1.1, i5 0.5. */
START_TEST(the_model)
{
	const struct contender model = fake_model();
	double m[METRICS];

	ck_assert_str_eq(model.name, "fake");
	measure(&model, 2, m);
	ck_assert_int_eq(released, 1);
	ck_near(m[METRIC_RMSE], sqrt(35.2125 / 6));
	ck_near(m[METRIC_MAE], 11.95 / 6);
	ck_near(m[METRIC_NDCG], (PLACE2 + PLACE2 / (1 + PLACE2) + 0) / 3);
	ck_near(m[METRIC_RECALL], (1 + 0.5 + 0) / 3);
	ck_near(m[METRIC_HIT_RATE], 2.0 / 3);
	refuse_training = true;
	ck_assert_int_eq(evaluate_contender(&model, &task, 2, m, &err), -1);
	ck_assert_str_eq(err.text, "no");
}
END_TEST

/* The factors of the users become 1, 2, 3, -2 and their biases 0: the predictions are 6.2 7.25 8.1 7 7 6.5, the errors
 * 2.8 -4.25 -0.1 3 0 2.5. */
START_TEST(folded_in)
{
	const struct contender model = fake_model();
	double m[METRICS];

	holdout.fold_in = true;
	measure(&model, 2, m);
	ck_near(m[METRIC_RMSE], sqrt(41.1625 / 6));
	/* the lists are u0 i5, i3; u1 i2 1.1, i3 -1.8; u3 i5 -0.5, i2 -0.9, i0 -2 */
	ck_near(m[METRIC_NDCG], (PLACE2 + 1 / (1 + PLACE2) + 1) / 3);
}
END_TEST

START_TEST(cannot_be_folded_in)
{
	const struct contender model = fake_model();
	double m[METRICS];

	holdout.fold_in = true;
	refuse_two = true;
	ck_assert_int_eq(evaluate_contender(&model, &task, 2, m, &err), -1);
	ck_assert_str_eq(err.text, "a held-out user with 2 ratings cannot be folded in: two are too few");
	ck_assert_int_eq(released, 1);
}
END_TEST

START_TEST(cancelling_frees_everything)
{
	const struct contender model = fake_model();
	double m[METRICS];

	cancel = true;
	ck_assert_int_eq(evaluate_contender(&model, &task, 2, m, &err), -1);
	ck_assert_str_eq(err.text, "cancelled");
	ck_assert_int_eq(released, 1);
	ck_assert_int_eq(evaluate_contender(&baseline_knn, &task, 2, m, &err), -1);
	ck_assert_str_eq(err.text, "cancelled");
}
END_TEST

/* ---- the loop ---- */

static int count_turn(void *ctx, size_t i, unsigned worker, struct animed_error *why)
{
	(void)why;
	ck_assert_uint_lt(worker, 3);
	((int *)ctx)[i]++;
	return 0;
}

static int fail_turn(void *ctx, size_t i, unsigned worker, struct animed_error *why)
{
	(void)ctx;
	(void)worker;
	return i == 70 ? animed_fail(why, "turn %zu", i) : 0;
}

START_TEST(each_turn_once)
{
	int turns[1000] = {0};

	ck_assert_int_eq(parallel_for(1000, 3, count_turn, turns, &err), 0);
	for (size_t i = 0; i < 1000; i++)
		ck_assert_int_eq(turns[i], 1);
	ck_assert_int_eq(parallel_for(0, 3, fail_turn, NULL, &err), 0);
	ck_assert_int_eq(parallel_for(100, 3, fail_turn, NULL, &err), -1);
	ck_assert_str_eq(err.text, "turn 70");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("metrics");
	TCase *tc = tcase_create("metrics");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_can_be_recommended_and_what_is_relevant);
	tcase_add_test(tc, nothing_relevant_is_an_error);
	tcase_add_test(tc, one_list);
	tcase_add_test(tc, means_and_deviations);
	tcase_add_test(tc, mean);
	tcase_add_test(tc, bias_only);
	tcase_add_test(tc, popularity);
	tcase_add_test(tc, item_knn);
	tcase_add_test(tc, the_model);
	tcase_add_test(tc, folded_in);
	tcase_add_test(tc, cannot_be_folded_in);
	tcase_add_test(tc, cancelling_frees_everything);
	tcase_add_test(tc, each_turn_once);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* Tests the splits of an evaluation, and that a whole evaluation gives the same result every time, with any number of
 * threads. */
#include "config.h"

#include <math.h>
#include <unistd.h>

#include "evaluate/evaluate.h"
#include "scratch.h"
#include "slow.h"

enum { USERS = 60, ITEMS = 30 };

static struct conf *conf;
static struct dataset *dataset;
static struct holdout holdout;
static struct animed_error err;

static void quiet(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static void no_progress(void *ctx, const struct animed_progress *now)
{
	(void)ctx;
	(void)now;
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static struct animed_host host = {NULL, quiet, no_progress, never, 2};

static void load(const char *folder)
{
	struct conf_errors errors;
	char text[5 * PATH_MAX];

	(void)snprintf(
	    text, sizeof text,
	    "socket: %s/s\nmodels: %s/m\nplugins: " BUILDDIR "/plugins\n"
	    "pipeline:\n  source: {plugin: csv, ratings: {path: %s/reviews.csv}, items: {path: %s/animes.csv}}\n"
	    "  model: {plugin: bias, factors: 16, epochs: 3}\n  ranking: {plugin: predicted}\n",
	    scratch, scratch, folder, folder);
	ck_assert_int_eq(conf_load(scratch_text("animed.yaml", text), &conf, &errors), 0);
	conf_errors_free(&errors);
	ck_assert_msg(dataset_load(&conf->source, &conf->dataset, &host, &dataset, &err) == 0, "%s", err.text);
}

/* Load a dataset in which user u has rated 1 + u / 2 items, at most 30, with scores that differ by user and item. */
static void setup(void)
{
	char *items = NULL, *ratings = NULL;
	size_t size;

	scratch_open();
	FILE *i = open_memstream(&items, &size), *r = open_memstream(&ratings, &size);
	(void)fputs("uid,title\n", i);
	(void)fputs("profile,anime_uid,score\n", r);
	for (int item = 0; item < ITEMS; item++)
		(void)fprintf(i, "%d,T\n", item);
	for (int user = 0; user < USERS; user++) {
		for (int n = 0; n <= user / 2; n++)
			(void)fprintf(r, "u%02d,%d,%d\n", user, (user + n) % ITEMS, 1 + (user * 7 + n) % 10);
	}
	(void)fclose(i);
	(void)fclose(r);
	(void)scratch_text("animes.csv", items);
	(void)scratch_text("reviews.csv", ratings);
	free(items);
	free(ratings);
	load(scratch);
}

static void teardown(void)
{
	holdout_free(&holdout);
	dataset_free(dataset);
	conf_free(conf);
	scratch_close();
}

/* Write the score of every rating to out[user][item], where no pair may come twice.  `number` gives the user in the
 * dataset for each user of the ratings; NULL: they are the same. */
static void spread(const struct animed_ratings *ratings, const uint32_t *number, float out[USERS][ITEMS])
{
	for (size_t r = 0; r < ratings->n; r++) {
		const uint32_t user = number ? number[ratings->users[r]] : ratings->users[r];
		ck_assert_uint_lt(user, USERS);
		ck_assert_msg(out[user][ratings->items[r]] == 0, "user %u, item %u: twice", user, ratings->items[r]);
		out[user][ratings->items[r]] = ratings->scores[r];
	}
}

/* Check what holds for every split: each rating is in exactly one part, the test users are the users with hidden
 * ratings, and their ranges are right. */
static void check_parts(void)
{
	const struct animed_ratings all = dataset_ratings(dataset);
	float wanted[USERS][ITEMS] = {{0}}, got[USERS][ITEMS] = {{0}};
	uint32_t number[USERS], n_train = 0;
	size_t hidden = 0;

	for (uint32_t u = 0, t = 0; u < USERS; u++) {
		if (holdout.fold_in && t < holdout.n_users && holdout.users[t].user == u)
			t++;
		else
			number[n_train++] = u;
	}
	spread(&all, NULL, wanted);
	spread(&holdout.data.train, number, got);
	spread(&holdout.hidden, NULL, got);
	if (holdout.fold_in)
		spread(&holdout.shown, NULL, got);
	else
		ck_assert_ptr_eq(holdout.shown.items, holdout.data.train.items);
	ck_assert_mem_eq(got, wanted, sizeof got);
	ck_assert_uint_eq(holdout.data.n_users, n_train);
	ck_assert_uint_eq(holdout.data.n_items, ITEMS);
	ck_assert_uint_eq(holdout.data.valid.n, 0);
	ck_assert(holdout.data.score_min == 1 && holdout.data.score_max == 10);
	for (uint32_t t = 0; t < holdout.n_users; t++) {
		const struct test_user *user = &holdout.users[t];
		ck_assert(t == 0 || user->user > user[-1].user);
		ck_assert_uint_eq(user->hidden, hidden);
		ck_assert_uint_ge(user->n_hidden, 1);
		hidden += user->n_hidden;
		for (size_t r = 0; r < user->n_hidden; r++)
			ck_assert_uint_eq(holdout.hidden.users[user->hidden + r], user->user);
		for (size_t r = 0; r < user->n_shown; r++)
			ck_assert_uint_eq(holdout.shown.users[user->shown + r], user->user);
		ck_assert_uint_eq(user->n_shown + user->n_hidden, 1 + user->user / 2);
	}
	ck_assert_uint_eq(hidden, holdout.hidden.n);
}

/* A hash of the hidden ratings.  Frees the split. */
static uint64_t fingerprint(void)
{
	uint64_t sum = 0;

	for (size_t r = 0; r < holdout.hidden.n; r++)
		sum = sum * 31 + holdout.hidden.users[r] * ITEMS + holdout.hidden.items[r];
	holdout_free(&holdout);
	return sum;
}

START_TEST(random_split)
{
	struct split *split;
	struct animed_dataset view;

	ck_assert_int_eq(holdout_random(dataset, 0.2, 7, &holdout, &err), 0);
	check_parts();
	/* a training splits the ratings in the same way */
	ck_assert_int_eq(split_random(dataset, 0.2, 7, &split, &view, &err), 0);
	ck_assert_uint_eq(holdout.hidden.n, view.valid.n);
	ck_assert_mem_eq(holdout.hidden.items, view.valid.items, view.valid.n * sizeof(uint32_t));
	ck_assert_mem_eq(holdout.data.train.items, view.train.items, view.train.n * sizeof(uint32_t));
	split_free(split);
	holdout_free(&holdout);
	ck_assert_int_eq(holdout_random(dataset, 0.0001, 7, &holdout, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "930 ratings cannot be split"));
}
END_TEST

START_TEST(leave_out_split)
{
	ck_assert_int_eq(holdout_leave_out(dataset, 3, 7, &holdout, &err), 0);
	ck_assert(!holdout.fold_in);
	check_parts();
	/* only users with at least six ratings: users 10 to 59 */
	ck_assert_uint_eq(holdout.n_users, 50);
	for (uint32_t t = 0; t < 50; t++) {
		ck_assert_uint_eq(holdout.users[t].user, 10 + t);
		ck_assert_uint_eq(holdout.users[t].n_hidden, 3);
	}
	const uint64_t seven = fingerprint();
	ck_assert_int_eq(holdout_leave_out(dataset, 3, 7, &holdout, &err), 0);
	ck_assert(fingerprint() == seven);
	ck_assert_int_eq(holdout_leave_out(dataset, 3, 8, &holdout, &err), 0);
	ck_assert(fingerprint() != seven);
	ck_assert_int_eq(holdout_leave_out(dataset, 16, 7, &holdout, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no user has the 32 ratings of which 16"));
}
END_TEST

START_TEST(users_split)
{
	ck_assert_int_eq(holdout_users(dataset, 12, 1, 0.2, 7, &holdout, &err), 0);
	ck_assert(holdout.fold_in);
	check_parts();
	ck_assert_uint_eq(holdout.n_users, 12);
	for (uint32_t t = 0; t < 12; t++) {
		const size_t n = 1 + holdout.users[t].user / 2;
		ck_assert_uint_ge(n, 5); /* a fifth of fewer ratings is less than one */
		ck_assert_uint_eq(holdout.users[t].n_hidden, n / 5);
	}
	const uint64_t seven = fingerprint();
	ck_assert_int_eq(holdout_users(dataset, 12, 1, 0.2, 7, &holdout, &err), 0);
	ck_assert(fingerprint() == seven);
	ck_assert_int_eq(holdout_users(dataset, 12, 1, 0.2, 8, &holdout, &err), 0);
	ck_assert(fingerprint() != seven);
	/* 52 users have five ratings; a tenth of them by default */
	ck_assert_int_eq(holdout_users(dataset, 0, 1, 0.2, 7, &holdout, &err), 0);
	ck_assert_uint_eq(holdout.n_users, 5);
	holdout_free(&holdout);
	ck_assert_int_eq(holdout_users(dataset, 52, 1, 0.2, 7, &holdout, &err), 0);
	check_parts();
	holdout_free(&holdout);
	ck_assert_int_eq(holdout_users(dataset, 53, 1, 0.2, 7, &holdout, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "53 users cannot be held out: 52 of 60 have at least 1 ratings"));
	/* users 38 to 59 have twenty */
	ck_assert_int_eq(holdout_users(dataset, 22, 20, 0.2, 7, &holdout, &err), 0);
	for (uint32_t t = 0; t < 22; t++)
		ck_assert_uint_eq(holdout.users[t].user, 38 + t);
	holdout_free(&holdout);
	ck_assert_int_eq(holdout_users(dataset, 23, 20, 0.2, 7, &holdout, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "22 of 60 have at least 20 ratings"));
	ck_assert_ptr_nonnull(strstr(err.text, "--at-least"));
}
END_TEST

/* Each of the 52 users with enough ratings is as likely to be chosen as another.  With 10 users in each of 400 runs, a
 * user is chosen 77 times, give or take five standard deviations of 8. */
START_TEST(choices_are_even)
{
	unsigned chosen[USERS] = {0};

	for (uint64_t seed = 0; seed < 400; seed++) {
		ck_assert_int_eq(holdout_users(dataset, 10, 1, 0.2, seed, &holdout, &err), 0);
		for (uint32_t t = 0; t < holdout.n_users; t++)
			chosen[holdout.users[t].user]++;
		holdout_free(&holdout);
	}
	for (uint32_t u = 8; u < USERS; u++)
		ck_assert_msg(chosen[u] > 37 && chosen[u] < 117, "user %u: %u times", u, chosen[u]);
	for (uint32_t u = 0; u < 8; u++)
		ck_assert_uint_eq(chosen[u], 0);
}
END_TEST

static struct evaluation first, other;

static void run(const struct evaluate_options *options, unsigned threads, struct evaluation *out)
{
	host.threads = threads;
	ck_assert_msg(evaluate(conf, dataset, options, &host, out, &err) == 0, "%s", err.text);
}

START_TEST(threads_do_not_matter)
{
	struct evaluate_options options = {
	    .split = (enum evaluate_split)_i,
	    .share = 0.2,
	    .leave_out = 2,
	    .least = 5,
	    .seed = 3,
	    .repeat = 2,
	    .threshold = NAN,
	    .top = 10,
	};

	if (!SLOW) {
		teardown();
		scratch_open();
		load(SRCDIR "/etc/demo");
	}
	run(&options, 1, &first);
	run(&options, 5, &other);
	ck_assert(first.options.threshold == 7.75); /* three quarters of the range from 1 to 10 */
	for (size_t row = 0; row < EVALUATE_ROWS; row++) {
		for (size_t i = 0; i < METRIC_SECONDS; i++)
			ck_assert_msg(memcmp(first.values[row][i], other.values[row][i], 2 * sizeof(double)) == 0,
				      "%s, metric %zu: %.17g or %.17g", first.names[row], i, first.values[row][i][0],
				      other.values[row][i][0]);
	}
	/* the second repetition uses the next seed */
	ck_assert_uint_eq(first.facts[1].seed, 4);
	options.seed = 4;
	options.repeat = 1;
	run(&options, 2, &other);
	for (size_t row = 0; row < EVALUATE_ROWS; row++)
		ck_assert_mem_eq(&first.values[row][METRIC_RMSE][1], &other.values[row][METRIC_RMSE][0],
				 sizeof(double));
}
END_TEST

/* The ranking "predicted" orders by the score that the model predicts, which is how the model ranks. */
START_TEST(a_ranking_by_predictions_ranks_as_the_model)
{
	const struct evaluate_options options = {
	    .split = (enum evaluate_split)_i,
	    .share = 0.2,
	    .leave_out = 2,
	    .least = 5,
	    .seed = 3,
	    .repeat = 1,
	    .threshold = NAN,
	    .top = 10,
	};

	teardown();
	scratch_open();
	load(SRCDIR "/etc/demo");
	run(&options, 2, &first);
	ck_assert_str_eq(first.names[EVALUATE_RANKING], "predicted");
	ck_assert(isnan(first.values[EVALUATE_RANKING][METRIC_RMSE][0]));
	for (size_t i = METRIC_NDCG; i < METRIC_SECONDS; i++)
		ck_assert_double_eq_tol(first.values[EVALUATE_RANKING][i][0], first.values[EVALUATE_MODEL][i][0], 0.02);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("evaluate");
	TCase *tc = tcase_create("evaluate");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, random_split);
	tcase_add_test(tc, leave_out_split);
	tcase_add_test(tc, users_split);
	tcase_add_test(tc, choices_are_even);
	tcase_add_loop_test(tc, threads_do_not_matter, SPLIT_RANDOM, SPLIT_USERS + 1);
	tcase_add_loop_test(tc, a_ranking_by_predictions_ranks_as_the_model, SPLIT_RANDOM, SPLIT_USERS + 1);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* Tests the search over parameters: its ranges, its schedule with a made-up error, and what it prints. */
#include "config.h"

#include <math.h>

#include "config/conf.h"
#include "config/param-read.h"
#include "evaluate/holdout.h"
#include "evaluate/tune.h"
#include "evaluate/user-sample.h"
#include "kit/rng.h"
#include "scratch.h"

enum { P_MODE, P_SIZE, P_RATE, P_DECAY, P_SHIFT, P_OFF, P_END };

static const struct animed_param table[] = {
    [P_MODE] = {"mode", ANIMED_ENUM, "a", 0, 0, "a|b", 0, "which"},
    [P_SIZE] = {"size", ANIMED_INT, "100", 1, 256, NULL, ANIMED_TUNABLE, "how large"},
    [P_RATE] = {"rate", ANIMED_REAL, "0.01", 1e-6, 1, NULL, ANIMED_TUNABLE, "how fast"},
    [P_DECAY] = {"decay", ANIMED_REAL, NULL, 0, 1, NULL, ANIMED_TUNABLE, "how much less"},
    [P_SHIFT] = {"shift", ANIMED_REAL, "3", 0, 0, NULL, 0, "how far; not tunable"},
    [P_OFF] = {"off", ANIMED_REAL, "0", 0, 1, NULL, ANIMED_TUNABLE, "zero has no surroundings"},
    [P_END] = {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};

static struct animed_value values[P_END];
static struct tune_space space;
static struct animed_error err;

static void setup(void)
{
	values[P_MODE] = (struct animed_value){.set = true, .string = "a"};
	values[P_SIZE] = (struct animed_value){.set = true, .integer = 100};
	values[P_RATE] = (struct animed_value){.set = true, .real = 0.01};
	values[P_SHIFT] = (struct animed_value){.set = true, .real = 3};
	values[P_OFF] = (struct animed_value){.set = true, .real = 0};
}

static void teardown(void)
{
	tune_space_free(&space);
}

static int make_space(const char *a, const char *b)
{
	const char *const sets[] = {a, b};

	tune_space_free(&space);
	return tune_space_init(&space, table, values, sets, a ? b ? 2 : 1 : 0, &err);
}

static void dim_is(size_t d, size_t param, double low, double high, bool logarithmic)
{
	ck_assert_uint_lt(d, space.n);
	ck_assert_uint_eq(space.dims[d].param, param);
	ck_assert_double_eq_tol(space.dims[d].low, low, 1e-12);
	ck_assert_double_eq_tol(space.dims[d].high, high, 1e-12);
	ck_assert(space.dims[d].logarithmic == logarithmic);
}

/* ---- the space ---- */

START_TEST(ranges_lie_around_the_configuration)
{
	ck_assert_int_eq(make_space(NULL, NULL), 0);
	ck_assert_uint_eq(space.n, 2);
	dim_is(0, P_SIZE, 25, 256, true); /* 4 * 100 is above the table's highest value */
	dim_is(1, P_RATE, 0.0025, 0.04, true);
	const struct tune_point start = tune_space_start(&space);
	ck_assert_double_eq(start.at[0], 100);
	ck_assert_double_eq(start.at[1], 0.01);
	struct animed_value out[P_END];
	tune_space_values(&space, &start, out);
	ck_assert_int_eq(memcmp(out, values, sizeof out), 0);
}
END_TEST

START_TEST(set_narrows_adds_and_fixes)
{
	ck_assert_int_eq(make_space("rate=0.1..0.15", "decay=0..0.5"), 0);
	ck_assert_uint_eq(space.n, 3);
	dim_is(1, P_RATE, 0.1, 0.15, false);
	dim_is(2, P_DECAY, 0, 0.5, false);
	struct tune_point start = tune_space_start(&space);
	ck_assert_double_eq(start.at[1], 0.1);  /* 0.01 was moved into the range */
	ck_assert_double_eq(start.at[2], 0.25); /* not set: the middle of the range */
	ck_assert_int_eq(make_space("size=7", "shift=-4..5"), 0);
	ck_assert_uint_eq(space.n, 2);
	dim_is(0, P_RATE, 0.0025, 0.04, true);
	dim_is(1, P_SHIFT, -4, 5, false);
	struct animed_value out[P_END];
	start = tune_space_start(&space);
	tune_space_values(&space, &start, out);
	ck_assert_int_eq(out[P_SIZE].integer, 7);
	ck_assert_double_eq(out[P_SHIFT].real, 3);
	ck_assert_str_eq(out[P_MODE].string, "a");
	ck_assert(!out[P_DECAY].set);
}
END_TEST

START_TEST(set_that_does_not_fit)
{
	static const char *const cases[][2] = {
	    {"rat=1", "did you mean \"rate\"?"}, {"nothing", "NAME=LOW..HIGH"},
	    {"mode=b", "not a number"},          {"size=0..5", "size: 0 is out of range"},
	    {"size=1..x", "not a whole number"}, {"rate=0.5..0.1", "no range"},
	    {"rate=", "not a number"},           {"size=5..5", "no range"},
	    {"zzzzzzz=1", "no parameter"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert_int_eq(make_space(cases[i][0], NULL), -1);
		ck_assert_msg(strstr(err.text, cases[i][1]) != NULL, "%s: %s", cases[i][0], err.text);
	}
	ck_assert_int_eq(make_space("size=7", "rate=0.5"), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "nothing to search"));
}
END_TEST

/* Which of n equal parts of a window holds the number `at`.  The window begins at `from` and is `window` wide, both on
 * the scale of the dimension. */
static size_t part_of(const struct tune_dim *dim, double from, double window, double at, size_t n)
{
	const double place = dim->logarithmic ? log(at) : at;

	return (size_t)fmin(fmax((place - from) / window * (double)n, 0), (double)n - 1);
}

START_TEST(points_fill_the_range_evenly)
{
	enum { N = 12 };
	struct tune_point points[N];
	struct rng rng;

	rng_seed(&rng, 3);
	ck_assert_int_eq(make_space("rate=0.0001..1", "shift=-10..10"), 0);
	const struct tune_point start = tune_space_start(&space);
	tune_space_sample(&space, &start, 1, N, &rng, points);
	for (size_t d = 1; d < space.n; d++) {
		const struct tune_dim *dim = &space.dims[d];
		const double low = dim->logarithmic ? log(dim->low) : dim->low;
		const double high = dim->logarithmic ? log(dim->high) : dim->high;
		bool seen[N] = {false};
		for (size_t i = 0; i < N; i++) {
			ck_assert(points[i].at[d] >= dim->low && points[i].at[d] <= dim->high);
			const size_t part = part_of(dim, low, high - low, points[i].at[d], N);
			ck_assert_msg(!seen[part], "dimension %zu, part %zu", d, part);
			seen[part] = true;
		}
	}
	for (size_t i = 0; i < N; i++) {
		char text[32];
		ck_assert_double_eq(points[i].at[0], round(points[i].at[0]));
		(void)snprintf(text, sizeof text, "%.3g", points[i].at[1]);
		ck_assert_double_eq(points[i].at[1], strtod(text, NULL));
	}
}
END_TEST

START_TEST(a_window_stays_within_the_range)
{
	struct tune_point points[60], centre = {{0}};
	struct rng rng;

	rng_seed(&rng, 4);
	ck_assert_int_eq(make_space("size=10", "rate=0.0001..1"), 0);
	centre.at[0] = 0.9; /* the upper third of the four decades is [0.0464, 1] */
	tune_space_sample(&space, &centre, 1.0 / 3, 60, &rng, points);
	double low = 1, high = 0;
	for (size_t i = 0; i < 60; i++) {
		low = fmin(low, points[i].at[0]);
		high = fmax(high, points[i].at[0]);
	}
	ck_assert(low >= 0.046 && low < 0.056 && high > 0.85 && high <= 1);
	centre.at[0] = 0.01; /* [0.00215, 0.0464] */
	tune_space_sample(&space, &centre, 1.0 / 3, 60, &rng, points);
	for (size_t i = 0; i < 60; i++)
		ck_assert(points[i].at[0] >= 0.00215 && points[i].at[0] <= 0.0465);
}
END_TEST

START_TEST(edges_are_noticed)
{
	struct tune_point point = {{0}};

	ck_assert_int_eq(make_space("rate=0.001..1", "shift=1..5"), 0);
	point.at[1] = 0.00105;
	ck_assert_int_eq(tune_space_edge(&space, 1, &point), -1);
	point.at[1] = 0.03;
	ck_assert_int_eq(tune_space_edge(&space, 1, &point), 0);
	point.at[1] = 0.99;
	ck_assert_int_eq(tune_space_edge(&space, 1, &point),
			 0); /* 1 is the table's highest value too, so the range cannot grow */
	point.at[2] = 4.95;
	ck_assert_int_eq(tune_space_edge(&space, 2, &point), 1);
	point.at[2] = 1.2;
	ck_assert_int_eq(tune_space_edge(&space, 2, &point), 0);
}
END_TEST

/* ---- the search ---- */

enum { JOBS = 400 };

/* A bench that trains nothing: the error is a bowl with its bottom at size 60, rate 0.02. */
static struct {
	struct tune_bench bench;
	struct tune_job jobs[JOBS];
	struct tune_point points[JOBS];
	size_t n;
	size_t stop_at;     /* number of the job at which time runs out; 0: none */
	double bottom_rate; /* the rate at the bottom of the bowl */
	double spoil;       /* rates above this fail */
	double diverge;     /* rates above this have no finite error */
	bool reverse;       /* on the second split the bowl is upside down */
} lab;

static double bowl(double size, double rate)
{
	return 1 + pow(log(size / 60), 2) / 10 + pow(log(rate / lab.bottom_rate), 2) / 10;
}

static int lab_measure(void *ctx, const struct tune_job *job, struct tune_score *score, struct animed_error *why)
{
	const double size = (double)job->values[P_SIZE].integer, rate = job->values[P_RATE].real;

	(void)ctx;
	ck_assert_uint_lt(lab.n, JOBS);
	if (lab.stop_at && lab.n + 1 >= lab.stop_at)
		return 1;
	lab.jobs[lab.n] = *job;
	lab.points[lab.n++] = (struct tune_point){{size, rate}};
	if (rate > lab.spoil)
		return animed_fail(why, "rate %g is too high", rate);
	*score = (struct tune_score){bowl(size, rate), 5, 4, 0.5};
	/* a smaller share of the users gives larger errors, in the same order */
	score->rmse *= 1 + (double)(lab.bench.rungs - 1 - job->rung) / 10;
	if (job->second && lab.reverse)
		score->rmse = 5 - 2 * score->rmse;
	if (rate > lab.diverge)
		score->rmse = INFINITY;
	return 0;
}

static struct tune_search lab_search(uint64_t seed, size_t trials, size_t rungs)
{
	lab.n = 0;
	lab.bench = (struct tune_bench){.rungs = rungs, .share = {1.0 / 9, 1.0 / 3, 1}, .measure = lab_measure};
	if (rungs == 1)
		lab.bench.share[0] = 1;
	if (lab.bottom_rate <= 0)
		lab.bottom_rate = 0.02;
	if (lab.spoil <= 0)
		lab.spoil = lab.diverge = INFINITY;
	return (struct tune_search){.space = &space, .bench = &lab.bench, .seed = seed, .max_trials = trials};
}

static size_t jobs_on(size_t rung, bool second, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t j = from; j < to; j++)
		n += lab.jobs[j].rung == rung && lab.jobs[j].second == second;
	return n;
}

START_TEST(brackets_halve)
{
	struct tune_search search = lab_search(1, 25, 3);
	double cost = 0;

	ck_assert_int_eq(make_space(NULL, NULL), 0);
	ck_assert_double_eq_tol(tune_search_cost(&search), 1 + 2 * (12 / 9.0 + 4 / 3.0 + 2) + 4, 1e-9);
	ck_assert_int_eq(tune_search(&search, &err), 0);
	ck_assert(!search.stopped);
	ck_assert_uint_eq(search.n, 25);
	/* first the configuration on all users, then two brackets of 12, 4 and 2 trials, then the final */
	ck_assert(lab.jobs[0].trial == 0 && lab.jobs[0].rung == 2 && !lab.jobs[0].second);
	ck_assert_double_eq(lab.points[0].at[0], 100);
	ck_assert_double_eq(lab.points[0].at[1], 0.01);
	for (size_t bracket = 0; bracket < 2; bracket++) {
		const size_t first = 1 + bracket * 18;
		ck_assert_uint_eq(jobs_on(0, false, first, first + 12), 12);
		ck_assert_uint_eq(jobs_on(1, false, first + 12, first + 16), 4);
		ck_assert_uint_eq(jobs_on(2, false, first + 16, first + 18), 2);
		/* the trials that go on have smaller errors than the trials that do not */
		double worst = 0, left = INFINITY;
		for (size_t j = first; j < first + 12; j++) {
			bool goes_on = false;
			for (size_t i = first + 12; i < first + 16; i++)
				goes_on |= lab.jobs[i].trial == lab.jobs[j].trial;
			const double error = bowl(lab.points[j].at[0], lab.points[j].at[1]);
			worst = goes_on ? fmax(worst, error) : worst;
			left = goes_on ? left : fmin(left, error);
		}
		ck_assert_double_le(worst, left);
	}
	const size_t finalists = lab.n - 37;
	ck_assert(finalists == 3 || finalists == 4);
	ck_assert_uint_eq(jobs_on(2, true, 37, lab.n), finalists);
	for (size_t j = 0; j < lab.n; j++)
		cost += lab.bench.share[lab.jobs[j].rung];
	ck_assert_double_le(cost, tune_search_cost(&search) + 1e-9);
	tune_search_free(&search);
}
END_TEST

START_TEST(it_finds_the_bottom)
{
	ck_assert_int_eq(make_space(NULL, NULL), 0);
	for (uint64_t seed = 0; seed < 10; seed++) {
		struct tune_search search = lab_search(seed, 37, 3);
		ck_assert_int_eq(tune_search(&search, &err), 0);
		/* the error of the configuration is 1.07, and that of the worst corner 1.54 */
		ck_assert_double_le(tune_trial_rmse(&search.trials[0]), 1.01);
		for (size_t t = 1; t < search.n; t++)
			ck_assert(search.trials[t].rung <= search.trials[t - 1].rung);
		tune_search_free(&search);
	}
}
END_TEST

START_TEST(same_seed_same_search)
{
	struct tune_search a = lab_search(9, 30, 3), b;

	ck_assert_int_eq(make_space(NULL, NULL), 0);
	ck_assert_int_eq(tune_search(&a, &err), 0);
	b = lab_search(9, 30, 3);
	ck_assert_int_eq(tune_search(&b, &err), 0);
	ck_assert_uint_eq(a.n, b.n);
	for (size_t t = 0; t < a.n; t++) {
		ck_assert_uint_eq(a.trials[t].number, b.trials[t].number);
		ck_assert(tune_space_equal(&space, &a.trials[t].point, &b.trials[t].point));
		ck_assert_double_eq(a.trials[t].score.rmse, b.trials[t].score.rmse);
	}
	tune_search_free(&b);
	b = lab_search(10, 30, 3);
	ck_assert_int_eq(tune_search(&b, &err), 0);
	ck_assert(!tune_space_equal(&space, &a.trials[5].point, &b.trials[5].point));
	tune_search_free(&a);
	tune_search_free(&b);
}
END_TEST

START_TEST(the_configuration_can_win)
{
	ck_assert_int_eq(make_space("size=60", NULL), 0);
	lab.bottom_rate = 0.01;
	struct tune_search search = lab_search(1, 30, 3);
	ck_assert_int_eq(tune_search(&search, &err), 0);
	ck_assert_uint_eq(search.trials[0].number, 0);
	ck_assert_double_eq(search.trials[0].second, 1);
	tune_search_free(&search);
	/* the trial that is best on the first split is worst on the second: the mean of both decides */
	lab.bottom_rate = 0.02;
	lab.reverse = true;
	search = lab_search(1, 30, 3);
	ck_assert_int_eq(tune_search(&search, &err), 0);
	ck_assert_uint_eq(search.trials[0].number, 0);
	ck_assert_double_ge(search.trials[0].score.rmse, search.trials[1].score.rmse);
	tune_search_free(&search);
}
END_TEST

START_TEST(trials_that_fail_are_bad_results)
{
	ck_assert_int_eq(make_space(NULL, NULL), 0);
	struct tune_search search = lab_search(2, 30, 3);
	lab.spoil = 0.03;
	lab.diverge = 0.018;
	lab.n = 0;
	ck_assert_int_eq(tune_search(&search, &err), 0);
	ck_assert_str_eq(search.trials[0].failed, "");
	ck_assert_double_le(search.trials[0].score.rmse, bowl(100, 0.01));
	size_t failed = 0, diverged = 0;
	for (size_t t = 0; t < search.n; t++) {
		const struct tune_trial *trial = &search.trials[t];
		failed += strstr(trial->failed, "is too high") != NULL;
		diverged += strstr(trial->failed, "not finite") != NULL;
		ck_assert(!*trial->failed || trial->point.at[1] > 0.018);
		/* trials that failed come last */
		ck_assert(t == 0 || !*search.trials[t - 1].failed || *trial->failed);
	}
	ck_assert_uint_gt(failed, 0);
	ck_assert_uint_gt(diverged, 0);
	tune_search_free(&search);
	search = lab_search(2, 14, 3);
	lab.spoil = 1e-9;
	ck_assert_int_eq(tune_search(&search, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no trial could be measured: rate"));
	tune_search_free(&search);
}
END_TEST

START_TEST(stopping_keeps_what_there_is)
{
	ck_assert_int_eq(make_space(NULL, NULL), 0);
	for (size_t stop = 1; stop < 42; stop++) {
		struct tune_search search = lab_search(2, 25, 3);
		lab.stop_at = stop;
		const int status = tune_search(&search, &err);
		ck_assert_int_eq(status, stop == 1 ? -1 : 0);
		ck_assert_uint_eq(lab.n, stop - 1 < 41 ? stop - 1 : 41);
		ck_assert(search.stopped || stop > 40);
		ck_assert(stop == 1 || search.trials[0].rung == 2);
		/* an interrupted final is not ranked: what it measured is forgotten */
		for (size_t t = 0; t < search.n && stop < 41; t++)
			ck_assert(isnan(search.trials[t].second));
		tune_search_free(&search);
		if (!search.stopped)
			break;
	}
}
END_TEST

START_TEST(few_points_end_the_search)
{
	ck_assert_int_eq(make_space("rate=0.02", "size=50..53"), 0);
	struct tune_search search = lab_search(2, 100, 1);
	ck_assert_int_eq(tune_search(&search, &err), 0);
	ck_assert_uint_le(search.n, 4);
	ck_assert_double_eq(search.trials[0].point.at[0], 53);
	tune_search_free(&search);
}
END_TEST

/* ---- samples of the users ---- */

START_TEST(samples_are_of_whole_users)
{
	enum { USERS = 3000, EACH = 3 };
	static uint32_t users[USERS * EACH], items[USERS * EACH];
	static float scores[USERS * EACH];
	const size_t train = USERS * 2;
	struct user_sample small, large;

	for (uint32_t r = 0; r < USERS * EACH; r++) {
		users[r] = r < train ? r / 2 : r - (uint32_t)train;
		items[r] = r % 7;
		scores[r] = (float)users[r]; /* names the user after the sample numbers its users anew */
	}
	const struct holdout holdout = {
	    .data = {USERS,
		     7,
		     {train, users, items, scores},
		     {USERS, users + train, items + train, scores + train},
		     0,
		     USERS},
	};
	const struct animed_dataset *whole = &holdout.data;
	ck_assert_int_eq(user_sample_take(&small, whole, 1.0 / 9, 5, &err), 0);
	ck_assert_int_eq(user_sample_take(&large, whole, 1.0 / 3, 5, &err), 0);
	ck_assert(small.view.n_users > USERS / 9 - 60 && small.view.n_users < USERS / 9 + 60);
	ck_assert(large.view.n_users > USERS / 3 - 90 && large.view.n_users < USERS / 3 + 90);
	ck_assert_uint_eq(small.view.n_items, 7);
	ck_assert_uint_eq(small.view.train.n, 2 * (size_t)small.view.n_users);
	ck_assert_uint_eq(small.view.valid.n, small.view.n_users);
	for (size_t r = 0; r < small.view.train.n; r++) {
		ck_assert_uint_eq(small.view.train.users[r], r / 2);
		ck_assert_uint_eq(small.view.train.items[r], items[2 * (size_t)small.view.train.scores[r] + r % 2]);
		ck_assert_float_eq(small.view.train.scores[r], small.view.valid.scores[r / 2]);
	}
	/* every user of the small sample is in the large one */
	size_t at = 0;
	for (size_t r = 0; r < small.view.valid.n; r++) {
		while (at < large.view.valid.n && large.view.valid.scores[at] < small.view.valid.scores[r])
			at++;
		ck_assert_uint_lt(at, large.view.valid.n);
		ck_assert_float_eq(large.view.valid.scores[at], small.view.valid.scores[r]);
	}
	user_sample_free(&small);
	user_sample_free(&large);
}
END_TEST

/* ---- the way back into the configuration ---- */

static void snippet_loads(const char *model, const char *set_a, const char *set_b, const char *wanted)
{
	const char *const sets[] = {set_a, set_b};
	struct conf *conf, *again;
	struct conf_errors errors;
	struct tune_space of_model;
	char config[512], *snippet = NULL;
	size_t size;

	(void)snprintf(config, sizeof config, "pipeline: {model: %s}\n", model);
	ck_assert_int_eq(conf_load(scratch_text("a.yaml", config), &conf, &errors), 0);
	conf_errors_free(&errors);
	const struct animed_param *params = conf->model.plugin.info->params;
	ck_assert_int_eq(tune_space_init(&of_model, params, conf->model.values, sets, 2, &err), 0);
	struct animed_value *tried = calloc(params_count(params) + 1, sizeof *tried);
	const struct tune_point start = tune_space_start(&of_model);
	tune_space_values(&of_model, &start, tried);
	struct conf_stage stage = conf->model;
	stage.values = tried;
	FILE *out = open_memstream(&snippet, &size);
	ck_assert_int_eq(conf_print_model(&stage, out, NULL), 0);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_msg(strstr(snippet, wanted) != NULL, "%s", snippet);
	ck_assert_int_eq(conf_load(scratch_text("b.yaml", snippet), &again, &errors), 0);
	conf_errors_free(&errors);
	ck_assert_str_eq(again->model.plugin.info->name, conf->model.plugin.info->name);
	for (size_t p = 0; params[p].name; p++) {
		char *a = value_text(&params[p], &tried[p]), *b = value_text(&params[p], &again->model.values[p]);
		ck_assert(tried[p].set == again->model.values[p].set);
		ck_assert_str_eq(a, b);
		free(a);
		free(b);
	}
	free(snippet);
	free(tried);
	tune_space_free(&of_model);
	conf_free(conf);
	conf_free(again);
}

START_TEST(what_is_printed_loads)
{
	scratch_open();
	ck_assert_int_eq(setenv("ANIMED_PLUGINS", BUILDDIR "/plugins", 1), 0);
	ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", "/run/test", 1), 0);
	ck_assert_int_eq(setenv("XDG_STATE_HOME", "/state", 1), 0);
	snippet_loads("{plugin: bias}", "factors=33..96", "learning_rate=0.0000123..0.0000124",
		      "pipeline:\n  model: {plugin: bias, factors: 96, ");
	snippet_loads("{plugin: plain, optimizer: notebook, y_range: [0.5, 5.5]}", "epochs=3", "weight_decay=0..0.5",
		      "model: {plugin: plain, optimizer: notebook, factors: 50, epochs: 3, learning_rate: 0.001, "
		      "weight_decay: 0.01, y_range: [0.5, 5.5]}");
	scratch_close();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tune");
	TCase *tc = tcase_create("tune");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, ranges_lie_around_the_configuration);
	tcase_add_test(tc, set_narrows_adds_and_fixes);
	tcase_add_test(tc, set_that_does_not_fit);
	tcase_add_test(tc, points_fill_the_range_evenly);
	tcase_add_test(tc, a_window_stays_within_the_range);
	tcase_add_test(tc, edges_are_noticed);
	tcase_add_test(tc, brackets_halve);
	tcase_add_test(tc, it_finds_the_bottom);
	tcase_add_test(tc, same_seed_same_search);
	tcase_add_test(tc, the_configuration_can_win);
	tcase_add_test(tc, trials_that_fail_are_bad_results);
	tcase_add_test(tc, stopping_keeps_what_there_is);
	tcase_add_test(tc, few_points_end_the_search);
	tcase_add_test(tc, samples_are_of_whole_users);
	tcase_add_test(tc, what_is_printed_loads);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* Prints a configuration, and computes the digest of a dataset, while memory is short.  The result has to be complete,
 * or there has to be an error. */
#include "config.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "base/host.h"
#include "config/conf.h"
#include "data/dataset.h"
#include "evaluate/tune-print.h"
#include "fault.h"
#include "places.h"
#include "report/report.h"
#include "scratch.h"

static struct conf *conf;

/* A search of two trials: one that was measured and one that failed. */
static struct tune_space space;
static struct tune_trial trials[] = {{.number = 0, .rung = 0, .score = {1.25, 3, 2, 0.5}, .second = 1.5},
				     {.number = 1, .rung = -1, .second = NAN, .failed = "no luck"}};
static struct tune_run tune = {.search = {.space = &space, .trials = trials, .n = 2},
			       .bench = {.rungs = 1, .share = {1}}};

static void setup(void)
{
	struct conf_errors errors;

	scratch_open();
	ck_assert_int_eq(setenv("ANIMED_PLUGINS", BUILDDIR "/plugins", 1), 0);
	(void)scratch_text("r.csv", "profile,anime_uid,score\na,1,5\nb,1,7\n");
	(void)scratch_text("i.csv", "uid,title\n1,Eins\n");
	(void)scratch_text("animed.yaml",
			   "gate: {golden: [a, b]}\nqueries: {sequels: only}\ndataset: {cache: false}\npipeline:\n"
			   "  source: {plugin: csv, ratings: {path: r.csv, range: [1, 10]}, items: {path: i.csv}}\n"
			   "  model: {plugin: plain, factors: 7, y_range: [0.5, 5]}\n");
	ck_assert_int_eq(conf_load(scratch_path("animed.yaml"), &conf, &errors), 0);
	conf_errors_free(&errors);
	ck_assert_int_eq(tune_space_init(&space, conf->model.plugin.info->params, conf->model.values, NULL, 0,
					 &(struct animed_error){""}),
			 0);
	tune.conf = conf;
	for (size_t i = 0; i < 2; i++)
		trials[i].point = tune_space_start(&space);
}

static void teardown(void)
{
	tune_space_free(&space);
	conf_free(conf);
	scratch_close();
}

static int print_all(FILE *out, struct animed_error *err)
{
	return conf_print(conf, out, err);
}

static int print_model(FILE *out, struct animed_error *err)
{
	return conf_print_model(&conf->model, out, err);
}

static int print_json(FILE *out, struct animed_error *err)
{
	char *json = conf_stage_json(&conf->source);

	if (!json)
		return animed_fail(err, "out of memory");
	(void)fputs(json, out);
	free(json);
	return 0;
}

static int print_search(FILE *out, struct animed_error *err)
{
	return tune_print_json(&tune, out) < 0 ? animed_fail(err, "out of memory") : 0;
}

static int (*const prints[])(FILE *out, struct animed_error *err) = {print_all, print_model, print_json, print_search};

/* Call one of the functions that print, while `row` allocations fail, beginning with the n-th.  `text` receives what it
 * printed.  Returns its status. */
static int print_short(size_t print, uint64_t n, uint64_t row, char *text, size_t size)
{
	struct animed_error err = {""};
	char buffer[BUFSIZ];
	FILE *out = fopen(scratch_path("out"), "w+e");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(setvbuf(out, buffer, _IOFBF, sizeof buffer), 0); /* now the stream allocates no buffer */
	fault_arm(n, row);
	const int status = prints[print](out, &err);
	(void)fault_disarm();
	rewind(out);
	text[fread(text, 1, size - 1, out)] = '\0';
	ck_assert_int_eq(fclose(out), 0);
	ck_assert(status == 0 || strstr(err.text, "out of memory"));
	return status;
}

START_TEST(what_is_printed_is_whole)
{
	static char whole[1 << 14], text[1 << 14];
	const int64_t live = fault_live();

	ck_assert_int_eq(print_short((size_t)_i, UINT64_MAX, 1, whole, sizeof whole), 0);
	ck_assert_uint_gt(strlen(whole), 60);
	for (uint64_t row = 1; row < 100; row += 40) {
		uint64_t n = 0;
		do {
			const int status = print_short((size_t)_i, ++n, row, text, sizeof text);
			if (status == 0)
				ck_assert_msg(strcmp(text, whole) == 0, "allocation %ju: %s", (uintmax_t)n, text);
		} while (fault_struck());
		ck_assert_uint_gt(n, 10);
	}
	ck_assert_int_eq(fault_live(), live);
}
END_TEST

static void no_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

START_TEST(a_digest_is_of_the_dataset)
{
	const struct animed_host host = {NULL, no_log, NULL, never, 1};
	char right[DIGEST_SIZE], digest[DIGEST_SIZE];
	struct dataset *dataset;
	struct animed_error err;
	uint64_t n = 0;

	ck_assert_msg(dataset_load(&conf->source, &conf->dataset, &host, &dataset, &err) == 0, "%s", err.text);
	ck_assert_int_eq(dataset_digest(dataset, right, &err), 0);
	do {
		fault_arm(++n, 1);
		const int status = dataset_digest(dataset, digest, &err);
		(void)fault_disarm();
		ck_assert_int_eq(status, fault_struck() ? -1 : 0);
		ck_assert(status == 0 || strstr(err.text, "out of memory"));
	} while (fault_struck());
	ck_assert_str_eq(digest, right);
	dataset_free(dataset);
}
END_TEST

/* A curve without one of its epochs would be another curve. */
START_TEST(a_report_that_lacks_an_epoch_is_none)
{
	const struct animed_host host = host_quiet(1);
	const struct animed_progress now = {.epochs = 1, .fraction = 1, .epoch_done = true};
	const struct animed_dataset view = {0};
	const struct animed_train_result result = {0};
	struct recorder recorder;
	struct dataset *dataset;
	struct animed_error err;

	ck_assert_msg(dataset_load(&conf->source, &conf->dataset, &host, &dataset, &err) == 0, "%s", err.text);
	recorder_begin(&recorder, &host);
	fault_arm(1, 1);
	recorder.relay.host.progress(recorder.relay.host.ctx, &now);
	(void)fault_disarm();
	ck_assert(fault_struck());
	ck_assert_int_eq(report_write(scratch_path("r.html"), conf, dataset, &view, &result, &recorder, 1, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "out of memory"));
	ck_assert_int_eq(access(scratch_path("r.html"), F_OK), -1);
	recorder_free(&recorder);
	dataset_free(dataset);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault_print");
	TCase *tc = tcase_create("fault_print");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, what_is_printed_is_whole, 0, (int)(sizeof prints / sizeof *prints));
	tcase_add_test(tc, a_digest_is_of_the_dataset);
	tcase_add_test(tc, a_report_that_lacks_an_epoch_is_none);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

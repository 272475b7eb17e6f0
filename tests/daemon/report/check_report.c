/* Tests the report of a training: its numbers, which are worked out by hand, and the documents made of them. */
#include "config.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/format.h"
#include "report/chart-scale.h"
#include "report/report-text.h"
#include "report/svg.h"
#include "scratch.h"

/* Every prediction is 5 + user - item. */
static float predict(const struct animed_factors *factors, uint32_t user, uint32_t item)
{
	(void)factors;
	return 5 + (float)user - (float)item;
}

static const struct animed_model_ops model = {.predict = predict};
static struct report report;

static const struct report_epoch epochs[] = {{4, 4.41, 1}, {1, 1.44, 1}, {0.25, 1.69, 1}};

/* Items have 3, 1 and 0 training ratings, users 2, 2 and 0. */
static uint32_t users[] = {0, 0, 1, 1, 0, 1, 2, 2}, items[] = {0, 1, 0, 0, 2, 1, 0, 2};
static float scores[] = {5, 5, 7, 6, 4, 7, 7, 4};

static struct animed_dataset tiny(size_t train)
{
	return (struct animed_dataset){
	    .n_users = 3,
	    .n_items = 3,
	    .train = {train, users, items, scores},
	    .valid = {8 - train, users + train, items + train, scores + train},
	    .score_min = 4,
	    .score_max = 7,
	};
}

static void measure(const struct animed_dataset *view)
{
	const struct animed_ratings all = {view->train.n + view->valid.n, users, items, scores};

	report = (struct report){.variant = "bias",
				 .parameters = "factors 3",
				 .version = 7,
				 .epochs = epochs,
				 .n_epochs = 3,
				 .best_epoch = 1};
	ck_assert_int_eq(report_measure(&report, &all, view, &model, NULL), 0);
}

static void bin_is(const struct report_bins *bins, size_t i, const char *name, uint64_t n, double rmse)
{
	char text[BIN_SIZE];

	ck_assert_uint_lt(i, bins->n);
	ck_assert_str_eq(report_bin_name(bins, i, text), name);
	ck_assert_uint_eq(bins->at[i].n, n);
	if (n > 0)
		ck_assert_double_eq_tol(bins->at[i].rmse, rmse, 1e-9);
	else
		ck_assert(isnan(bins->at[i].rmse));
}

START_TEST(numbers_by_hand)
{
	const struct animed_dataset view = tiny(4);

	measure(&view);
	/* held out, with their predictions: (0,2) 4, 3; (1,1) 7, 5; (2,0) 7, 7; (2,2) 4, 5 */
	ck_assert_double_eq_tol(report.rmse, sqrt((1 + 4 + 0 + 1) / 4.0), 1e-9);
	ck_assert_double_eq_tol(report.mae, (1 + 2 + 0 + 1) / 4.0, 1e-9);
	/* the training mean is 5.75 */
	ck_assert_double_eq_tol(report.rmse_mean, sqrt((1.75 * 1.75 * 2 + 1.25 * 1.25 * 2) / 4), 1e-9);
	ck_assert_uint_eq(report.by_item.n, 3);
	bin_is(&report.by_item, 0, "0", 2, 1);
	bin_is(&report.by_item, 1, "1", 1, 2);
	bin_is(&report.by_item, 2,
	       "2\xe2\x80\x93"
	       "4",
	       1, 0);
	ck_assert_uint_eq(report.by_user.n, 3);
	bin_is(&report.by_user, 0, "0", 2, sqrt(0.5));
	bin_is(&report.by_user, 1, "1", 0, 0);
	bin_is(&report.by_user, 2,
	       "2\xe2\x80\x93"
	       "4",
	       2, sqrt(2.5));
	/* the predictions are 3, 5, 7 and 5, in bins of 0.2; one below the lowest score counts in the first bin */
	bin_is(&report.calibration, 0, "4 to 4.2", 1, 1);
	ck_assert_double_eq_tol(report.calibration.at[0].mean, 4, 1e-9);
	ck_assert_double_eq_tol(report.calibration.at[0].mean_predicted, 3, 1e-9);
	bin_is(&report.calibration, 5, "5 to 5.2", 2, sqrt(2.5));
	ck_assert_double_eq_tol(report.calibration.at[5].mean, 5.5, 1e-9);
	bin_is(&report.calibration, report.calibration.n - 1, "7 to 7.2", 1, 0);
	/* the scores of all eight ratings */
	ck_assert_uint_eq(report.scores.n, 4);
	bin_is(&report.scores, 0, "4", 2, 0);
	bin_is(&report.scores, 1, "5", 2, 0);
	bin_is(&report.scores, 2, "6", 1, 0);
	bin_is(&report.scores, 3, "7", 3, 0);
}
END_TEST

START_TEST(buckets_of_support)
{
	static uint32_t u[12002], i[12002];
	static float s[12002];
	const struct animed_ratings all = {12002, u, i, s};
	struct animed_dataset view = {
	    .n_users = 2,
	    .n_items = 1,
	    .train = {12000, u, i, s},
	    .valid = {2, u + 12000, i + 12000, s + 12000},
	    .score_min = 5,
	    .score_max = 5,
	};

	u[12001] = 1; /* a user without training ratings */
	for (size_t r = 0; r < 12002; r++)
		s[r] = 5;
	ck_assert_int_eq(report_measure(&report, &all, &view, &model, NULL), 0);
	ck_assert_uint_eq(report.by_item.n, 1);
	bin_is(&report.by_item, 0, "10,000+", 2, sqrt(0.5));
	ck_assert_uint_eq(report.by_user.n, 14);
	bin_is(&report.by_user, 0, "0", 1, 1);
	bin_is(&report.by_user, 13, "10,000+", 1, 0);
	bin_is(&report.by_user, 12,
	       "5,000\xe2\x80\x93"
	       "9,999",
	       0, 0);
	/* all ratings have the same score */
	ck_assert_uint_eq(report.scores.n, 1);
	bin_is(&report.scores, 0, "5", 12002, 0);
}
END_TEST

START_TEST(scores_that_are_not_whole)
{
	struct animed_dataset view = tiny(4);

	scores[0] = 5.25f;
	measure(&view);
	bin_is(&report.scores, 0, "4 to 4.2", 2, 0);
	bin_is(&report.scores, 6, "5.2 to 5.4", 1, 0);
	scores[0] = -1e6f;
	view.score_min = -1e6f;
	measure(&view);
	ck_assert_uint_le(report.scores.n, REPORT_BINS);
	bin_is(&report.scores, 0, "-1e+06 to -900000", 1, 0);
	scores[0] = 5;
}
END_TEST

static char *document(void (*write)(const struct report *, FILE *))
{
	static char *text;
	size_t size;

	free(text);
	FILE *out = open_memstream(&text, &size);
	write(&report, out);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

START_TEST(hostile_text_is_escaped)
{
	const struct animed_dataset view = tiny(4);
	static char hostile[] = "</title><script>alert(1)</script> ' \" & \xff \x01 \xef\xbf\xbf";
	char long_text[4096];

	measure(&view);
	report.variant = hostile;
	report.parameters = hostile;
	for (int html = 0; html < 2; html++) {
		const char *text = document(html ? report_html : report_svg);
		ck_assert_ptr_null(strstr(text, "<script"));
		ck_assert_ptr_null(strstr(text, "\xff"));
		ck_assert_ptr_null(strstr(text, "\x01"));
		ck_assert_ptr_nonnull(strstr(text,
					     "&#60;/title&#62;&#60;script&#62;alert(1)&#60;/script&#62; &#39; &#34; "
					     "&#38; \xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd"));
	}
	/* in the picture, a long text is cut between two characters */
	memset(long_text, 'x', sizeof long_text);
	for (size_t c = 0; c + 1 < sizeof long_text; c += 2)
		memcpy(long_text + c, "\xc3\xa9", 2);
	long_text[sizeof long_text - 2] = '\0';
	report.variant = "bias";
	report.parameters = long_text;
	const char *text = document(report_svg);
	ck_assert_ptr_null(strstr(text, "\xef\xbf\xbd"));
	ck_assert_ptr_nonnull(strstr(text, "\xc3\xa9...</text>"));
}
END_TEST

START_TEST(nothing_held_out_is_said)
{
	const struct animed_dataset view = tiny(8);

	measure(&view);
	ck_assert(isnan(report.rmse) && isnan(report.mae));
	const char *text = document(report_svg);
	ck_assert_ptr_nonnull(strstr(text, "nothing held out"));
	ck_assert_ptr_null(strstr(text, "nan"));
	ck_assert_ptr_null(strstr(text, "Given against"));
	text = document(report_html);
	ck_assert_ptr_nonnull(strstr(text, "Nothing was held out (train.valid_pct: 0)"));
	ck_assert_ptr_null(strstr(text, "by-item"));
	ck_assert_ptr_null(strstr(text, "nan"));
}
END_TEST

START_TEST(odd_curves_are_drawn)
{
	static const struct report_epoch odd[] = {{INFINITY, NAN, 0}, {2, 2, 0}};
	const struct animed_dataset view = tiny(4);

	measure(&view);
	report.n_epochs = 0;
	ck_assert_ptr_nonnull(strstr(document(report_svg), "No epoch was reported"));
	report.n_epochs = 1;
	report.best_epoch = 0;
	const char *text = document(report_svg);
	ck_assert_ptr_nonnull(strstr(text, "kept: epoch 0, held-out RMSE 2.1000"));
	ck_assert_ptr_null(strstr(text, "nan"));
	report.epochs = odd;
	report.n_epochs = 2;
	text = document(report_svg);
	ck_assert_ptr_null(strstr(text, "nan"));
	ck_assert_ptr_null(strstr(text, "inf"));
}
END_TEST

static void ticks_are(double low, double high, int about, double first, double step, int n, int digits)
{
	const struct ticks ticks = ticks_between(low, high, about);

	ck_assert_double_eq_tol(ticks.first, first, fabs(step) * 1e-6);
	ck_assert_double_eq_tol(ticks.step, step, fabs(step) * 1e-6);
	ck_assert_int_eq(ticks.n, n);
	ck_assert_int_eq(ticks.digits, digits);
}

START_TEST(ticks_are_at_round_numbers)
{
	ticks_are(0, 10, 5, 0, 2, 6, 0);
	ticks_are(0.81, 1.29, 5, 0.9, 0.1, 4, 1);
	ticks_are(1.171, 1.198, 5, 1.18, 0.01, 2, 2);
	ticks_are(-3, 3, 6, -3, 1, 7, 0);
	ticks_are(5, 5, 5, 5, 1, 1, 0);
	ticks_are(0, 0.3, 3, 0, 0.1, 4, 1); /* 0.3 / 0.1 is below 3 in binary */
	ticks_are(0, 3e9, 3, 0, 1e9, 4, 0);
	const struct scale scale = {1, 3, 100, 300}, point = {2, 2, 0, 50};
	ck_assert_double_eq(scale_at(&scale, 2), 200);
	ck_assert_double_eq(scale_at(&point, 2), 25);
}
END_TEST

START_TEST(counts_for_people)
{
	static const struct {
		uint64_t n;
		const char *all, *brief;
	} cases[] = {
	    {0, "0", "0"},
	    {999, "999", "999"},
	    {1000, "1,000", "1.0k"},
	    {9960, "9,960", "10k"},
	    {999499, "999,499", "999k"},
	    {999500, "999,500", "1.0M"},
	    {423123, "423,123", "423k"},
	    {UINT64_MAX, "18,446,744,073,709,551,615", "18E"},
	};
	char out[COUNT_SIZE];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert_str_eq(format_count(cases[i].n, out), cases[i].all);
		ck_assert_str_eq(format_short(cases[i].n, out), cases[i].brief);
	}
}
END_TEST

START_TEST(places_that_cannot_be_written)
{
	struct animed_error err;

	scratch_open();
	ck_assert_int_eq(report_check(scratch_path("r.svg"), &err), 0);
	ck_assert_int_eq(report_check(scratch_path("r.html"), &err), 0);
	ck_assert_int_eq(report_check("r.svg", &err), access(".", W_OK));
	ck_assert_int_eq(report_check(scratch_path("r.pdf"), &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "FILE.svg"));
	ck_assert_int_eq(report_check(".svg", &err), -1);
	ck_assert_int_eq(report_check(scratch_path("none/r.svg"), &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot write to"));
	ck_assert_int_eq(mkdir(scratch_path("d.svg"), 0755), 0);
	ck_assert_int_eq(report_check(scratch_path("d.svg"), &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "is not a file"));
	scratch_close();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *tc = tcase_create("report");

	tcase_add_test(tc, numbers_by_hand);
	tcase_add_test(tc, buckets_of_support);
	tcase_add_test(tc, scores_that_are_not_whole);
	tcase_add_test(tc, hostile_text_is_escaped);
	tcase_add_test(tc, nothing_held_out_is_said);
	tcase_add_test(tc, odd_curves_are_drawn);
	tcase_add_test(tc, ticks_are_at_round_numbers);
	tcase_add_test(tc, counts_for_people);
	tcase_add_test(tc, places_that_cannot_be_written);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

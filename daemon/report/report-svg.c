/* report-svg.c - draws the report: loss curves and scores above, where the error lies below. */
#include "config.h"

#include <math.h>

#include "base/format.h"
#include "report/chart-scale.h"
#include "report/report-text.h"
#include "report/svg.h"

/* All in pixels. */
#define WIDTH     1000.0
#define MARGIN    28.0
#define GAP       40.0
#define UPPER_TOP 112.0
#define UPPER     312.0 /* height of a panel */
#define LOWER_TOP (UPPER_TOP + UPPER + GAP)
#define LOWER     352.0
#define HEIGHT    (LOWER_TOP + LOWER + MARGIN)
#define BUCKET    19.0 /* height of a row */
#define COUNTS    64.0 /* width of the last column */
#define THIRD     ((WIDTH - 2 * MARGIN - 2 * GAP) / 3)

struct panel {
	double x, y, width, height;
};

/* In light and in dark, blue is what was held out and orange what was trained on.  Contrast against the
 * background is at least 4.5 : 1 for text and 3 : 1 for what is drawn (WCAG 2.1, 1.4.3 and 1.4.11). */
static const char style[] =
    "<style>\n"
    "svg.report text{font:12px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:#1f2328;"
    "font-variant-numeric:tabular-nums}\n"
    "svg.report .page{fill:#ffffff}\n"
    "svg.report text.title{font-size:20px;font-weight:600}\n"
    "svg.report text.head{font-size:14px;font-weight:600}\n"
    "svg.report text.soft{fill:#59636e}\n"
    "svg.report text.small{font-size:11px}\n"
    "svg.report .grid{stroke:#dfe4e9;stroke-width:1}\n"
    "svg.report .axis{stroke:#818b98;stroke-width:1}\n"
    "svg.report .guide{stroke:#59636e;stroke-width:1;stroke-dasharray:3 3}\n"
    "svg.report .line{fill:none;stroke-width:2;stroke-linejoin:round}\n"
    "svg.report .train{stroke:#b4530a;stroke-dasharray:6 3}\n"
    "svg.report .valid{stroke:#0b5cad}\n"
    "svg.report .ring{fill:none;stroke:#0b5cad;stroke-width:2}\n"
    "svg.report .train-fill,svg.report text.train-fill{fill:#b4530a}\n"
    "svg.report .valid-fill,svg.report text.valid-fill{fill:#0b5cad}\n"
    "svg.report .count-fill{fill:#6e7b8a}\n"
    "@media (prefers-color-scheme:dark){\n"
    "svg.report text{fill:#e6edf3}\n"
    "svg.report .page{fill:#0d1117}\n"
    "svg.report text.soft{fill:#9da7b3}\n"
    "svg.report .grid{stroke:#2a313a}\n"
    "svg.report .guide{stroke:#9da7b3}\n"
    "svg.report .train{stroke:#f0964c}\n"
    "svg.report .valid,svg.report .ring{stroke:#58a6ff}\n"
    "svg.report .train-fill,svg.report text.train-fill{fill:#f0964c}\n"
    "svg.report .valid-fill,svg.report text.valid-fill{fill:#58a6ff}\n"
    "svg.report .count-fill{fill:#8b96a3}\n"
    "}\n"
    "</style>\n";

static void panel_begin(FILE *out, const struct panel *panel, const char *head, const char *more)
{
	(void)fputs("<g role='group' aria-label='", out);
	xml_text(out, head);
	(void)fputs("'>\n", out);
	svg_text(out, panel->x, panel->y + 14, "class='head'", "%s", head);
	svg_text(out, panel->x, panel->y + 33, "class='soft small'", "%s", more);
}

static void panel_end(FILE *out)
{
	(void)fputs("</g>\n", out);
}

static void say_instead(FILE *out, const struct panel *panel, const char *text)
{
	svg_text(out, panel->x, panel->y + 62, "class='soft'", "%s", text);
}

/* ---- loss curves ---- */

struct curves {
	const struct report *report;
	struct scale x, y;
};

static double rmse_at(const struct report_epoch *epoch, bool valid)
{
	return sqrt(valid ? epoch->valid_loss : epoch->train_loss);
}

/* Find the range of both curves.  Returns false where there is nothing to draw. */
static bool range_of_curves(const struct report *report, double *low, double *high)
{
	*low = INFINITY;
	*high = -INFINITY;
	for (size_t i = 0; i < 2 * report->n_epochs; i++) {
		const double rmse = rmse_at(&report->epochs[i / 2], i % 2);
		if (!isfinite(rmse))
			continue;
		*low = fmin(*low, rmse);
		*high = fmax(*high, rmse);
	}
	return *low <= *high;
}

static void draw_y_ticks(FILE *out, const struct scale *y, double left, double right)
{
	const struct ticks ticks = ticks_between(y->low, y->high, 6);

	for (int i = 0; i < ticks.n; i++) {
		const double value = ticks.first + i * ticks.step, at = scale_at(y, value);
		svg_line(out, left, at, right, at, "class='grid'");
		svg_text(out, left - 8, at + 4, "class='soft' text-anchor='end'", "%.*f", ticks.digits, value);
	}
}

static void draw_x_ticks(FILE *out, const struct scale *x, double bottom, int about, bool whole)
{
	struct ticks ticks = ticks_between(x->low, x->high, about);

	if (whole && ticks.step < 1)
		ticks = (struct ticks){ceil(x->low), 1, (int)(floor(x->high) - ceil(x->low)) + 1, 0};
	for (int i = 0; i < ticks.n; i++) {
		const double value = ticks.first + i * ticks.step, at = scale_at(x, value);
		svg_line(out, at, bottom, at, bottom + 4, "class='axis'");
		svg_text(out, at, bottom + 18, "class='soft' text-anchor='middle'", "%.*f", ticks.digits, value);
	}
	svg_line(out, x->from, bottom, x->to, bottom, "class='axis'");
}

/* A line through the epochs; its marks tell it apart without its colour. */
static void draw_curve(FILE *out, const struct curves *curves, bool valid)
{
	const struct report *report = curves->report;
	const size_t stride = report->n_epochs > 40 ? report->n_epochs / 20 : 1;

	(void)fprintf(out, "<polyline class='line %s' points='", valid ? "valid" : "train");
	for (size_t e = 0; e < report->n_epochs; e++) {
		const double rmse = rmse_at(&report->epochs[e], valid);
		if (isfinite(rmse))
			(void)fprintf(out, "%.1f,%.1f ", scale_at(&curves->x, (double)e), scale_at(&curves->y, rmse));
	}
	(void)fputs("'/>\n", out);
	for (size_t e = 0; e < report->n_epochs; e += stride) {
		const double rmse = rmse_at(&report->epochs[e], valid), x = scale_at(&curves->x, (double)e);
		const double y = scale_at(&curves->y, rmse);
		if (!isfinite(rmse))
			continue;
		if (valid)
			(void)fprintf(out, "<circle class='valid-fill' cx='%.1f' cy='%.1f' r='3.2'>", x, y);
		else
			(void)fprintf(out, "<rect class='train-fill' x='%.1f' y='%.1f' width='5' height='5'>", x - 2.5,
				      y - 2.5);
		(void)fprintf(out, "<title>epoch %zu, %s: RMSE %.4f</title></%s>\n", e, valid ? "held out" : "train",
			      rmse, valid ? "circle" : "rect");
	}
}

/* Write the names at the right end of the lines, apart where the lines end close together. */
static void name_curves(FILE *out, const struct curves *curves)
{
	const struct report_epoch *last = &curves->report->epochs[curves->report->n_epochs - 1];
	const double train = rmse_at(last, false), valid = rmse_at(last, true), x = curves->x.to + 14;
	double at_train = scale_at(&curves->y, train), at_valid = scale_at(&curves->y, valid);

	if (isfinite(train) && isfinite(valid) && fabs(at_train - at_valid) < 16) {
		const double middle = (at_train + at_valid) / 2;
		at_train = middle + (at_train >= at_valid ? 8 : -8);
		at_valid = middle + (at_train >= at_valid ? -8 : 8);
	}
	if (isfinite(train))
		svg_text(out, x, at_train + 4, "class='train-fill'", "train %.3f", train);
	if (isfinite(valid))
		svg_text(out, x, at_valid + 4, "class='valid-fill'", "held out %.3f", valid);
}

static void mark_best(FILE *out, const struct curves *curves, double top, double bottom)
{
	const struct report *report = curves->report;
	const int best = report->best_epoch;

	if (best < 0 || (size_t)best >= report->n_epochs || !isfinite(rmse_at(&report->epochs[best], true)))
		return;
	const double rmse = rmse_at(&report->epochs[best], true), x = scale_at(&curves->x, best);
	const bool right = x > (curves->x.from + curves->x.to) / 2;
	svg_line(out, x, top - 2, x, bottom, "class='guide'");
	(void)fprintf(out, "<circle class='ring' cx='%.1f' cy='%.1f' r='7'/>\n", x, scale_at(&curves->y, rmse));
	svg_text(out, x + (right ? -6 : 6), top - 4, right ? "text-anchor='end'" : "text-anchor='start'",
		 "kept: epoch %d, held-out RMSE %.4f", best, rmse);
}

static void draw_curves(FILE *out, const struct report *report, const struct panel *panel)
{
	const double left = panel->x + 48, right = panel->x + panel->width - 100;
	const double top = panel->y + 66, bottom = panel->y + panel->height - 42;
	double low, high;

	panel_begin(out, panel, "Error by epoch",
		    report->n_valid
			? "Root mean squared error, in points of score; lower is better"
			: "Root mean squared error on the training ratings, in points of score; nothing was "
			  "held out (train.valid_pct: 0)");
	if (!range_of_curves(report, &low, &high)) {
		say_instead(out, panel, "No epoch was reported.");
		panel_end(out);
		return;
	}
	const double step = ticks_between(low, high, 6).step;
	const struct curves curves = {
	    report,
	    {0, (double)report->n_epochs - 1, left + 10, right},
	    {floor(low / step) * step, ceil(high / step) * step, bottom, top},
	};
	draw_y_ticks(out, &curves.y, left, right);
	draw_x_ticks(out, &curves.x, bottom, 10, true);
	svg_text(out, (left + right) / 2, bottom + 36, "class='soft' text-anchor='middle'", "epoch");
	draw_curve(out, &curves, false);
	if (report->n_valid)
		draw_curve(out, &curves, true);
	name_curves(out, &curves);
	mark_best(out, &curves, top, bottom);
	panel_end(out);
}

/* ---- how often each score is given ---- */

static void draw_scores(FILE *out, const struct report *report, const struct panel *panel)
{
	const struct report_bins *bins = &report->scores;
	const double top = panel->y + 66, bottom = panel->y + panel->height - 42;
	const double slot = panel->width / (double)bins->n;
	const bool roomy = slot >= 27;
	char count[COUNT_SIZE], name[BIN_SIZE], title[128];
	uint64_t most = 1;

	panel_begin(out, panel, "Ratings by score", "All ratings, held out or not, by the score they give");
	for (size_t i = 0; i < bins->n; i++)
		most = bins->at[i].n > most ? bins->at[i].n : most;
	const struct scale y = {0, (double)most, bottom, top};
	for (size_t i = 0; i < bins->n; i++) {
		const struct report_bin *bin = &bins->at[i];
		const double x = panel->x + (double)i * slot, at = scale_at(&y, (double)bin->n);
		(void)snprintf(title, sizeof title, "score %s: %s ratings", report_bin_name(bins, i, name),
			       format_count(bin->n, count));
		svg_rect(out, x + slot * 0.1, at, slot * 0.8, bottom - at, "class='count-fill'", title);
		if (roomy || bin->n == most)
			svg_text(out, x + slot / 2, at - 5, "class='small' text-anchor='middle'", "%s",
				 format_short(bin->n, count));
		if (bins->kind == BIN_VALUE && (slot >= 18 || i % 2 == 0))
			svg_text(out, x + slot / 2, bottom + 18, "class='soft' text-anchor='middle'", "%s", name);
		else if (bins->kind == BIN_RANGE && i % 3 == 0)
			svg_text(out, x, bottom + 18, "class='soft' text-anchor='middle'", "%g", bin->low);
	}
	svg_line(out, panel->x, bottom, panel->x + panel->width, bottom, "class='axis'");
	svg_text(out, panel->x + panel->width / 2, bottom + 36, "class='soft' text-anchor='middle'", "score");
	panel_end(out);
}

/* ---- error by support ---- */

/* The error on all held-out ratings, as a line to compare with. */
static void draw_overall(FILE *out, const struct report *report, const struct scale *x, double top, double bottom)
{
	const double at = scale_at(x, report->rmse);

	svg_line(out, at, top, at, bottom + 4, "class='guide'");
	svg_text(out, at, bottom + 18, "class='soft small' text-anchor='middle'", "all: %.3f", report->rmse);
}

/* A bin as a row: its name, a bar, the error and the number of ratings. */
static void draw_bucket(FILE *out, const struct report_bins *bins, size_t i, const struct scale *x, double y,
			double right)
{
	const struct report_bin *bin = &bins->at[i];
	char name[BIN_SIZE], count[COUNT_SIZE], title[160];

	report_bin_name(bins, i, name);
	format_count(bin->n, count);
	(void)snprintf(title, sizeof title, "%s training ratings: RMSE %.4f on %s held-out ratings", name, bin->rmse,
		       count);
	svg_text(out, x->from - 8, y + 14, "text-anchor='end'", "%s", name);
	svg_text(out, right, y + 14, "class='soft' text-anchor='end'", "%s", count);
	if (bin->n == 0)
		return;
	svg_rect(out, x->from, y + 3, scale_at(x, bin->rmse) - x->from, BUCKET - 6, "class='valid-fill'", title);
	svg_text(out, right - COUNTS, y + 14, "text-anchor='end'", "%.3f", bin->rmse);
}

static void draw_support(FILE *out, const struct report *report, const struct report_bins *bins, const char *of,
			 const struct panel *panel)
{
	const double left = panel->x + 86, right = panel->x + panel->width, top = panel->y + 74;
	const double bottom = top + (double)bins->n * BUCKET;
	char head[64], more[96];
	double most = report->rmse;

	(void)snprintf(head, sizeof head, "Error by how well the %s is known", of);
	(void)snprintf(more, sizeof more, "By how many training ratings the %s has", of);
	panel_begin(out, panel, head, more);
	for (size_t i = 0; i < bins->n; i++)
		most = bins->at[i].n ? fmax(most, bins->at[i].rmse) : most;
	const struct scale x = {0, most > 0 ? most : 1, left, right - COUNTS - 44};
	svg_text(out, left - 8, top - 5, "class='soft small' text-anchor='end'", "ratings");
	svg_text(out, right - COUNTS, top - 5, "class='soft small' text-anchor='end'", "RMSE");
	svg_text(out, right, top - 5, "class='soft small' text-anchor='end'", "held out");
	for (size_t i = 0; i < bins->n; i++)
		draw_bucket(out, bins, i, &x, top + (double)i * BUCKET, right);
	svg_line(out, left, top, left, bottom, "class='axis'");
	draw_overall(out, report, &x, top, bottom);
	panel_end(out);
}

/* ---- calibration ---- */

static void draw_dots(FILE *out, const struct report_bins *bins, const struct scale *x, const struct scale *y)
{
	uint64_t most = 1;
	char count[COUNT_SIZE];

	for (size_t i = 0; i < bins->n; i++)
		most = bins->at[i].n > most ? bins->at[i].n : most;
	for (size_t i = 0; i < bins->n; i++) {
		const struct report_bin *bin = &bins->at[i];
		if (bin->n == 0)
			continue;
		(void)fprintf(out,
			      "<circle class='valid-fill' fill-opacity='0.75' cx='%.1f' cy='%.1f' r='%.1f'><title>"
			      "predicted %.2f, given %.2f on average, %s ratings</title></circle>\n",
			      scale_at(x, bin->mean_predicted), scale_at(y, bin->mean),
			      fmax(2, 9 * sqrt((double)bin->n / (double)most)), bin->mean_predicted, bin->mean,
			      format_count(bin->n, count));
	}
}

static void draw_calibration(FILE *out, const struct report *report, const struct panel *panel)
{
	const struct report_bins *bins = &report->calibration;
	const double left = panel->x + 30, top = panel->y + 56, bottom = panel->y + panel->height - 48;
	double low = INFINITY, high = -INFINITY;

	panel_begin(out, panel, "Given against predicted", "Mean score given; area: how many are held out");
	for (size_t i = 0; i < bins->n; i++) {
		if (bins->at[i].n == 0)
			continue;
		low = fmin(low, fmin(bins->at[i].mean, bins->at[i].mean_predicted));
		high = fmax(high, fmax(bins->at[i].mean, bins->at[i].mean_predicted));
	}
	const double step = ticks_between(low, high, 6).step;
	low = floor(low / step) * step;
	high = fmax(ceil(high / step) * step, low + step);
	const struct scale x = {low, high, left, panel->x + panel->width}, y = {low, high, bottom, top};
	draw_y_ticks(out, &y, x.from, x.to);
	draw_x_ticks(out, &x, bottom, 6, false);
	svg_line(out, x.from, y.from, x.to, y.to, "class='guide'");
	draw_dots(out, bins, &x, &y);
	svg_text(out, (x.from + x.to) / 2, bottom + 36, "class='soft' text-anchor='middle'", "predicted score");
	panel_end(out);
}

/* ---- the whole ---- */

static void draw_header(FILE *out, const struct report *report)
{
	char a[COUNT_SIZE], b[COUNT_SIZE], c[COUNT_SIZE], d[COUNT_SIZE], e[COUNT_SIZE], date[DATE_SIZE];
	char parameters[152];

	if (report->n_valid)
		svg_text(out, MARGIN, 44, "class='title'", "%s: held-out RMSE %.4f", report->variant, report->rmse);
	else
		svg_text(out, MARGIN, 44, "class='title'", "%s: nothing held out", report->variant);
	svg_text(out, WIDTH - MARGIN, 44, "class='soft' text-anchor='end'", "model %llu, %s",
		 (unsigned long long)report->version, report_date(report, date));
	svg_text(out, MARGIN, 68, "class='soft'", "%s", report_cut(report->parameters, parameters, sizeof parameters));
	svg_text(out, MARGIN, 87, "class='soft'",
		 "%s ratings of %s items by %s users: %s trained on, %s held out; seed %llu",
		 format_count(report->n_ratings, a), format_count(report->n_items, b), format_count(report->n_users, c),
		 format_count(report->n_train, d), format_count(report->n_valid, e), (unsigned long long)report->seed);
}

static void describe_picture(FILE *out, const struct report *report)
{
	(void)fputs("<title id='report-title'>Training report of ", out);
	xml_text(out, report->variant);
	(void)fprintf(out, ", model %llu</title>\n<desc id='report-desc'>", (unsigned long long)report->version);
	if (report->n_valid)
		(void)fprintf(
		    out,
		    "Held-out RMSE %.4f, MAE %.4f; predicting the mean of the training ratings alone has RMSE "
		    "%.4f. Best epoch %d of %zu. ",
		    report->rmse, report->mae, report->rmse_mean, report->best_epoch, report->n_epochs);
	(void)fputs("Charts: error by epoch; ratings by score; error by training ratings of the item and of the user; "
		    "score given against score predicted.</desc>\n",
		    out);
}

void report_picture(const struct report *report, FILE *out)
{
	const struct panel curves = {MARGIN, UPPER_TOP, 2 * THIRD + GAP - 20, UPPER};
	const struct panel scores = {MARGIN + 2 * (THIRD + GAP), UPPER_TOP, THIRD, UPPER};
	const struct panel item = {MARGIN, LOWER_TOP, THIRD, LOWER};
	const struct panel user = {MARGIN + THIRD + GAP, LOWER_TOP, THIRD, LOWER};
	const struct panel calibration = {MARGIN + 2 * (THIRD + GAP), LOWER_TOP, THIRD, LOWER};
	const double height = report->n_valid ? HEIGHT : LOWER_TOP;

	(void)fprintf(out,
		      "<svg xmlns='http://www.w3.org/2000/svg' class='report' role='img' aria-labelledby='report-title "
		      "report-desc' viewBox='0 0 %.0f %.0f' width='%.0f' height='%.0f'>\n",
		      WIDTH, height, WIDTH, height);
	describe_picture(out, report);
	(void)fputs(style, out);
	svg_rect(out, 0, 0, WIDTH, height, "class='page'", NULL);
	draw_header(out, report);
	draw_curves(out, report, &curves);
	draw_scores(out, report, &scores);
	if (report->n_valid) {
		draw_support(out, report, &report->by_item, "item", &item);
		draw_support(out, report, &report->by_user, "user", &user);
		draw_calibration(out, report, &calibration);
	}
	(void)fputs("</svg>\n", out);
}

void report_svg(const struct report *report, FILE *out)
{
	(void)fputs("<?xml version='1.0' encoding='UTF-8'?>\n", out);
	report_picture(report, out);
}

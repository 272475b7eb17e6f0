/* report-html.c - writes the report as a page: the picture, and its numbers as tables. */
#include "config.h"

#include <math.h>

#include "base/format.h"
#include "report/report-text.h"
#include "report/svg.h"

static const char head[] =
    "<meta name='viewport' content='width=device-width'/>\n"
    "<meta name='color-scheme' content='light dark'/>\n"
    "<style>\n"
    "body{margin:0 auto;max-width:1000px;padding:16px;background:#fff;color:#1f2328;"
    "font:14px/1.5 system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}\n"
    "svg.report{display:block;width:100%;height:auto}\n"
    "h1{font-size:24px;margin:8px 28px}h2{font-size:16px;margin:28px 0 6px}\n"
    "main{margin:0 28px}\n"
    ".tables{display:flex;flex-wrap:wrap;gap:0 40px;align-items:flex-start}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;white-space:nowrap;font-weight:600;font-size:14px;padding:20px 0 6px}\n"
    "th,td{padding:3px 12px 3px 0;text-align:right;border-bottom:1px solid #dfe4e9}\n"
    "th{font-weight:600}\n"
    "th[scope=row]{text-align:left;font-weight:400;white-space:nowrap}\n"
    "#run td{text-align:left;overflow-wrap:anywhere}\n"
    "tr.best td,tr.best th{font-weight:600}\n"
    "@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th,td{border-color:#2a313a}}\n"
    "</style>\n";

static void row_text(FILE *out, const char *name, const char *value)
{
	(void)fprintf(out, "<tr><th scope='row'>%s</th><td>", name);
	xml_text(out, value);
	(void)fputs("</td></tr>\n", out);
}

static void row_count(FILE *out, const char *name, uint64_t n)
{
	char count[COUNT_SIZE];

	row_text(out, name, format_count(n, count));
}

static void row_real(FILE *out, const char *name, double value)
{
	if (isfinite(value))
		(void)fprintf(out, "<tr><th scope='row'>%s</th><td>%.6f</td></tr>\n", name, value);
}

static void cell_real(FILE *out, double value)
{
	if (isfinite(value))
		(void)fprintf(out, "<td>%.6f</td>", value);
	else
		(void)fputs("<td>\xe2\x80\x93</td>", out);
}

static void table_begin(FILE *out, const char *id, const char *caption, const char *const *columns)
{
	(void)fprintf(out, "<table id='%s'><caption>%s</caption>\n", id, caption);
	if (columns) {
		(void)fputs("<thead><tr>", out);
		for (; *columns; columns++)
			(void)fprintf(out, "<th scope='col'>%s</th>", *columns);
		(void)fputs("</tr></thead>\n", out);
	}
	(void)fputs("<tbody>\n", out);
}

static void table_end(FILE *out)
{
	(void)fputs("</tbody></table>\n", out);
}

static void table_run(FILE *out, const struct report *report)
{
	char date[DATE_SIZE];

	table_begin(out, "run", "The run", NULL);
	row_text(out, "variant", report->variant);
	row_text(out, "parameters", report->parameters);
	row_count(out, "model", report->version);
	row_text(out, "written", report_date(report, date));
	row_count(out, "seed", report->seed);
	row_text(out, "digest of the data", report->digest);
	row_count(out, "users", report->n_users);
	row_count(out, "items", report->n_items);
	row_count(out, "ratings", report->n_ratings);
	row_count(out, "trained on", report->n_train);
	row_count(out, "held out", report->n_valid);
	row_real(out, "held-out RMSE", report->rmse);
	row_real(out, "held-out MAE", report->mae);
	row_real(out, "RMSE of predicting the training mean", report->rmse_mean);
	table_end(out);
}

static void table_epochs(FILE *out, const struct report *report)
{
	static const char *const columns[] = {"epoch", "train MSE", "held-out MSE", "held-out RMSE", "seconds", NULL};

	table_begin(out, "epochs", "Epochs (bold: the one that was kept)", columns);
	for (size_t e = 0; e < report->n_epochs; e++) {
		const struct report_epoch *epoch = &report->epochs[e];
		(void)fprintf(out, "<tr%s><th scope='row'>%zu</th>",
			      (int)e == report->best_epoch ? " class='best'" : "", e);
		cell_real(out, epoch->train_loss);
		cell_real(out, epoch->valid_loss);
		cell_real(out, sqrt(epoch->valid_loss));
		(void)fprintf(out, "<td>%.3f</td></tr>\n", epoch->seconds);
	}
	table_end(out);
}

static void bin_begin(FILE *out, const struct report_bins *bins, size_t i)
{
	char name[BIN_SIZE], count[COUNT_SIZE];

	(void)fprintf(out, "<tr><th scope='row'>%s</th><td>%s</td>", report_bin_name(bins, i, name),
		      format_count(bins->at[i].n, count));
}

static void table_scores(FILE *out, const struct report_bins *bins)
{
	static const char *const columns[] = {"score", "ratings", NULL};

	table_begin(out, "scores", "Ratings by score", columns);
	for (size_t i = 0; i < bins->n; i++) {
		bin_begin(out, bins, i);
		(void)fputs("</tr>\n", out);
	}
	table_end(out);
}

static void table_support(FILE *out, const char *id, const char *caption, const struct report_bins *bins)
{
	static const char *const columns[] = {"training ratings", "held out", "RMSE", NULL};

	table_begin(out, id, caption, columns);
	for (size_t i = 0; i < bins->n; i++) {
		bin_begin(out, bins, i);
		cell_real(out, bins->at[i].rmse);
		(void)fputs("</tr>\n", out);
	}
	table_end(out);
}

static void table_calibration(FILE *out, const struct report_bins *bins)
{
	static const char *const columns[] = {"predicted", "held out", "mean predicted", "mean given", "RMSE", NULL};

	table_begin(out, "calibration", "Given against predicted", columns);
	for (size_t i = 0; i < bins->n; i++) {
		bin_begin(out, bins, i);
		cell_real(out, bins->at[i].mean_predicted);
		cell_real(out, bins->at[i].mean);
		cell_real(out, bins->at[i].rmse);
		(void)fputs("</tr>\n", out);
	}
	table_end(out);
}

void report_html(const struct report *report, FILE *out)
{
	(void)fputs("<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'/>\n<title>", out);
	xml_text(out, report->variant);
	(void)fprintf(out, ", model %llu: training report</title>\n", (unsigned long long)report->version);
	(void)fputs(head, out);
	(void)fputs("</head>\n<body>\n<h1>Training report</h1>\n", out);
	report_picture(report, out);
	(void)fputs("<main>\n", out);
	if (report->n_valid == 0)
		(void)fputs(
		    "<p>Nothing was held out (train.valid_pct: 0), so there is no error to report beside that on "
		    "the training ratings.</p>\n",
		    out);
	(void)fputs("<div class='tables'>\n", out);
	table_run(out, report);
	table_epochs(out, report);
	table_scores(out, &report->scores);
	if (report->n_valid > 0) {
		table_support(out, "by-item", "Error by training ratings of the item", &report->by_item);
		table_support(out, "by-user", "Error by training ratings of the user", &report->by_user);
		table_calibration(out, &report->calibration);
	}
	(void)fputs("</div>\n</main>\n</body>\n</html>\n", out);
}

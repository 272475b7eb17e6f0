/* tune-print.c - prints the trials of a search, for people and for programs. */
#include "config.h"

#include "evaluate/tune-print.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/string-stream.h"
#include "config/param-read.h"

/* The most rows of the table; JSON has all trials. */
enum { ROWS = 24 };

static const char *dim_name(const struct tune_run *tune, size_t d)
{
	const struct tune_space *space = tune->search.space;

	return space->table[space->dims[d].param].name;
}

static int column_width(const char *name)
{
	const size_t length = strlen(name);

	return (int)(length > 8 ? length : 8);
}

static void print_figure(FILE *out, double figure)
{
	if (isfinite(figure))
		(void)fprintf(out, "  %7.4f", figure);
	else
		(void)fprintf(out, "  %7s", "-");
}

static void print_trial(const struct tune_run *tune, size_t t, FILE *out)
{
	const struct tune_trial *trial = &tune->search.trials[t];
	const bool measured = trial->rung >= 0 && !*trial->failed;
	char users[16] = "-", epochs[32] = "-";

	if (measured) {
		(void)snprintf(users, sizeof users, "%.0f%%", tune->bench.share[trial->rung] * 100);
		(void)snprintf(epochs, sizeof epochs, "%d/%d", trial->score.best_epoch + 1, trial->score.epochs);
	}
	(void)fprintf(out, "%4zu  %5zu", t + 1, trial->number + 1);
	print_figure(out, measured ? trial->score.rmse : NAN);
	print_figure(out, measured ? trial->second : NAN);
	print_figure(out, measured && !isnan(trial->second) ? tune_trial_rmse(trial) : NAN);
	(void)fprintf(out, "  %5s  %7s", users, epochs);
	if (measured)
		(void)fprintf(out, "  %7.2f", trial->score.seconds);
	else
		(void)fprintf(out, "  %7s", "-");
	for (size_t d = 0; d < tune->search.space->n; d++)
		(void)fprintf(out, "  %*.6g", column_width(dim_name(tune, d)), trial->point.at[d]);
	if (*trial->failed)
		(void)fprintf(out, "  %s", trial->failed);
	else if (!measured)
		(void)fputs("  not measured", out);
	(void)fputc('\n', out);
}

static void print_table(const struct tune_run *tune, FILE *out)
{
	const struct tune_search *search = &tune->search;

	(void)fprintf(out, "%4s  %5s  %7s  %7s  %7s  %5s  %7s  %7s", "rank", "trial", "RMSE", "again", "mean", "users",
		      "kept", "seconds");
	for (size_t d = 0; d < search->space->n; d++)
		(void)fprintf(out, "  %*s", column_width(dim_name(tune, d)), dim_name(tune, d));
	(void)fputc('\n', out);
	for (size_t t = 0; t < search->n && t < ROWS; t++)
		print_trial(tune, t, out);
	if (search->n > ROWS)
		(void)fprintf(out, "... and %zu that are worse; --json has them all\n", search->n - ROWS);
}

static const struct tune_trial *find_configuration(const struct tune_search *search)
{
	size_t t = 0;

	while (search->trials[t].number != 0)
		t++;
	return &search->trials[t];
}

/* Name the parameters whose best value is at an end of the range: better ones may lie beyond it. */
static void print_edges(const struct tune_run *tune, FILE *out)
{
	const struct tune_space *space = tune->search.space;

	for (size_t d = 0; d < space->n; d++) {
		const struct tune_dim *dim = &space->dims[d];
		const struct animed_param *param = &space->table[dim->param];
		const int edge = tune_space_edge(space, d, &tune->search.trials[0].point);
		if (edge == 0)
			continue;
		double low = edge > 0 ? dim->high / 2 : dim->low / TUNE_SPREAD;
		double high = edge > 0 ? dim->high * TUNE_SPREAD : dim->low * 2;
		if (param->min != 0 || param->max != 0) {
			low = fmax(low, param->min);
			high = fmin(high, param->max);
		}
		if (param->type == ANIMED_INT) {
			low = floor(low);
			high = ceil(high);
		}
		(void)fprintf(out, "# %s is at the %s end of its range; --set %s=%.3g..%.3g looks further\n",
			      param->name, edge > 0 ? "upper" : "lower", param->name, low, high);
	}
}

/* The configured stage with the values of a trial, which are written to `values`. */
static struct conf_stage stage_of(const struct tune_run *tune, const struct tune_trial *trial,
				  struct animed_value *values)
{
	struct conf_stage stage = tune->conf->model;

	tune_space_values(tune->search.space, &trial->point, values);
	stage.values = values;
	return stage;
}

static struct animed_value *room_for_values(const struct tune_run *tune)
{
	return calloc(params_count(tune->search.space->table) + 1, sizeof(struct animed_value));
}

int tune_print_text(const struct tune_run *tune, FILE *out)
{
	const struct tune_trial *best = &tune->search.trials[0], *usual = find_configuration(&tune->search);
	struct animed_value *values = room_for_values(tune);
	int status = -1;

	print_table(tune, out);
	(void)fputc('\n', out);
	if (best == usual)
		(void)fprintf(out, "# The configuration (trial 1) is the best of what was tried: RMSE %.4f\n",
			      tune_trial_rmse(best));
	else if (usual->rung >= 0 && !*usual->failed)
		(void)fprintf(out, "# Trial %zu: RMSE %.4f; the configuration (trial 1) has %.4f\n", best->number + 1,
			      tune_trial_rmse(best), tune_trial_rmse(usual));
	else
		(void)fprintf(out, "# Trial %zu: RMSE %.4f\n", best->number + 1, tune_trial_rmse(best));
	print_edges(tune, out);
	if (values) {
		const struct conf_stage stage = stage_of(tune, best, values);
		status = conf_print_model(&stage, out, NULL);
	}
	free(values);
	return status;
}

/* ---- JSON ---- */

/* A number; null where it is not finite. */
static json_t *figure(double number)
{
	return isfinite(number) ? json_real(number) : json_null();
}

static json_t *parameters_of(const struct tune_run *tune, const struct tune_trial *trial)
{
	struct animed_value *values = room_for_values(tune);
	json_t *object = NULL;

	if (values) {
		const struct conf_stage stage = stage_of(tune, trial, values);
		char *text = conf_stage_json(&stage);
		struct animed_error err;
		if (text)
			(void)read_json(text, strlen(text), 0, 0, &object, &err);
		free(text);
	}
	free(values);
	return object;
}

/* NULL: memory is short. */
static json_t *trial_json(const struct tune_run *tune, size_t t)
{
	const struct tune_trial *trial = &tune->search.trials[t];
	const bool measured = trial->rung >= 0 && !*trial->failed;
	json_t *object = json_pack(
	    "{s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "rank", (int)t + 1, "trial", (int)trial->number + 1, "rmse",
	    figure(measured ? trial->score.rmse : NAN), "rmse_again", figure(measured ? trial->second : NAN), "users",
	    figure(measured ? tune->bench.share[trial->rung] : NAN), "seconds",
	    figure(measured ? trial->score.seconds : NAN), "parameters", parameters_of(tune, trial));

	int bad = object ? 0 : -1;

	if (measured) {
		bad |= json_object_set_new(object, "epochs", json_integer(trial->score.epochs));
		bad |= json_object_set_new(object, "best_epoch", json_integer(trial->score.best_epoch));
	}
	if (*trial->failed)
		bad |= json_object_set_new(object, "failed", json_string(trial->failed));
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

static char *yaml_of(const struct tune_run *tune, const struct tune_trial *trial)
{
	struct animed_value *values = room_for_values(tune);
	struct string_stream stream = {NULL};
	FILE *out = values ? string_stream_open(&stream) : NULL;

	if (out) {
		const struct conf_stage stage = stage_of(tune, trial, values);
		if (conf_print_model(&stage, out, NULL) < 0)
			stream.failed = true;
	}
	char *text = string_stream_close(&stream);
	free(values);
	return text;
}

int tune_print_json(const struct tune_run *tune, FILE *out)
{
	const struct tune_search *search = &tune->search;
	char *yaml = yaml_of(tune, &search->trials[0]);
	json_t *trials = json_array();
	int bad = 0;

	for (size_t t = 0; t < search->n; t++)
		bad |= json_array_append_new(trials, trial_json(tune, t));
	json_t *object =
	    json_pack("{s:s, s:[I, I], s:b, s:i, s:f, s:o, s:s}", "model", tune->conf->model.plugin.info->name, "seeds",
		      (json_int_t)tune->wish.seed, (json_int_t)tune->wish.seed + 1, "complete", !search->stopped,
		      "best", (int)search->trials[0].number + 1, "rmse", tune_trial_rmse(&search->trials[0]), "trials",
		      trials, "yaml", yaml ? yaml : "");
	bad |= !yaml || !object || json_dumpf(object, out, JSON_INDENT(2)) < 0;
	(void)fputc('\n', out);
	json_decref(object);
	free(yaml);
	return bad ? -1 : 0;
}

/* evaluate-print.c - prints the figures as a table for people and as JSON for scripts. */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "evaluate/evaluate.h"

enum { CELL = 64 };

/* The tables, one below the other. */
enum table { TABLE_ALL, TABLE_NEW, TABLES };

static const char *const titles[TABLES] = {
    [TABLE_ALL] = "",
    [TABLE_NEW] = "Of franchises new to the user alone, without items of those that the user is known to have rated:\n",
};

/* How a metric is shown. */
static const struct column {
	const char *head; /* "%u" stands for the length of the lists */
	const char *key;
	int digits;
	enum table table;
} columns[METRICS] = {
    [METRIC_RMSE] = {"RMSE", "rmse", 4, TABLE_ALL},
    [METRIC_MAE] = {"MAE", "mae", 4, TABLE_ALL},
    [METRIC_NDCG] = {"NDCG@%u", "ndcg", 4, TABLE_ALL},
    [METRIC_RECALL] = {"recall@%u", "recall", 4, TABLE_ALL},
    [METRIC_RECALL_20] = {"recall@20", "recall_20", 4, TABLE_ALL},
    [METRIC_HIT_RATE] = {"hit rate@%u", "hit_rate", 4, TABLE_ALL},
    [METRIC_COVERAGE] = {"coverage", "coverage", 4, TABLE_ALL},
    [METRIC_POPULARITY] = {"mean popularity", "mean_popularity", 0, TABLE_ALL},
    [METRIC_LONG_TAIL] = {"long tail", "long_tail", 4, TABLE_ALL},
    [METRIC_NEW_NDCG] = {"NDCG@%u", "new_ndcg", 4, TABLE_NEW},
    [METRIC_NEW_RECALL_20] = {"recall@20", "new_recall_20", 4, TABLE_NEW},
    [METRIC_SECONDS] = {"seconds", "seconds", 2, TABLE_ALL},
};

static const char *const splits[] = {
    [SPLIT_RANDOM] = "random",
    [SPLIT_LEAVE_OUT] = "leave-out",
    [SPLIT_USERS] = "users",
};

const char *evaluate_split_name(enum evaluate_split split)
{
	return splits[split];
}

static void print_split(const struct evaluation *evaluation, FILE *out)
{
	const struct evaluate_options *options = &evaluation->options;
	const struct evaluate_facts *facts = &evaluation->facts[0];

	(void)fprintf(out, "split      %s: ", splits[options->split]);
	if (options->split == SPLIT_RANDOM)
		(void)fprintf(out, "%g of the ratings hidden", options->share);
	else if (options->split == SPLIT_LEAVE_OUT)
		(void)fprintf(out, "%zu ratings hidden of every user who has at least %zu", options->leave_out,
			      2 * options->leave_out);
	else
		(void)fprintf(
		    out, "%" PRIu32 " users left out of training; %g of each one's ratings hidden, the other %zu shown",
		    facts->test_users, options->share, facts->shown);
	(void)fprintf(out, "\nseed       %" PRIu64, facts->seed);
	if (options->repeat > 1)
		(void)fprintf(out, " to %" PRIu64 "; means +- standard deviations of %u runs, facts of the first",
			      facts->seed + options->repeat - 1, options->repeat);
	(void)fprintf(out, "\ntraining   %zu ratings of %" PRIu32 " users for %" PRIu32 " items\n", facts->train,
		      facts->train_users, facts->candidates);
	(void)fprintf(out, "hidden     %zu ratings of %" PRIu32 " users", facts->hidden, facts->test_users);
	if (facts->cold)
		(void)fprintf(out, "; %" PRIu32 " items without a training rating cannot be recommended", facts->cold);
	(void)fprintf(
	    out, "\nrelevant   hidden and rated %g or higher: %zu ratings of %" PRIu32 " users, who are ranked for\n",
	    options->threshold, facts->relevant, facts->ranked_users);
	(void)fprintf(
	    out, "lists      the best %u of all %" PRIu32 " items, without those the user is known to have rated\n",
	    options->top, facts->candidates);
}

static void format_head(const struct evaluation *evaluation, size_t i, char cell[CELL])
{
	const char *head = columns[i].head, *at = strstr(head, "%u");

	if (at)
		(void)snprintf(cell, CELL, "%.*s%u", (int)(at - head), head, evaluation->options.top);
	else
		(void)snprintf(cell, CELL, "%s", head);
}

static void format_value(const struct evaluation *evaluation, size_t row, size_t i, char cell[CELL])
{
	const int digits = columns[i].digits;
	double mean, deviation;

	metrics_mean(evaluation->values[row][i], evaluation->options.repeat, &mean, &deviation);
	if (isnan(mean))
		(void)snprintf(cell, CELL, "-");
	else if (evaluation->options.repeat > 1)
		(void)snprintf(cell, CELL, "%.*f +-%.*f", digits, mean, digits, deviation);
	else
		(void)snprintf(cell, CELL, "%.*f", digits, mean);
}

static void print_table(const struct evaluation *evaluation, enum table table, FILE *out)
{
	char cells[EVALUATE_ROWS + 1][METRICS][CELL];
	size_t name_width = strlen("model"), width;

	for (size_t row = 0; row < EVALUATE_ROWS; row++) {
		width = strlen(evaluation->names[row]);
		name_width = width > name_width ? width : name_width;
	}
	for (size_t i = 0; i < METRICS; i++) {
		format_head(evaluation, i, cells[0][i]);
		for (size_t row = 0; row < EVALUATE_ROWS; row++)
			format_value(evaluation, row, i, cells[row + 1][i]);
	}
	(void)fputs(titles[table], out);
	for (size_t line = 0; line <= EVALUATE_ROWS; line++) {
		(void)fprintf(out, "%-*s", (int)name_width, line ? evaluation->names[line - 1] : "model");
		for (size_t i = 0; i < METRICS; i++) {
			width = 0;
			for (size_t row = 0; row <= EVALUATE_ROWS; row++)
				width = strlen(cells[row][i]) > width ? strlen(cells[row][i]) : width;
			if (columns[i].table == table)
				(void)fprintf(out, "  %*s", (int)width, cells[line][i]);
		}
		(void)fputc('\n', out);
	}
}

void evaluate_print(const struct evaluation *evaluation, FILE *out)
{
	print_split(evaluation, out);
	for (int table = 0; table < TABLES; table++) {
		(void)fputc('\n', out);
		print_table(evaluation, (enum table)table, out);
	}
}

static json_t *number(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

/* The metrics of a contender: means and, where there are several runs, standard deviations in "sd".
 * NULL: memory is short. */
static json_t *json_row(const struct evaluation *evaluation, size_t row)
{
	const unsigned repeat = evaluation->options.repeat;
	json_t *object = json_object(), *sd = repeat > 1 ? json_object() : json_null();

	int bad = json_object_set_new(object, "name", json_string(evaluation->names[row]));

	bad |= json_object_set_new(object, "baseline", json_boolean(row < EVALUATE_MODEL));
	for (size_t i = 0; i < METRICS; i++) {
		double mean, deviation;
		metrics_mean(evaluation->values[row][i], repeat, &mean, &deviation);
		bad |= json_object_set_new(object, columns[i].key, number(mean));
		if (repeat > 1)
			bad |= json_object_set_new(sd, columns[i].key, number(deviation));
	}
	bad |= json_object_set_new(object, "sd", sd);
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *json_run(const struct evaluate_facts *facts)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "seed", (json_int_t)facts->seed,
			 "train_ratings", (json_int_t)facts->train, "train_users", (json_int_t)facts->train_users,
			 "shown_ratings", (json_int_t)facts->shown, "hidden_ratings", (json_int_t)facts->hidden,
			 "relevant_ratings", (json_int_t)facts->relevant, "test_users", (json_int_t)facts->test_users,
			 "ranked_users", (json_int_t)facts->ranked_users, "items", (json_int_t)facts->candidates,
			 "cold_items", (json_int_t)facts->cold);
}

int evaluate_print_json(const struct evaluation *evaluation, FILE *out)
{
	const struct evaluate_options *options = &evaluation->options;
	json_t *runs = json_array(), *models = json_array();
	int bad = 0;

	for (unsigned run = 0; run < options->repeat; run++)
		bad |= json_array_append_new(runs, json_run(&evaluation->facts[run]));
	for (size_t row = 0; row < EVALUATE_ROWS; row++)
		bad |= json_array_append_new(models, json_row(evaluation, row));
	json_t *object = json_pack("{s:s, s:f, s:i, s:o, s:o}", "split", splits[options->split], "threshold",
				   options->threshold, "top", (int)options->top, "runs", runs, "models", models);
	if (!bad)
		bad = object ? json_dumpf(object, out, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : -1;
	json_decref(object);
	(void)fputc('\n', out);
	return bad ? -1 : 0;
}

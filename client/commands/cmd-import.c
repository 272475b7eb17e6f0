/* cmd-import.c - animectl import: takes lists that other programs and sites wrote into my list. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "lists/change.h"
#include "lists/finish.h"
#include "lists/formats.h"
#include "lists/lookup.h"
#include "lists/mine.h"
#include "lists/say.h"

/* How many lines of a kind are printed without -v. */
enum { FEW = 3 };

/* What an import came to. */
struct report {
	const char *path;
	const struct list_format *format;
	struct list list; /* as it was read; its entries are my list's after mine_merge() */
	size_t n, uses[LIST_USES];
	double scale;
	char *scale_text;
	struct lookup lookup;
	size_t without_id;
	struct mine_merged merged;
};

static const char *const use_names[LIST_USES] = {
    [LIST_RATING] = "ratings",   [LIST_SEEN] = "seen without a score",
    [LIST_WISH] = "planned",     [LIST_MILD_DISLIKE] = "dropped without a score",
    [LIST_DISLIKE] = "unwanted", [LIST_NOT_AGAIN] = "ignored",
};

/* ---- for people ---- */

static void print_uses(const struct report *report)
{
	bool any = false;

	for (size_t i = 0; i < LIST_USES; i++) {
		if (report->uses[i] == 0)
			continue;
		(void)printf("%s%zu %s", any ? ", " : "  ", report->uses[i],
			     i == LIST_RATING && report->uses[i] == 1 ? "rating" : use_names[i]);
		any = true;
	}
	if (any)
		(void)putchar('\n');
}

static void print_lookup(const struct report *report, bool all)
{
	const size_t n = json_array_size(report->lookup.lines);

	if (report->lookup.strange) {
		(void)puts("  most ids stand for other shows in the daemon's catalogue, so nothing was taken from it");
		return;
	}
	if (!report->lookup.asked) {
		if (report->lookup.why)
			(void)printf("  the daemon could not be asked: %s\n", report->lookup.why);
		if (report->without_id > 0)
			(void)printf(
			    "  %zu %s no id of MyAnimeList; import again when a daemon runs, which finds ids\n",
			    report->without_id, report->without_id == 1 ? "has" : "have");
		return;
	}
	if (report->lookup.by_ids > 0)
		(void)printf("  %zu %s ids of other services alone, and the daemon knows none: set lists.ids in "
			     "animed.yaml, and import again\n",
			     report->lookup.by_ids, report->lookup.by_ids == 1 ? "has" : "have");
	if (n > 0)
		(void)printf("  %zu not in the daemon's catalogue:\n", n);
	for (size_t i = 0; i < n && (all || i < FEW); i++)
		(void)printf("    %s\n", json_string_value(json_array_get(report->lookup.lines, i)));
	if (!all && n > FEW)
		(void)printf("    and %zu more, which -v lists\n", n - FEW);
}

/* What of the entries changed, such as " (3 scores, 1 status)". */
static void print_changes(const struct mine_merged *merged)
{
	if (merged->scores > 0)
		(void)printf(" (%zu %s", merged->scores, merged->scores == 1 ? "score" : "scores");
	if (merged->statuses > 0)
		(void)printf("%s%zu %s", merged->scores > 0 ? ", " : " (", merged->statuses,
			     merged->statuses == 1 ? "status" : "statuses");
	if (merged->scores + merged->statuses > 0)
		(void)putchar(')');
}

static void print_report(const struct report *report, bool all)
{
	const struct mine_merged *merged = &report->merged;

	(void)printf("%s: %s, %zu %s", report->path, report->format->what, report->n,
		     report->n == 1 ? "show" : "shows");
	if (report->uses[LIST_RATING] > 0)
		(void)printf(", %s", report->scale_text);
	(void)putchar('\n');
	print_uses(report);
	if (report->list.others > 0)
		(void)printf("  %zu of other kinds left out, such as manga, games and episodes\n", report->list.others);
	if (report->list.repeats > 0)
		(void)printf("  %zu of them stood there more than once\n", report->list.repeats);
	list_say(&report->list, "  ", "-v", all, stdout);
	print_lookup(report, all);
	(void)printf("  your list: %zu new, %zu changed", merged->added, merged->changed);
	print_changes(merged);
	(void)printf(", %zu as before", merged->same);
	if (merged->ignored > 0)
		(void)printf("; %zu stay ignored", merged->ignored);
	(void)putchar('\n');
}

/* ---- for programs ---- */

static void print_json(const struct report *report)
{
	static const char *const keys[LIST_USES] = {"ratings", "seen", "planned", "dropped", "unwanted", "ignored"};
	json_t *told = json_array(), *uses = json_object(), *result;

	for (size_t i = 0; i < LIST_USES; i++) {
		if (json_object_set_new(uses, keys[i], json_integer((json_int_t)report->uses[i])) < 0)
			memory_is_short();
	}
	for (size_t i = 0; i < list_told(&report->list); i++) {
		if (json_array_append_new(told, json_string(report->list.told[i])) < 0)
			memory_is_short();
	}
	result = json_pack("{s:s, s:s, s:I, s:f, s:b, s:o, s:I, s:I, s:o, s:b, s:O, s:I, s:I, s:I, s:I, s:I, s:I}",
			   "file", report->path, "format", report->format->name, "shows", (json_int_t)report->n,
			   "scale", report->scale, "scale_guessed", report->list.scale_guessed, "used", uses, "others",
			   (json_int_t)report->list.others, "repeats", (json_int_t)report->list.repeats, "told", told,
			   "looked_up", report->lookup.asked, "not_found", report->lookup.lines, "ids_unknown",
			   (json_int_t)report->lookup.by_ids, "scores_changed", (json_int_t)report->merged.scores,
			   "statuses_changed", (json_int_t)report->merged.statuses, "added",
			   (json_int_t)report->merged.added, "changed", (json_int_t)report->merged.changed, "same",
			   (json_int_t)report->merged.same);
	if (!result)
		memory_is_short();
	char *text = memory_take(json_dumps(result, JSON_INDENT(2) | JSON_REAL_PRECISION(15)));
	(void)puts(text);
	free(text);
	json_decref(result);
}

/* ---- the import ---- */

/* Take the list over into mine. */
static enum ctl_exit merge(const struct ctl *ctl, struct report *report)
{
	enum ctl_exit status = CTL_OK;
	struct list_error err;
	struct mine mine;
	const bool open = mine_open(&mine, &err) == 0;

	if (open && report->lookup.asked)
		lookup_kept(ctl, &mine.list, true);
	if (!open)
		status = change_failed(&err, CTL_FAILED);
	else if (mine_merge(&mine.list, &report->list, &report->merged, &err) < 0)
		status = change_failed(&err, CTL_REFUSED);
	else if (report->merged.added + report->merged.changed > 0 && mine_back_up(&mine, &err) < 0)
		status = change_failed(&err, CTL_BROKEN);
	else if (mine_save(&mine, &err) < 0)
		status = change_failed(&err, CTL_BROKEN);
	mine_close(&mine);
	return status;
}

static void count(struct report *report)
{
	report->n = report->list.n;
	report->scale = report->list.scale;
	report->scale_text = list_scale_text(&report->list);
	for (size_t i = 0; i < report->list.n; i++) {
		report->uses[list_use(&report->list.entries[i])]++;
		report->without_id += report->list.entries[i].ids[LIST_MAL] == 0;
	}
}

static enum ctl_exit import_file(const struct ctl *ctl, const char *path, double scale)
{
	struct report report = {.path = strcmp(path, "-") == 0 ? "standard input" : path};
	struct list_error err;
	enum ctl_exit status;

	if (list_read(path, cmdline_get(&ctl->line, "format"), scale, &report.list, &report.format, &err) < 0) {
		status = change_failed(&err, CTL_REFUSED);
		list_free(&report.list);
		return status;
	}
	count(&report);
	list_rescale(&report.list);
	lookup_list(ctl, &report.list, &report.lookup);
	status = merge(ctl, &report);
	if (status == CTL_OK && ctl->json)
		print_json(&report);
	else if (status == CTL_OK)
		print_report(&report, cmdline_get(&ctl->line, "verbose") != NULL);
	lookup_free(&report.lookup);
	free(report.scale_text);
	list_free(&report.list);
	return status;
}

/* Read --scale; 0 where it is not given. */
static int read_scale(const struct ctl *ctl, double *scale)
{
	const char *text = cmdline_get(&ctl->line, "scale");
	char *end;

	*scale = 0;
	if (!text)
		return 0;
	*scale = strtod(text, &end);
	if (end != text && *end == '\0' && *scale > 0 && isfinite(*scale))
		return 0;
	(void)fprintf(stderr, "animectl: --scale is the highest score that there can be, such as 100, 10 or 5\n");
	return -1;
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	const char *format = cmdline_get(&ctl->line, "format");
	enum ctl_exit status = CTL_OK;
	double scale;

	if (read_scale(ctl, &scale) < 0)
		return CTL_USAGE;
	if (format && !list_format_exists(format)) {
		char *names = list_format_names();
		(void)fprintf(stderr, "animectl: --format is one of %s\n", names);
		free(names);
		return CTL_USAGE;
	}
	for (int i = 0; i < ctl->argc; i++) {
		const enum ctl_exit one = import_file(ctl, ctl->argv[i], scale);
		status = status == CTL_OK ? one : status;
	}
	return status;
}

static const struct cmdline_option options[] = {
    {"format", 'f', "FORMAT", "what the file is, if its content does not tell"},
    {"scale", 0, "N", "the highest score that the list could have: 100, 10, 5, 3"},
    {"verbose", 'v', NULL, "list all that was not found or is wrong"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_import = {
    .name = "import",
    .args = "FILE...",
    .summary = "take a list from MyAnimeList, AniList, Kitsu or elsewhere into yours",
    .options = options,
    .min_args = 1,
    .max_args = -1,
    .exec = exec,
};

/* report.c - records the epochs of a run, and writes its report to a file. */
#include "config.h"

#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/columns.h"
#include "base/files.h"
#include "cli/string-stream.h"
#include "config/param-read.h"

static void recorder_progress(void *ctx, const struct animed_progress *now)
{
	struct recorder *recorder = ctx;
	const struct animed_host *to = recorder->relay.to;

	if (now->epoch_done) {
		if (grow((void **)&recorder->epochs, &recorder->room, recorder->n + 1, sizeof *recorder->epochs) == 0)
			recorder->epochs[recorder->n++] =
			    (struct report_epoch){now->train_loss, now->valid_loss, now->seconds};
		else
			recorder->lost = true;
	}
	to->progress(to->ctx, now);
}

void recorder_begin(struct recorder *recorder, const struct animed_host *to)
{
	*recorder = (struct recorder){.epochs = NULL};
	host_forward(&recorder->relay, to);
	recorder->relay.host.progress = recorder_progress;
}

void recorder_free(struct recorder *recorder)
{
	free(recorder->epochs);
}

static bool ends_in(const char *path, const char *end)
{
	const size_t length = strlen(path), n = strlen(end);

	return length > n && strcmp(path + length - n, end) == 0;
}

int report_check(const char *path, struct animed_error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	struct stat st;
	int status = 0;

	if (!folder)
		status = animed_fail(err, "out of memory");
	else if (!ends_in(path, ".svg") && !ends_in(path, ".html"))
		status = animed_fail(err, "%s: a report is a picture, FILE.svg, or a page, FILE.html", path);
	else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		status = animed_fail(err, "%s: is there and is not a file; give another name", path);
	else if (access(folder, W_OK) < 0)
		status = animed_fail(err, "%s: cannot write to %s: %s", path, folder, strerror(errno));
	free(folder);
	return status;
}

/* The parameters that are set, in the order of the table: "factors 128, epochs 20".  The caller frees the text.  NULL
 * where memory is short. */
static char *describe(const struct conf_stage *stage)
{
	const struct animed_param *table = stage->plugin.info->params;
	struct string_stream stream;
	FILE *out = string_stream_open(&stream);
	const char *before = "";
	bool whole = true;

	for (size_t i = 0; out && table[i].name; i++) {
		char *value = stage->values[i].set ? value_text(&table[i], &stage->values[i]) : NULL;
		if (value) {
			(void)fprintf(out, "%s%s %s", before, table[i].name, value);
			before = ", ";
		}
		whole &= value || !stage->values[i].set;
		free(value);
	}
	char *text = string_stream_close(&stream);
	if (whole)
		return text;
	free(text);
	return NULL;
}

static int print_report(const struct report *report, const char *path, FILE *out)
{
	if (ends_in(path, ".svg"))
		report_svg(report, out);
	else
		report_html(report, out);
	return fflush(out) != 0 || ferror(out) ? -1 : 0;
}

/* Write to a temporary name, then rename it over what is there. */
static int write_file(const struct report *report, const char *path, struct animed_error *err)
{
	char temporary[PATH_MAX];
	struct draft draft;

	if (snprintf(temporary, sizeof temporary, "%s.tmp", path) >= (int)sizeof temporary)
		return animed_fail(err, "%s: the path is too long", path);
	if (draft_open(&draft, temporary, 0666, err) != 0)
		return -1;
	const int fd = dup(draft.fd); /* the stream closes its own; the draft's has the lock until the end */
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	int status = out ? print_report(report, path, out) : -1;
	if (status < 0)
		animed_fail(err, "%s: %s", path, strerror(errno));
	if (out)
		(void)fclose(out);
	else if (fd >= 0)
		(void)close(fd);
	if (status == 0)
		return draft_commit(&draft, path, err);
	draft_abort(&draft);
	return -1;
}

int report_write(const char *path, const struct conf *conf, const struct dataset *dataset,
		 const struct animed_dataset *view, const struct animed_train_result *result,
		 const struct recorder *recorder, uint64_t version, struct animed_error *err)
{
	const struct animed_ratings all = dataset_ratings(dataset);
	struct report *report = calloc(1, sizeof *report);
	struct animed_error why;
	int status = -1;

	if (report) {
		report->variant = conf->model.plugin.info->name;
		report->parameters = describe(&conf->model);
		report->version = version;
		report->seed = conf->seed;
		report->time = time(NULL);
		report->epochs = recorder->epochs;
		report->n_epochs = recorder->n;
		report->best_epoch = result->best_epoch;
	}
	if (!report || !report->parameters || recorder->lost || dataset_digest(dataset, report->digest, NULL) < 0 ||
	    report_measure(report, &all, view, conf->model.plugin.info->ops.model, &result->factors) < 0)
		animed_fail(&why, "out of memory");
	else
		status = write_file(report, path, &why);
	if (status < 0)
		animed_fail(err, "model %llu is written, but its report is not: %s", (unsigned long long)version,
			    why.text);
	if (report)
		free(report->parameters);
	free(report);
	return status;
}

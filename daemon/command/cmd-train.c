/* cmd-train.c - animed train: train a model and make it the current one. */
#include "config.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "command/command.h"
#include "report/report.h"
#include "train/foreground.h"
#include "train/train.h"

/* Take on the niceness in all threads, since libraries may have started some by now. */
static void be_nice(int niceness)
{
	const struct dirent *entry;
	DIR *tasks = opendir("/proc/self/task");

	while (tasks && (entry = readdir(tasks))) {
		long task = strtol(entry->d_name, NULL, 10);
		if (task > 0)
			(void)setpriority(PRIO_PROCESS, (id_t)task, niceness);
	}
	if (tasks)
		(void)closedir(tasks);
}

/* Whether the daemon ended before this process asked to be signalled of it: its end of the stream is closed then. */
static bool is_orphan(int stream)
{
	struct pollfd end = {.fd = stream};

	return poll(&end, 1, 0) > 0;
}

/* Train as the daemon's child: in the background, until the daemon ends, with progress told through `stream`.  The
 * daemon makes the model the current one. */
static int train_child(const struct conf *conf, struct train_options *options, int stream, struct animed_error *err)
{
	struct foreground foreground;
	uint64_t version;

	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (is_orphan(stream))
		return animed_fail(err, "the daemon that started this training is gone");
	(void)signal(SIGPIPE, SIG_IGN); /* the stream breaks where the daemon is gone */
	be_nice(conf->retrain.nice);
	options->aside = true;
	foreground_begin(&foreground, conf->threads);
	foreground.stream.fd = stream;
	int status = train_run(conf, &foreground.host, options, &version, err);
	if (status == 0)
		progress_stream_model(&foreground.stream, conf->models, version);
	foreground_end(&foreground);
	return status;
}

static int run(const struct conf *conf, const struct cmdline *line, struct animed_error *err)
{
	struct train_options options = {.report = cmdline_get(line, "report")};
	int64_t stream;
	uint64_t version;
	int status, child = cmdline_number(line, "animed", "child", 0, &stream);

	if (child < 0)
		return EXIT_USAGE;
	if (options.report && report_check(options.report, err) < 0) {
		(void)fprintf(stderr, "animed: --report: %s\n", err->text);
		return EXIT_USAGE;
	}
	if (child > 0)
		status = train_child(conf, &options, (int)stream, err);
	else
		status = train_foreground(conf, &options, &version, err);
	return status < 0 ? -1 : EXIT_SUCCESS;
}

static const struct cmdline_option options[] = {
    {"report", 0, "FILE", "write a report of the run: FILE.svg, or FILE.html"},
    {"child", 0, "FD", "run as the daemon's child: niced, progress to descriptor FD, the current model left as it is"},
    {NULL, 0, NULL, NULL},
};

const struct command command_train = {
    .name = "train",
    .args = "",
    .summary = "train a model and make it the current one",
    .options = options,
    .run = run,
};

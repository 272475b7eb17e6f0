/* cmd-train.c - animed train: train a model and make it the current one. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "report.h"
#include "train.h"

static const struct cmdline_option options[] = {
    {"report", 0, "FILE", "write a report of the run: FILE.svg, or FILE.html"},
    {NULL, 0, NULL, NULL},
};

static int run(const struct conf *conf, const struct cmdline *line, struct animed_error *err)
{
	const char *report = cmdline_get(line, "report");
	uint64_t version;

	if (report && report_check(report, err) < 0) {
		(void)fprintf(stderr, "animed: --report: %s\n", err->text);
		return EXIT_USAGE;
	}
	return train_foreground(conf, report, &version, err) < 0 ? -1 : EXIT_SUCCESS;
}

const struct command command_train = {
    .name = "train",
    .args = "",
    .summary = "train a model and make it the current one",
    .options = options,
    .run = run,
};

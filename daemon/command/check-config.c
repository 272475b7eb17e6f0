/* check-config.c - animed --check-config: read the first rows of the source, and say what would be used of them. */
#include "config.h"

#include <stdio.h>

#include "base/format.h"
#include "base/host.h"
#include "base/text.h"
#include "command/command.h"
#include "data/dataset.h"
#include "serve/claim.h"

/* How many rows of each kind are read: all of most data, and of the largest a second's worth. */
#define MOST_ROWS 1000000

/* Print what the source and the dataset say, with which columns are used. */
static void print_line(void *ctx, enum animed_level level, const char *fmt, ...)
{
	char line[2048];
	va_list ap;

	(void)ctx;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	text_clean(line);
	(void)printf("  %s%s\n", level >= ANIMED_WARN ? "warning: " : "", line);
}

int check_config(const struct conf *conf, struct animed_error *err)
{
	struct animed_host host = host_quiet(conf->threads);
	const char *source = conf->source.plugin.info->name;
	struct dataset *dataset;
	struct animed_error why;
	char most[AMOUNT_SIZE];

	if (server_check_path(conf->socket, err) < 0)
		return -1;
	host.log = print_line;
	(void)printf("source %s:\n", source);
	if (dataset_look(&conf->source, &conf->dataset, MOST_ROWS, &host, &dataset, &why) < 0) {
		/* the error, which goes elsewhere, comes after it where both end up in one pipe */
		(void)fflush(stdout);
		return animed_fail(err, "source: %s", why.text);
	}
	if (dataset_summary(dataset)->source.limited)
		(void)printf("  there is more; these are the first %s of each kind:\n",
			     format_amount(MOST_ROWS, "row", most));
	dataset_log_summary(dataset, &host);
	dataset_free(dataset);
	(void)printf("%s: no errors\n", conf->file ? conf->file : "built-in configuration");
	return 0;
}

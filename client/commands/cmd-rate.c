/* cmd-rate.c - animectl rate: gives a show of my list a score. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/number.h"
#include "lists/change.h"

/* Read a score as it is typed: 9, 8.5, 8,5 or 9/10. */
static int read_score(const char *text, double *score)
{
	double scale;
	const bool good = number_score(text, score, &scale);

	if (good && scale > 0)
		*score = round(*score * LIST_SCALE / scale * 100) / 100;
	if (good && *score > 0 && *score <= LIST_SCALE)
		return 0;
	(void)fprintf(
	    stderr, "animectl: the last word has to be a score above 0 and up to 10, such as 8.5, or 4/5; see animectl "
		    "rate --help\n");
	return -1;
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	const struct ctl words = {.argc = ctl->argc - 1, .argv = ctl->argv};
	double score;

	if (read_score(ctl->argv[ctl->argc - 1], &score) < 0)
		return CTL_USAGE;
	char *title = ctl_words(&words, 0);
	const enum ctl_exit status = change_entry(ctl, title, LIST_UNSET, score);
	free(title);
	return status;
}

const struct cmd_entry cmd_rate = {
    .name = "rate",
    .args = "TITLE SCORE",
    .summary = "give a show a score in your list: above 0 and up to 10, such as 8.5, or 4/5",
    .min_args = 2,
    .max_args = -1,
    .exec = exec,
};

/* cmd-random.c - animectl random: draws a show by how well it fits. */
#include "config.h"

#include "commands/suggest.h"

static enum ctl_exit exec(const struct ctl *ctl)
{
	return suggest(ctl, true);
}

static const struct cmdline_option options[] = {
    {"seed", 0, "N", "draw the same again"},
    {"user", 'u', "NAME", "for this user of the training data"},
    WHOSE_LIST,
    SUGGEST_CHOICE,
    ANSWERS_LIMIT,
    ANSWERS_FILTERS,
    ANSWERS_SEQUELS,
    ANSWERS_WEIGHTS,
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_random = {
    .name = "random",
    .args = "[TITLE=SCORE]...",
    .summary = "draw one of what you should watch next",
    .options = options,
    .max_args = -1,
    .exec = exec,
};

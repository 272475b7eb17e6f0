/* cmd-recommend.c - animectl recommend: lists what somebody should watch next. */
#include "config.h"

#include "commands/suggest.h"

static enum ctl_exit exec(const struct ctl *ctl)
{
	return suggest(ctl, false);
}

static const struct cmdline_option options[] = {
    {"user", 'u', "NAME", "for this user of the training data"},
    WHOSE_LIST,
    SUGGEST_CHOICE,
    ANSWERS_LIMIT,
    ANSWERS_FILTERS,
    ANSWERS_SEQUELS,
    ANSWERS_WEIGHTS,
    ANSWERS_DIVERSE,
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_recommend = {
    .name = "recommend",
    .args = "[TITLE=SCORE]...",
    .summary = "list what you should watch next, by your list, or by what is given here",
    .options = options,
    .max_args = -1,
    .exec = exec,
};

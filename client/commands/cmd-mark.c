/* cmd-mark.c - animectl seen, plan, drop and ignore: say in my list what a show is to me. */
#include "config.h"

#include <stdlib.h>

#include "lists/change.h"

static enum ctl_exit mark(const struct ctl *ctl, enum list_status status)
{
	char *title = ctl_words(ctl, 0);
	const enum ctl_exit result = change_entry(ctl, title, status, 0);

	free(title);
	return result;
}

static enum ctl_exit exec_seen(const struct ctl *ctl)
{
	return mark(ctl, LIST_COMPLETED);
}

static enum ctl_exit exec_plan(const struct ctl *ctl)
{
	return mark(ctl, LIST_PLANNED);
}

static enum ctl_exit exec_drop(const struct ctl *ctl)
{
	return mark(ctl, LIST_DROPPED);
}

static enum ctl_exit exec_ignore(const struct ctl *ctl)
{
	return mark(ctl, LIST_IGNORED);
}

const struct cmd_entry cmd_seen = {
    .name = "seen",
    .args = "TITLE",
    .summary = "note in your list that you have seen a show",
    .min_args = 1,
    .max_args = -1,
    .exec = exec_seen,
};

const struct cmd_entry cmd_plan = {
    .name = "plan",
    .args = "TITLE",
    .summary = "note in your list that you want to see a show",
    .min_args = 1,
    .max_args = -1,
    .exec = exec_plan,
};

const struct cmd_entry cmd_drop = {
    .name = "drop",
    .args = "TITLE",
    .summary = "note in your list that you gave a show up",
    .min_args = 1,
    .max_args = -1,
    .exec = exec_drop,
};

const struct cmd_entry cmd_ignore = {
    .name = "ignore",
    .args = "TITLE",
    .summary = "note in your list that a show is none for you; importing keeps that",
    .min_args = 1,
    .max_args = -1,
    .exec = exec_ignore,
};

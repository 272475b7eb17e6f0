/* cmd-cult.c - animectl cult: lists shows that few people know and those love. */
#include "config.h"

#include <stdio.h>

#include "ctl/answers.h"

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *devotion = ctl_get(result, "devotion");

	(void)ctl;
	answers_print(ctl, result, NULL);
	if (devotion->type == MSGPACK_OBJECT_BOOLEAN && !devotion->via.boolean)
		(void)puts("no show stands out as a favourite of its raters, so that does not count");
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	return answers_call(ctl, "cult", NULL, NULL, print);
}

static const struct cmdline_option options[] = {
    ANSWERS_LIMIT,
    ANSWERS_FILTERS,
    ANSWERS_SEQUELS,
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_cult = {
    .name = "cult",
    .args = "",
    .summary = "list shows that few know and those love",
    .options = options,
    .exec = exec,
};

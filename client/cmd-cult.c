/* cmd-cult.c - shows that few know and those love. */
#include "config.h"

#include <stdio.h>

#include "answers.h"

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *devotion = ctl_get(result, "devotion");

	(void)ctl;
	answers_print(result, "cult");
	if (devotion->type == MSGPACK_OBJECT_BOOLEAN && !devotion->via.boolean)
		(void)puts("the model does not know how many gave the highest score, so that does not count");
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	msgpack_sbuffer params;
	msgpack_packer packer;
	enum ctl_exit status = CTL_USAGE;

	msgpack_sbuffer_init(&params);
	msgpack_packer_init(&packer, &params, msgpack_sbuffer_write);
	msgpack_pack_array(&packer, 1);
	if (answers_pack_options(&packer, ctl) == 0)
		status = ctl_call(ctl, "cult", &params, print);
	msgpack_sbuffer_destroy(&params);
	return status;
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

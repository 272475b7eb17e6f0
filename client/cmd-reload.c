/* cmd-reload.c - have the daemon take up the current model of its store. */
#include "config.h"

#include "ctl.h"

#include <inttypes.h>
#include <stdio.h>

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *changed = ctl_get(result, "changed"), *previous = ctl_get(result, "previous");
	const int64_t model = ctl_int(ctl_get(result, "model"));

	(void)ctl;
	if (changed->type == MSGPACK_OBJECT_BOOLEAN && !changed->via.boolean)
		(void)printf("model %" PRId64 " was the current one already\n", model);
	else if (ctl_is_nil(previous))
		(void)printf("model %" PRId64 " is served now\n", model);
	else
		(void)printf("model %" PRId64 " is served now, before it was %" PRId64 "\n", model, ctl_int(previous));
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	const msgpack_sbuffer none = {0};

	return ctl_call(ctl, "reload", &none, print);
}

const struct cmd_entry cmd_reload = {
    .name = "reload",
    .args = "",
    .summary = "load the current model of the store",
    .exec = exec,
};

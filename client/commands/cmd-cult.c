/* cmd-cult.c - animectl cult: lists shows that few people know and those love. */
#include "config.h"

#include <stdio.h>

#include "commands/whose.h"
#include "ctl/answers.h"
#include "lists/pack.h"
#include "wire/rpc.h"

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *devotion = ctl_get(result, "devotion");

	(void)ctl;
	answers_print(ctl, result, NULL);
	if (devotion->type == MSGPACK_OBJECT_BOOLEAN && !devotion->via.boolean)
		(void)puts("no show stands out as a favourite of its raters, so that does not count");
}

/* Pack what is no answer with --unseen. */
static void pack_seen(msgpack_packer *packer, const struct ctl *ctl)
{
	const struct whose_list *seen = ctl->own;

	rpc_pack_str(packer, "exclude");
	list_pack(packer, &seen->list);
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	static const struct answers_more more = {1, pack_seen};
	const bool unseen = cmdline_get(&ctl->line, "unseen") != NULL;
	struct whose_list seen = {.path = NULL};
	struct ctl own = *ctl;
	enum ctl_exit status = unseen ? whose_read_seen(ctl, &seen) : CTL_OK;

	own.own = &seen;
	if (status == CTL_OK)
		status = answers_call(&own, "cult", NULL, unseen ? &more : NULL, print);
	list_free(&seen.list);
	return status;
}

static const struct cmdline_option options[] = {
    ANSWERS_LIMIT,         ANSWERS_FILTERS,
    ANSWERS_SEQUELS,       {"unseen", 0, NULL, "leave out what you have seen, by your list"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_cult = {
    .name = "cult",
    .args = "",
    .summary = "list shows that few know and those love",
    .options = options,
    .exec = exec,
};

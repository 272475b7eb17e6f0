/* cmd-predict.c - animectl predict: says how a user would score a show. */
#include "config.h"

#include "ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>

#include "wire/rpc.h"

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	char *typed = ctl_words(ctl, 1), *name = ctl_matched_name(result, typed);
	char *user = ctl_text(ctl_get(result, "user"));

	(void)printf("%.2f  %s for user %s\n", ctl_real(ctl_get(result, "score")), name, user);
	free(name);
	free(typed);
	free(user);
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	msgpack_sbuffer params;
	msgpack_packer packer;
	char *title = ctl_words(ctl, 1);

	ctl_pack_params(&packer, &params);
	msgpack_pack_array(&packer, 2);
	rpc_pack_str(&packer, ctl->argv[0]);
	ctl_pack_item(&packer, title);
	enum ctl_exit status = ctl_call(ctl, "predict", &params, print);
	msgpack_sbuffer_destroy(&params);
	free(title);
	return status;
}

const struct cmd_entry cmd_predict = {
    .name = "predict",
    .args = "USER TITLE",
    .summary = "predict the score that a user would give a show",
    .min_args = 2,
    .max_args = -1,
    .exec = exec,
};

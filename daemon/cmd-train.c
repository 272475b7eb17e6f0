/* cmd-train.c - animed train: train a model and make it the current one. */
#include "config.h"

#include <stdlib.h>

#include "command.h"
#include "train.h"

static int run(const struct conf *conf, const struct cmdline *line, struct animed_error *err)
{
	uint64_t version;

	(void)line;
	return train_run(conf, &version, err) < 0 ? -1 : EXIT_SUCCESS;
}

const struct command command_train = {
    .name = "train",
    .args = "",
    .summary = "train a model and make it the current one",
    .run = run,
};

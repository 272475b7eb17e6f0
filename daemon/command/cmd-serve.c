/* cmd-serve.c - animed serve: serve the current model.  The default command. */
#include "config.h"

#include <stdlib.h>

#include "base/host.h"
#include "base/log.h"
#include "command/command.h"
#include "model/model.h"
#include "serve/server.h"
#include "store/store.h"
#include "train/train.h"

/* Open the model to begin with.  An empty store gets its first model here.  A model that cannot be loaded ends the
 * start: whoever starts the daemon reads the message, and later nobody would. */
static int first_model(const struct conf *conf, struct model **model, struct animed_error *err)
{
	const struct animed_host host = host_quiet(conf->threads);
	char path[PATH_MAX];
	uint64_t version;
	int status = store_current(conf->models, &version, path, err);

	if (status > 0) {
		log_write(ANIMED_INFO, "no model in %s yet: training the first one", conf->models);
		if (train_foreground(conf, &(const struct train_options){.aside = false}, &version, err) < 0)
			return -1;
		status = store_current(conf->models, &version, path, err);
	}
	if (status != 0)
		return -1;
	return model_open(conf, version, path, &host, model, err);
}

static int run(const struct conf *conf, const struct cmdline *line, struct animed_error *err)
{
	struct server_claim claim;
	struct model *model = NULL;

	(void)line;
	if (server_claim(conf->socket, &claim, err) < 0)
		return -1;
	if (first_model(conf, &model, err) < 0) {
		server_release(&claim);
		return -1;
	}
	return server_run(conf, &claim, model, err) < 0 ? -1 : EXIT_SUCCESS;
}

const struct command command_serve = {
    .name = "serve",
    .args = "",
    .summary = "serve the current model; train a first one where there is none (the default)",
    .run = run,
};

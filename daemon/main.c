/* main.c - the command line of animed. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "log.h"
#include "model.h"
#include "server.h"
#include "store.h"
#include "train.h"

enum { EXIT_USAGE = 2 };

enum action { SERVE, TRAIN, SHOW_CONFIG, CHECK_CONFIG };

static const char usage_text[] =
    "usage: animed [-c FILE] [train] [--show-config | --check-config]\n"
    "\n"
    "  (no command)        serve the current model; train a first one where there is none\n"
    "  train               train a model and make it the current one\n"
    "\n"
    "  -c, --config FILE   the configuration; without it the first there is of\n"
    "                      $XDG_CONFIG_HOME/animed/animed.yaml, " ANIMED_SYSCONFDIR "/animed/animed.yaml\n"
    "                      and the built-in one, which is on the demo data\n"
    "      --show-config   print the configuration in force and exit\n"
    "      --check-config  report everything that is wrong with it and exit\n"
    "  -h, --help          print this and exit\n"
    "  -V, --version       print the version and exit\n";

/* What the command line says.  Returns -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, const char **file, enum action *action)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'}, {"show-config", no_argument, NULL, 's'},
	    {"check-config", no_argument, NULL, 'k'}, {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			*file = optarg;
			break;
		case 's':
			*action = SHOW_CONFIG;
			break;
		case 'k':
			*action = CHECK_CONFIG;
			break;
		case 'h':
			(void)fputs(usage_text, stdout);
			return EXIT_SUCCESS;
		case 'V':
			(void)puts("animed " PACKAGE_VERSION);
			return EXIT_SUCCESS;
		default:
			(void)fputs("animed: `animed --help` lists the options\n", stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc && strcmp(argv[optind], "train") == 0 && *action == SERVE) {
		*action = TRAIN;
		optind++;
	}
	if (optind < argc) {
		(void)fprintf(stderr, "animed: unexpected \"%s\"; the only command is `train`, see `animed --help`\n",
			      argv[optind]);
		return EXIT_USAGE;
	}
	return -1;
}

/* The model to begin with.  An empty store gets its first model here; a model that cannot be loaded is an error, since
 * whoever starts the daemon is there to read it. */
static int first_model(const struct conf *conf, struct model **model, struct animed_error *err)
{
	const struct animed_host host = {NULL, log_host, NULL, NULL, conf->threads};
	char path[PATH_MAX];
	uint64_t version;
	int status = store_current(conf->models, &version, path, err);

	if (status > 0) {
		log_write(ANIMED_INFO, "no model in %s yet: training the first one", conf->models);
		if (train_run(conf, &version, err) < 0)
			return -1;
		status = store_current(conf->models, &version, path, err);
	}
	if (status != 0)
		return -1;
	return model_open(conf, version, path, &host, model, err);
}

static int serve(const struct conf *conf, struct animed_error *err)
{
	struct server_claim claim;
	struct model *model = NULL;

	if (server_claim(conf->socket, &claim, err) < 0)
		return -1;
	if (first_model(conf, &model, err) < 0) {
		server_release(&claim);
		return -1;
	}
	return server_run(conf, &claim, model, err);
}

static int run(const struct conf *conf, enum action action)
{
	struct animed_error err;
	uint64_t version;
	int status = 0;

	switch (action) {
	case SHOW_CONFIG:
		conf_print(conf, stdout);
		break;
	case CHECK_CONFIG:
		(void)printf("%s: no errors\n", conf->file ? conf->file : "built-in configuration");
		break;
	case TRAIN:
		status = train_run(conf, &version, &err);
		break;
	case SERVE:
		status = serve(conf, &err);
		break;
	}
	if (status < 0)
		log_write(ANIMED_ERROR, "%s", err.text);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_write(ANIMED_ERROR, "cannot write to standard output");
		status = -1;
	}
	return status < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *file = NULL;
	enum action action = SERVE;
	struct conf *conf = NULL;
	struct conf_errors errors;
	int status = parse_options(argc, argv, &file, &action);

	if (status >= 0)
		return status;
	if (conf_load(file, &conf, &errors) < 0) {
		for (size_t i = 0; i < errors.n; i++)
			(void)fprintf(stderr, "animed: %s\n", errors.lines[i]);
		status = EXIT_USAGE;
	} else {
		log_set_level(conf->log);
		status = run(conf, action);
		conf_free(conf);
	}
	conf_errors_free(&errors);
	return status;
}

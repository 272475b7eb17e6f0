/* main.c - the command line of animed. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/blas.h"
#include "base/log.h"
#include "command/command.h"
#include "installed.h"

static const struct command *const commands[] = {
    &command_serve, &command_train, &command_evaluate, &command_tune, NULL,
};

static const struct cmdline_option options[] = {
    {"config", 'c', "FILE", "the configuration; see below"},
    {"show-config", 0, NULL, "print the configuration in force and exit"},
    {"check-config", 0, NULL, "report everything that is wrong with it or its data and exit"},
    {"help", 'h', NULL, "print this, or what COMMAND takes, and exit"},
    {"version", 'V', NULL, "print the version and exit"},
    {NULL, 0, NULL, NULL},
};

static void print_usage(void)
{
	(void)puts("usage: animed [OPTION...] [COMMAND [OPTION... ARGUMENT...]]\n");
	for (const struct command *const *command = commands; *command; command++)
		(void)printf("  %-9s %s\n", (*command)->name, (*command)->summary);
	(void)putchar('\n');
	cmdline_print(options, stdout);
	(void)puts(
	    "\nWithout --config the first there is of $XDG_CONFIG_HOME/animed/animed.yaml,\n" INSTALLED_SYSCONFDIR
	    "/animed/animed.yaml and the built-in one, which is on the demo data.");
}

static void print_command(const struct command *command)
{
	(void)printf("usage: animed [-c FILE] %s%s%s%s\n\n%s\n", command->name, command->options ? " [OPTION...]" : "",
		     *command->args ? " " : "", command->args, command->summary);
	if (command->options)
		(void)putchar('\n');
	cmdline_print(command->options, stdout);
}

static int usage_error(const char *what, const char *word)
{
	(void)fprintf(stderr, "animed: %s \"%s\"; see animed --help\n", what, word);
	return EXIT_USAGE;
}

/* Read options and command.  Returns -1 where *command is to be run, else the exit status. */
static int read_line(int argc, char **argv, struct cmdline *line, const struct command **command)
{
	if (cmdline_read(line, argc, argv, options, NULL, true) < 0)
		return EXIT_USAGE;
	*command = &command_serve;
	if (line->argc > 0) {
		const struct command *const *at = commands;
		while (*at && strcmp((*at)->name, line->argv[0]) != 0)
			at++;
		if (!*at)
			return usage_error("there is no command", line->argv[0]);
		*command = *at;
		line->argv[0] = argv[0]; /* getopt begins its messages with it */
		if (cmdline_read(line, line->argc, line->argv, options, (*command)->options, false) < 0)
			return EXIT_USAGE;
	}
	if (cmdline_get(line, "help")) {
		if (*command == &command_serve)
			print_usage();
		else
			print_command(*command);
		return EXIT_SUCCESS;
	}
	if (cmdline_get(line, "version")) {
		(void)puts("animed " PACKAGE_VERSION);
		return EXIT_SUCCESS;
	}
	return line->argc > (*command)->max_args ? usage_error("unexpected", line->argv[(*command)->max_args]) : -1;
}

static int run(const struct conf *conf, const struct command *command, const struct cmdline *line)
{
	struct animed_error err;
	int status = EXIT_SUCCESS;

	if (cmdline_get(line, "show-config"))
		status = conf_print(conf, stdout, &err);
	else if (cmdline_get(line, "check-config"))
		status = check_config(conf, &err);
	else
		status = command->run(conf, line, &err);
	if (status < 0) {
		log_write(ANIMED_ERROR, "%s", err.text);
		status = EXIT_FAILURE;
	}
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_SUCCESS) {
		log_write(ANIMED_ERROR, "cannot write to standard output");
		status = EXIT_FAILURE;
	}
	return status;
}

int main(int argc, char **argv)
{
	static char name[] = "animed";
	const struct command *command;
	struct cmdline line = {.n = 0};
	struct conf *conf = NULL;
	struct conf_errors errors;
	struct animed_error err;
	int status;

	if (blas_use_one_thread(&err) < 0) {
		log_write(ANIMED_ERROR, "%s", err.text);
		_exit(EXIT_FAILURE);
	}
	argv[0] = name; /* the name in messages, wherever the program lies */
	status = read_line(argc, argv, &line, &command);
	if (status >= 0)
		return status;
	if (conf_load(cmdline_get(&line, "config"), &conf, &errors) < 0) {
		for (size_t i = 0; i < errors.n; i++)
			(void)fprintf(stderr, "animed: %s\n", errors.lines[i]);
		status = EXIT_USAGE;
	} else {
		log_set_level(conf->log);
		status = run(conf, command, &line);
		conf_free(conf);
	}
	conf_errors_free(&errors);
	return status;
}

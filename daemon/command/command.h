/* command.h - what animed can be told to do: a row and a file a command. */
#ifndef ANIMED_COMMAND_H
#define ANIMED_COMMAND_H

#include "cli/cmdline.h"
#include "config/conf.h"

enum { EXIT_USAGE = 2 };

struct command {
	const char *name;
	const char *args;                     /* operands, for people; "" for none */
	const char *summary;                  /* one line */
	const struct cmdline_option *options; /* its own; NULL: none */
	int max_args;
	/* Do it.  -1 with `err` filled: it failed, and is logged; else the exit status. */
	int (*run)(const struct conf *conf, const struct cmdline *line, struct animed_error *err);
};

extern const struct command command_evaluate, command_serve, command_train, command_tune;

#endif

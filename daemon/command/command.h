/* command.h - the commands of animed: each has a row in main.c and a file. */
#ifndef ANIMED_COMMAND_H
#define ANIMED_COMMAND_H

#include "cli/cmdline.h"
#include "config/conf.h"

enum { EXIT_USAGE = 2 };

struct command {
	const char *name;
	const char *args;                     /* operands, for people; "" for none */
	const char *summary;                  /* one line */
	const struct cmdline_option *options; /* options of this command; NULL: none */
	int max_args;
	/* Run the command.  Returns the exit status.  On failure returns -1 and fills err, which main() logs. */
	int (*run)(const struct conf *conf, const struct cmdline *line, struct animed_error *err);
};

extern const struct command command_evaluate, command_serve, command_train, command_tune;

/* --check-config: look at what the source of a configuration without errors delivers, and print it.  Returns 0.  Where it
 * cannot be used, returns -1 and fills err. */
int check_config(const struct conf *conf, struct animed_error *err);

#endif

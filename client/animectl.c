/* animectl.c - the command line of the client. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "ctl/memory.h"

static const struct cmd_entry *const commands[] = {
    &cmd_similar, &cmd_recommend, &cmd_random, &cmd_next,   &cmd_taste,  &cmd_compare, &cmd_cult,     &cmd_search,
    &cmd_show,    &cmd_predict,   &cmd_import, &cmd_list,   &cmd_rate,   &cmd_seen,    &cmd_plan,     &cmd_drop,
    &cmd_ignore,  &cmd_forget,    &cmd_export, &cmd_status, &cmd_models, &cmd_reload,  &cmd_rollback, &cmd_pin,
    &cmd_unpin,   &cmd_retrain,   &cmd_cancel, &cmd_events, NULL,
};

static const struct cmdline_option options[] = {
    {"json", 0, NULL, "print the result as JSON"},
    {"socket", 's', "SOCKET", "the daemon's socket; default $ANIMED_SOCK, then $XDG_RUNTIME_DIR/animed/animed.sock"},
    {"help", 'h', NULL, "print this, or what COMMAND takes, and exit"},
    {"version", 'V', NULL, "print the version and exit"},
    {NULL, 0, NULL, NULL},
};

static void print_usage(FILE *out)
{
	(void)fputs("usage: animectl [OPTION...] COMMAND [OPTION... ARGUMENT...]\n\n", out);
	for (const struct cmd_entry *const *cmd = commands; *cmd; cmd++)
		(void)fprintf(out, "  %-9s %-28s %s\n", (*cmd)->name, (*cmd)->args, (*cmd)->summary);
	(void)fputc('\n', out);
	cmdline_print(options, out);
	(void)fputs(
	    "\nA TITLE may be misspelt, or be id:NUMBER.  animectl COMMAND --help lists the options of a command.\n",
	    out);
}

static void print_command(const struct cmd_entry *cmd)
{
	(void)printf("usage: animectl %s%s%s%s\n\n%s\n", cmd->name, cmd->options ? " [OPTION...]" : "",
		     *cmd->args ? " " : "", cmd->args, cmd->summary);
	if (cmd->options)
		(void)putchar('\n');
	cmdline_print(cmd->options, stdout);
}

__attribute__((format(printf, 1, 2))) static enum ctl_exit usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fputs("animectl: ", stderr);
	(void)vfprintf(stderr, fmt, ap);
	(void)fputs("; see animectl --help\n", stderr);
	va_end(ap);
	return CTL_USAGE;
}

/* Read options and command.  Returns -1 where *cmd is to be run, else the exit status. */
static int read_line(int argc, char **argv, struct ctl *ctl, const struct cmd_entry **cmd)
{
	struct cmdline *line = &ctl->line;
	const struct cmd_entry *const *at = commands;

	*cmd = NULL;
	if (cmdline_read(line, argc, argv, options, NULL, true) < 0)
		return CTL_USAGE;
	if (line->argc > 0) {
		while (*at && strcmp((*at)->name, line->argv[0]) != 0)
			at++;
		*cmd = *at;
		if (!*cmd)
			return usage_error("there is no command \"%s\"", line->argv[0]);
		line->argv[0] = argv[0]; /* getopt begins its messages with it */
		if (cmdline_read(line, line->argc, line->argv, options, (*cmd)->options, false) < 0)
			return CTL_USAGE;
	}
	if (cmdline_get(line, "help")) {
		if (*cmd)
			print_command(*cmd);
		else
			print_usage(stdout);
		return CTL_OK;
	}
	if (cmdline_get(line, "version")) {
		(void)puts("animectl " PACKAGE_VERSION);
		return CTL_OK;
	}
	if (*cmd)
		return -1;
	print_usage(stderr);
	return CTL_USAGE;
}

static enum ctl_exit run(const struct cmd_entry *cmd, struct ctl *ctl)
{
	ctl->socket = cmdline_get(&ctl->line, "socket");
	ctl->json = cmdline_get(&ctl->line, "json") != NULL;
	ctl->argc = ctl->line.argc;
	ctl->argv = ctl->line.argv;
	if (ctl->argc < cmd->min_args)
		return usage_error("%s needs %s", cmd->name, cmd->args);
	if (cmd->max_args >= 0 && ctl->argc > cmd->max_args)
		return usage_error("%s does not take \"%s\"", cmd->name, ctl->argv[cmd->max_args]);
	return cmd->exec(ctl);
}

int main(int argc, char **argv)
{
	static char name[] = "animectl";
	struct ctl ctl = {.socket = NULL};
	const struct cmd_entry *cmd;
	int status;

	/* where memory is short while it reads, jansson (2.14) calls that a fault of the text */
	json_set_alloc_funcs(memory_new, free);
	argv[0] = name; /* the name in messages, wherever the program lies */
	status = read_line(argc, argv, &ctl, &cmd);

	/* a reader that went away is noticed at the end, as any failure to write */
	(void)signal(SIGPIPE, SIG_IGN);
	if (status < 0)
		status = (int)run(cmd, &ctl);
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == CTL_OK) {
		(void)fprintf(stderr, "animectl: cannot write the answer: %s\n", strerror(errno));
		status = CTL_BROKEN;
	}
	return status;
}

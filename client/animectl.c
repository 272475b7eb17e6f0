/* animectl.c - the command line of the client. */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

static const struct cmd_entry *const commands[] = {
    &cmd_similar, &cmd_search, &cmd_show, &cmd_predict, &cmd_status, &cmd_reload, NULL,
};

static void print_usage(FILE *out)
{
	(void)fputs("usage: animectl [-s SOCKET] [--json] COMMAND [ARGUMENT...]\n\n", out);
	for (const struct cmd_entry *const *cmd = commands; *cmd; cmd++)
		(void)fprintf(out, "  %-8s %-11s %s\n", (*cmd)->name, (*cmd)->args, (*cmd)->summary);
	(void)fputs("\n"
		    "  -n, --limit N         similar, search: how many answers\n"
		    "      --min-ratings N   similar: only shows with so many ratings\n"
		    "      --json            print the result as JSON\n"
		    "  -s, --socket SOCKET   the daemon's socket; default $ANIMED_SOCK, then\n"
		    "                        $XDG_RUNTIME_DIR/animed/animed.sock\n"
		    "  -h, --help            print this and exit\n"
		    "  -V, --version         print the version and exit\n"
		    "\n"
		    "A TITLE may be misspelt, or be id:NUMBER.\n",
		    out);
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

static int read_number(const char *option, const char *text, int64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end || *number < 0) {
		(void)usage_error("%s: \"%s\" is not a whole number from 0", option, text);
		return -1;
	}
	return 0;
}

/* Read the options, wherever they stand.  Returns -1 to go on, else the exit status. */
static int read_options(int argc, char **argv, struct ctl *ctl)
{
	enum { MIN_RATINGS = 256, JSON };
	static const struct option options[] = {
	    {"socket", required_argument, NULL, 's'},
	    {"limit", required_argument, NULL, 'n'},
	    {"min-ratings", required_argument, NULL, MIN_RATINGS},
	    {"json", no_argument, NULL, JSON},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "s:n:hV", options, NULL)) != -1) {
		switch (option) {
		case 's':
			ctl->socket = optarg;
			break;
		case 'n':
			if (read_number("--limit", optarg, &ctl->limit) < 0)
				return CTL_USAGE;
			break;
		case MIN_RATINGS:
			if (read_number("--min-ratings", optarg, &ctl->min_ratings) < 0)
				return CTL_USAGE;
			break;
		case JSON:
			ctl->json = true;
			break;
		case 'h':
			print_usage(stdout);
			return CTL_OK;
		case 'V':
			(void)puts("animectl " PACKAGE_VERSION);
			return CTL_OK;
		default:
			(void)fputs("animectl: see animectl --help\n", stderr);
			return CTL_USAGE;
		}
	}
	return -1;
}

static enum ctl_exit run(const char *name, const struct ctl *ctl)
{
	const struct cmd_entry *const *at = commands;

	while (*at && strcmp((*at)->name, name) != 0)
		at++;
	const struct cmd_entry *cmd = *at;
	if (!cmd)
		return usage_error("there is no command \"%s\"", name);
	if (ctl->argc < cmd->min_args)
		return usage_error("%s needs %s", name, cmd->args);
	if (cmd->max_args >= 0 && ctl->argc > cmd->max_args)
		return usage_error("%s does not take \"%s\"", name, ctl->argv[cmd->max_args]);
	if (ctl->limit >= 0 && !(cmd->options & CTL_LIMIT))
		return usage_error("%s does not take --limit", name);
	if (ctl->min_ratings >= 0 && !(cmd->options & CTL_MIN_RATINGS))
		return usage_error("%s does not take --min-ratings", name);
	return cmd->exec(ctl);
}

int main(int argc, char **argv)
{
	struct ctl ctl = {.limit = -1, .min_ratings = -1};
	int status = read_options(argc, argv, &ctl);

	/* a reader that goes away is seen at the end, as any failure to write */
	(void)signal(SIGPIPE, SIG_IGN);
	if (status < 0 && optind == argc) {
		print_usage(stderr);
		status = CTL_USAGE;
	} else if (status < 0) {
		ctl.argc = argc - optind - 1;
		ctl.argv = argv + optind + 1;
		status = run(argv[optind], &ctl);
	}
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == CTL_OK) {
		(void)fprintf(stderr, "animectl: cannot write the answer: %s\n", strerror(errno));
		status = CTL_BROKEN;
	}
	return status;
}

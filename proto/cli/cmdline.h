/* cmdline.h - command lines of the form PROGRAM [OPTION...] COMMAND [OPTION... OPERAND...], read by tables; both
 * programs have one. */
#ifndef PROTO_CMDLINE_H
#define PROTO_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One option.  A table of them ends with a row whose name is NULL. */
struct cmdline_option {
	const char *name; /* "limit": --limit */
	char letter;      /* 'n': -n as well; 0: none */
	const char *arg;  /* what it takes, for people ("N"); NULL: nothing */
	const char *help; /* what it does, a few words */
};

enum { CMDLINE_GIVEN = 64 };

/* A command line, read.  Everything points into argv and the tables. */
struct cmdline {
	struct cmdline_given {
		const struct cmdline_option *option;
		const char *value; /* "" for an option that takes nothing */
	} given[CMDLINE_GIVEN];    /* in their order */
	size_t n;
	int argc; /* operands */
	char **argv;
};

/* Read argv[1..]; argv[0] is the program's name for messages.  Options may be those of `global` and of `own` (NULL: no
 * such table), which are added to what *line has already; with `stop` reading ends at the first operand, else options
 * and operands may be mixed.  -1 after saying on standard error what is wrong. */
int cmdline_read(struct cmdline *line, int argc, char **argv, const struct cmdline_option *global,
		 const struct cmdline_option *own, bool stop);

/* The value of an option, where it was given several times of the last one; NULL where it was not given. */
const char *cmdline_get(const struct cmdline *line, const char *name);

/* The value of the n-th time (from 0) that an option was given; NULL where it was not given so often. */
const char *cmdline_nth(const struct cmdline *line, const char *name, size_t n);

/* An option that takes a whole number of at least `least`: 1 and *number where it was given, 0 where it was not, -1
 * after saying on standard error, as `program`, what is wrong with it. */
int cmdline_number(const struct cmdline *line, const char *program, const char *name, int64_t least, int64_t *number);

/* Print a table, a line each. */
void cmdline_print(const struct cmdline_option *options, FILE *out);

#endif

/* cmdline.h - reads command lines of the form PROGRAM [OPTION...] COMMAND [OPTION... OPERAND...] by tables, for both
 * programs. */
#ifndef PROTO_CMDLINE_H
#define PROTO_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One option.  A table of them ends with a row whose name is NULL. */
struct cmdline_option {
	const char *name; /* "limit": --limit */
	char letter;      /* 'n' for -n; 0: none */
	const char *arg;  /* its argument, for people ("N"); NULL: it takes none */
	const char *help; /* what it does, in a few words */
};

enum { CMDLINE_GIVEN = 64 };

/* A command line after it was read.  All points into argv and the tables. */
struct cmdline {
	struct cmdline_given {
		const struct cmdline_option *option;
		const char *value; /* "" where it takes no argument */
	} given[CMDLINE_GIVEN];    /* in the order of the command line */
	size_t n;
	int argc; /* operands */
	char **argv;
};

/* Read argv[1..]; argv[0] is the program's name in messages.  Options may be those of `global` and of `own` (NULL: no
 * such table), and are added to what *line has already.  With `stop` reading ends at the first operand; else options
 * and operands may be mixed.  Where something is wrong, says so on standard error and returns -1. */
int cmdline_read(struct cmdline *line, int argc, char **argv, const struct cmdline_option *global,
		 const struct cmdline_option *own, bool stop);

/* The value of an option, the last one where it was given several times; NULL where it was not given. */
const char *cmdline_get(const struct cmdline *line, const char *name);

/* The value that an option was given the n-th time, from 0; NULL where it was not given so often. */
const char *cmdline_nth(const struct cmdline *line, const char *name, size_t n);

/* Read an option that takes a whole number of at least `least`.  Returns 1 and fills *number where it was given, 0
 * where it was not.  Where it is wrong, says so on standard error, as `program`, and returns -1. */
int cmdline_number(const struct cmdline *line, const char *program, const char *name, int64_t least, int64_t *number);

/* Print the options of a table, a line for each. */
void cmdline_print(const struct cmdline_option *options, FILE *out);

#endif

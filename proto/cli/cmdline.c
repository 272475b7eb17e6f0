/* cmdline.c - reads command lines with getopt_long(), driven by tables. */
#include "config.h"

#include "cli/cmdline.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The most options of both tables together, and the value of the first that has no letter. */
enum { MAX_OPTIONS = 64, FIRST_VALUE = 256 };

struct tables {
	const struct cmdline_option *rows[MAX_OPTIONS];
	struct option longs[MAX_OPTIONS + 1];
	char letters[2 * MAX_OPTIONS + 2];
	size_t n;
};

static void add_letter(struct tables *tables, char letter, bool takes)
{
	size_t used = strlen(tables->letters);

	tables->letters[used++] = letter;
	if (takes)
		tables->letters[used++] = ':';
	tables->letters[used] = '\0';
}

static void add_table(struct tables *tables, const struct cmdline_option *rows)
{
	for (; rows && rows->name && tables->n < MAX_OPTIONS; rows++) {
		tables->rows[tables->n] = rows;
		tables->longs[tables->n] = (struct option){rows->name, rows->arg ? required_argument : no_argument,
							   NULL, FIRST_VALUE + (int)tables->n};
		tables->n++;
		if (rows->letter)
			add_letter(tables, rows->letter, rows->arg);
	}
}

/* The row of what getopt_long() returned. */
static const struct cmdline_option *find_row(const struct tables *tables, int found)
{
	if (found >= FIRST_VALUE)
		return tables->rows[found - FIRST_VALUE];
	for (size_t i = 0; i < tables->n; i++) {
		if (tables->rows[i]->letter == found)
			return tables->rows[i];
	}
	return NULL; /* unknown, or its argument is missing, which getopt_long() has said */
}

int cmdline_read(struct cmdline *line, int argc, char **argv, const struct cmdline_option *global,
		 const struct cmdline_option *own, bool stop)
{
	struct tables tables = {.n = 0};
	int found;

	if (stop)
		add_letter(&tables, '+', false);
	add_table(&tables, global);
	add_table(&tables, own);
	optind = 0; /* makes glibc's getopt start anew */
	while ((found = getopt_long(argc, argv, tables.letters, tables.longs, NULL)) != -1) {
		const struct cmdline_option *row = find_row(&tables, found);
		if (row && line->n == CMDLINE_GIVEN) {
			(void)fprintf(stderr, "%s: there are more than %d options\n", argv[0], CMDLINE_GIVEN);
			row = NULL;
		}
		if (!row) {
			(void)fprintf(stderr, "%s: see %s --help\n", argv[0], argv[0]);
			return -1;
		}
		line->given[line->n++] = (struct cmdline_given){row, row->arg ? optarg : ""};
	}
	line->argc = argc - optind;
	line->argv = argv + optind;
	return 0;
}

const char *cmdline_get(const struct cmdline *line, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < line->n; i++) {
		if (strcmp(line->given[i].option->name, name) == 0)
			value = line->given[i].value;
	}
	return value;
}

const char *cmdline_nth(const struct cmdline *line, const char *name, size_t n)
{
	for (size_t i = 0; i < line->n; i++) {
		if (strcmp(line->given[i].option->name, name) == 0 && n-- == 0)
			return line->given[i].value;
	}
	return NULL;
}

int cmdline_number(const struct cmdline *line, const char *program, const char *name, int64_t least, int64_t *number)
{
	const char *text = cmdline_get(line, name);
	char *end;

	if (!text)
		return 0;
	errno = 0;
	*number = strtoll(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && *number >= least)
		return 1;
	(void)fprintf(stderr, "%s: --%s: \"%s\" is not a whole number from %" PRId64 "\n", program, name, text, least);
	return -1;
}

void cmdline_print(const struct cmdline_option *options, FILE *out)
{
	for (const struct cmdline_option *row = options; row && row->name; row++) {
		char left[64];
		(void)snprintf(left, sizeof left, "%c%c%s--%s%s%s", row->letter ? '-' : ' ',
			       row->letter ? row->letter : ' ', row->letter ? ", " : "  ", row->name,
			       row->arg ? " " : "", row->arg ? row->arg : "");
		(void)fprintf(out, "  %-26s  %s\n", left, row->help);
	}
}

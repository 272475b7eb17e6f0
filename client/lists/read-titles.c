/* read-titles.c - a text with one title on each line. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "lists/formats.h"
#include "lists/row.h"

static int read_lines(const struct list_input *in, struct list *list, struct list_error *err)
{
	int status = 0;

	(void)err; /* nothing but the number of entries can be wrong */
	list->unit = "line";
	for (const char *at = in->text; *at && status == 0; at += *at == '\n') {
		const size_t length = strcspn(at, "\n");
		const bool cr = length > 0 && at[length - 1] == '\r';
		char *line = memory_take(strndup(at, length - cr));
		struct list_entry entry = {.year = 0};
		list->at++;
		list_entry_title(&entry, line);
		if (entry.titles[0])
			status = list_add(list, &entry);
		free(line);
		at += length;
	}
	return status;
}

/* Whether the first line is one cell that names no column. */
static bool is(const struct list_input *in)
{
	const char *begin = in->text + strspn(in->text, " \t\r\n");
	const size_t length = strcspn(begin, "\r\n");
	char *line = memory_take(strndup(begin, length));
	const bool title = !strpbrk(line, ",;\t\"") && row_name_of(line).column == ROW_UNKNOWN;

	free(line);
	return title;
}

const struct list_format format_titles = {
    .name = "titles",
    .what = "a list of titles",
    .syntax = LIST_CSV,
    .is = is,
    .read = read_lines,
};

/* title-list.c - tells what kind of list it is, and reads it. */
#include "config.h"

#include <string.h>

#include "rows/input.h"
#include "titlelist/title-list-json.h"
#include "titlelist/title-list.h"

/* Whether the first byte that is no blank is a bracket.  Returns 1 or 0.  On failure returns -1 and fills err. */
static int begins_with_bracket(const char *path, struct animed_error *err)
{
	char bytes[4096];
	struct animed_error why;
	struct input *file;
	size_t n = 0;

	if (input_open(path, "auto", &file, &why) < 0)
		return animed_fail(err, "%s: %s", path, why.text);
	const int status = input_read(file, bytes, sizeof bytes - 1, &n, &why);
	input_close(file);
	if (status < 0)
		return animed_fail(err, "%s: %s", path, why.text);
	bytes[n] = '\0';
	const char first = bytes[strspn(bytes, " \t\r\n")];
	return first == '{' || first == '[';
}

int title_list_load(const struct rows_load *load, title_list_csv read_csv, struct animed_error *err)
{
	const struct animed_value *value = rows_value(load, "items.titles");
	struct rows_table *table;
	int status;

	if (!value)
		return 0;
	const int json = begins_with_bracket(value->string, err);
	if (json < 0)
		return -1;
	table = rows_table_new(load, ROWS_DETAILS, value->string, ROWS_LINES, err);
	if (!table)
		return -1;
	status = json ? title_list_read_json(table, value->string, err)
		      : read_csv(table, value->string, load->host->threads, err);
	if (status == 0)
		status = rows_table_end(table, err);
	rows_table_free(table);
	return status;
}

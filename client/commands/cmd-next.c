/* cmd-next.c - animectl next: lists what continues what somebody has finished. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/whose.h"
#include "ctl/answers.h"
#include "ctl/memory.h"
#include "ctl/table.h"
#include "wire/rpc.h"

/* How many further shows a line names. */
enum { FURTHER = 3 };

static char *number(int64_t value)
{
	return value ? memory_format("%" PRId64, value) : NULL;
}

/* The first of the further shows, and how many more there are; NULL where there are none. */
static char *further(const msgpack_object *more)
{
	const uint32_t n = more->type == MSGPACK_OBJECT_ARRAY ? more->via.array.size : 0;
	char *text = NULL;

	for (uint32_t i = 0; i < n && i < FURTHER; i++) {
		char *title = ctl_text(ctl_get(&more->via.array.ptr[i], "title")), *before = text;
		text = before ? memory_format("%s, %s", before, title) : memory_format("%s", title);
		free(title);
		free(before);
	}
	if (n > FURTHER) {
		char *before = text;
		text = memory_format("%s and %" PRIu32 " more", before, n - FURTHER);
		free(before);
	}
	return text;
}

/* What the show comes after; or what it comes before, which is said. */
static char *after(const msgpack_object *item)
{
	char *title = ctl_text(ctl_get(ctl_get(item, "after"), "title"));

	if (!rpc_str_is(ctl_get(item, "kind"), "before"))
		return title;
	char *text = memory_format("before %s", title);
	free(title);
	return text;
}

static void print_table(const msgpack_object *items)
{
	static const struct table_column columns[] = {
	    {"#", true, TABLE_WHOLE},     {"Next", false, TABLE_CUT_LAST},   {"Year", true, TABLE_WHOLE},
	    {"Type", false, TABLE_WHOLE}, {"After", false, TABLE_CUT_FIRST}, {"Then", false, TABLE_CUT_FIRST},
	};
	struct table table = {.columns = columns, .n_columns = sizeof columns / sizeof *columns};

	for (uint32_t i = 0; i < items->via.array.size; i++) {
		const msgpack_object *item = &items->via.array.ptr[i], *type = ctl_get(item, "type");
		char *cells[] = {number(i + 1),
				 ctl_text(ctl_get(item, "title")),
				 number(ctl_int(ctl_get(item, "year"))),
				 ctl_is_nil(type) ? NULL : ctl_text(type),
				 after(item),
				 further(ctl_get(item, "more"))};
		table_add(&table, cells);
	}
	table_print(&table, stdout, terminal_width(stdout));
	table_free(&table);
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const struct whose *whose = ctl->own;
	const msgpack_object *items = ctl_get(result, "items");
	const int64_t series = ctl_int(ctl_get(result, "series"));

	whose_print(&whose->people[0], result);
	if (items->type != MSGPACK_OBJECT_ARRAY || items->via.array.size == 0) {
		const int64_t filtered_out = ctl_int(ctl_get(result, "filtered_out"));
		if (filtered_out > 0)
			(void)printf("of %" PRId64 " unseen %s of what was finished none passes the filters\n",
				     filtered_out, filtered_out == 1 ? "part" : "parts");
		else
			(void)puts("nothing continues what was finished");
		return;
	}
	print_table(items);
	if (series > (int64_t)items->via.array.size)
		(void)printf("of %" PRId64 " series; -n %" PRId64 " lists all\n", series, series);
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	return whose_ask(ctl, "next", print);
}

static const struct cmdline_option options[] = {
    WHOSE_LIST,
    ANSWERS_LIMIT,
    ANSWERS_FILTERS,
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_next = {
    .name = "next",
    .args = "",
    .summary = "list the seasons that continue what you have finished",
    .options = options,
    .exec = exec,
};

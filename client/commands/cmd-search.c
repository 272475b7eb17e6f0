/* cmd-search.c - animectl search: finds shows by their title. */
#include "config.h"

#include "ctl/answers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "ctl/repair.h"
#include "ctl/table.h"
#include "wire/rpc.h"

static char *number(int64_t value)
{
	return value ? memory_format("%" PRId64, value) : NULL;
}

/* Say how the shows were found, where they do not have the text in their titles. */
static void print_matched(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *matched = ctl_get(result, "matched");
	char *words = ctl_words(ctl, 0), *typed = memory_take(text_repair(words, strlen(words), true));

	if (rpc_str_is(matched, "fuzzy"))
		(void)printf("no title has all words of \"%s\"; nearest to it:\n", typed);
	else if (rpc_str_is(matched, "id"))
		(void)puts("no title is like that; a show with this id:");
	else if (rpc_str_is(matched, "initials"))
		(void)printf("shows that \"%s\" may stand for:\n", typed);
	free(words);
	free(typed);
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	static const struct table_column columns[] = {{"Id", true, TABLE_WHOLE},      {"Title", false, TABLE_CUT_LAST},
						      {"Year", true, TABLE_WHOLE},    {"Type", false, TABLE_WHOLE},
						      {"Ratings", true, TABLE_WHOLE}, {"Mean", true, TABLE_WHOLE}};
	const msgpack_object *items = ctl_get(result, "items");
	struct table table = {.columns = columns, .n_columns = 6};

	for (uint32_t i = 0; items->type == MSGPACK_OBJECT_ARRAY && i < items->via.array.size; i++) {
		const msgpack_object *item = &items->via.array.ptr[i], *mean = ctl_get(item, "mean");
		char *cells[6] = {number(ctl_int(ctl_get(item, "id"))),
				  ctl_text(ctl_get(item, "title")),
				  number(ctl_int(ctl_get(item, "year"))),
				  ctl_text(ctl_get(item, "type")),
				  number(ctl_int(ctl_get(item, "ratings"))),
				  ctl_is_nil(mean) ? NULL : memory_format("%.2f", ctl_real(mean))};
		table_add(&table, cells);
	}
	if (table.n_rows == 0)
		(void)puts("no title is like that");
	print_matched(ctl, result);
	if (table.n_rows > 0)
		table_print(&table, stdout, terminal_width(stdout));
	table_free(&table);
}

static int pack_text(msgpack_packer *packer, const struct ctl *ctl)
{
	char *text = ctl_words(ctl, 0);

	rpc_pack_str(packer, text);
	free(text);
	return 0;
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	return answers_call(ctl, "search", pack_text, NULL, print);
}

static const struct cmdline_option options[] = {
    ANSWERS_LIMIT,
    ANSWERS_FILTERS,
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_search = {
    .name = "search",
    .args = "TEXT",
    .summary = "list the shows whose title is like a text",
    .options = options,
    .min_args = 1,
    .max_args = -1,
    .exec = exec,
};

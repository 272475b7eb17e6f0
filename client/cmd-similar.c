/* cmd-similar.c - the shows most similar to one. */
#include "config.h"

#include "ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "table.h"

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	static const struct table_column columns[] = {{"#", true, false},     {"Title", false, true},
						      {"Score", true, false}, {"Year", true, false},
						      {"Type", false, false}, {"Genres", false, true}};
	const msgpack_object *items = ctl_get(result, "items");
	struct table table = {.columns = columns, .n_columns = 6};
	char *typed = ctl_words(ctl, 0);

	ctl_print_matched(result, typed);
	free(typed);
	for (uint32_t i = 0; items->type == MSGPACK_OBJECT_ARRAY && i < items->via.array.size; i++) {
		const msgpack_object *item = &items->via.array.ptr[i];
		const int64_t year = ctl_int(ctl_get(item, "year"));
		char *cells[6] = {NULL, ctl_text(ctl_get(item, "title")), NULL,
				  NULL, ctl_text(ctl_get(item, "type")),  ctl_list(ctl_get(item, "genres"))};
		if (asprintf(&cells[0], "%" PRIu32, i + 1) < 0)
			cells[0] = NULL;
		if (asprintf(&cells[2], "%.3f", ctl_real(ctl_get(item, "similarity"))) < 0)
			cells[2] = NULL;
		if (year && asprintf(&cells[3], "%" PRId64, year) < 0)
			cells[3] = NULL;
		table_add(&table, cells);
	}
	if (table.n_rows == 0)
		(void)puts("no show is similar that has enough ratings; try --min-ratings 0");
	else
		table_print(&table, stdout, terminal_width(stdout));
	table_free(&table);
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	static const char *const numbers[] = {"limit", "min-ratings", NULL};
	msgpack_sbuffer params;
	msgpack_packer packer;
	char *title = ctl_words(ctl, 0);

	msgpack_sbuffer_init(&params);
	msgpack_packer_init(&packer, &params, msgpack_sbuffer_write);
	msgpack_pack_array(&packer, 2);
	ctl_pack_item(&packer, title);
	enum ctl_exit status = CTL_USAGE;
	if (ctl_pack_numbers(&packer, ctl, numbers) == 0)
		status = ctl_call(ctl, "similar", &params, print);
	msgpack_sbuffer_destroy(&params);
	free(title);
	return status;
}

static const struct cmdline_option options[] = {
    {"limit", 'n', "N", "how many answers"},
    {"min-ratings", 0, "N", "only shows with so many ratings"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_similar = {
    .name = "similar",
    .args = "TITLE",
    .summary = "list the shows most similar to one",
    .options = options,
    .min_args = 1,
    .max_args = -1,
    .exec = exec,
};

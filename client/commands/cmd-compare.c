/* cmd-compare.c - animectl compare: tells what two people have in common, and what either should see. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/whose.h"
#include "ctl/answers.h"
#include "ctl/memory.h"
#include "ctl/table.h"
#include "lists/pack.h"
#include "wire/rpc.h"

static void print_affinity(const msgpack_object *result)
{
	const msgpack_object *affinity = ctl_get(result, "affinity");
	const int64_t seen = ctl_int(ctl_get(result, "seen")), common = ctl_int(ctl_get(result, "common"));

	(void)printf("%" PRId64 " %s seen by both, %" PRId64 " scored by both", seen, seen == 1 ? "show" : "shows",
		     common);
	if (ctl_is_nil(affinity))
		(void)puts("; too little to tell an affinity");
	else
		(void)printf("; affinity %.0f %% (correlation %.2f)\n", 100 * ctl_real(affinity),
			     ctl_real(ctl_get(result, "correlation")));
}

/* Print shows with the scores of both. */
static void print_scores(const msgpack_object *shows, const char *head)
{
	static const struct table_column columns[] = {{"First", true, TABLE_WHOLE},
						      {"Second", true, TABLE_WHOLE},
						      {"Title", false, TABLE_CUT_LAST},
						      {"Year", true, TABLE_WHOLE}};
	struct table table = {.columns = columns, .n_columns = sizeof columns / sizeof *columns};

	for (uint32_t i = 0; shows->type == MSGPACK_OBJECT_ARRAY && i < shows->via.array.size; i++) {
		const msgpack_object *show = &shows->via.array.ptr[i], *scores = ctl_get(show, "scores");
		const int64_t year = ctl_int(ctl_get(show, "year"));
		if (scores->type != MSGPACK_OBJECT_ARRAY || scores->via.array.size != 2)
			continue;
		char *cells[] = {memory_format("%g", ctl_real(&scores->via.array.ptr[0])),
				 memory_format("%g", ctl_real(&scores->via.array.ptr[1])),
				 ctl_text(ctl_get(show, "title")), year ? memory_format("%" PRId64, year) : NULL};
		table_add(&table, cells);
	}
	if (table.n_rows > 0) {
		(void)printf("\n%s:\n", head);
		table_print(&table, stdout, terminal_width(stdout));
	}
	table_free(&table);
}

static void print_for(const msgpack_object *shows, const char *head)
{
	const uint32_t n = shows->type == MSGPACK_OBJECT_ARRAY ? shows->via.array.size : 0;

	if (n > 0)
		(void)printf("\n%s:\n", head);
	for (uint32_t i = 0; i < n; i++) {
		char *name = ctl_item_name(&shows->via.array.ptr[i]);
		(void)printf("  %s\n", name);
		free(name);
	}
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const struct whose *whose = ctl->own;
	const msgpack_object *lists = ctl_get(result, "lists");

	for (uint32_t i = 0; lists->type == MSGPACK_OBJECT_ARRAY && i < lists->via.array.size && i < WHOSE_PEOPLE;
	     i++) {
		(void)fputs(i ? "second, " : "first, ", stdout);
		whose_print(&whose->people[i], &lists->via.array.ptr[i]);
	}
	print_affinity(result);
	print_scores(ctl_get(result, "both_like"), "both like");
	print_scores(ctl_get(result, "differ"), "they differ about");
	print_for(ctl_get(result, "for_first"), "the first should see, for the second likes it");
	print_for(ctl_get(result, "for_second"), "the second should see, for the first likes it");
}

static enum ctl_exit read_people(const struct ctl *ctl, struct whose *whose)
{
	const bool alone = ctl->argc == 1;
	enum ctl_exit status;

	whose->n = WHOSE_PEOPLE;
	status = whose_read(ctl, alone ? NULL : ctl->argv[0], &whose->people[0]);
	if (status == CTL_OK)
		status = whose_read(ctl, ctl->argv[alone ? 0 : 1], &whose->people[1]);
	whose_cut(whose);
	return status;
}

static int pack_lists(msgpack_packer *packer, const struct ctl *ctl)
{
	const struct whose *whose = ctl->own;

	for (size_t i = 0; i < WHOSE_PEOPLE; i++)
		list_pack(packer, &whose->people[i].list);
	return 0;
}

static enum ctl_exit call(const struct ctl *ctl, const struct whose *whose)
{
	enum ctl_exit status = CTL_USAGE;
	msgpack_sbuffer params;
	msgpack_packer packer;
	int64_t limit = 0;

	const int limited = cmdline_number(&ctl->line, "animectl", "limit", 1, &limit);
	if (limited < 0)
		return status;
	ctl_pack_params(&packer, &params);
	msgpack_pack_array(&packer, 3);
	(void)pack_lists(&packer, ctl);
	msgpack_pack_map(&packer, (size_t)(2 + limited));
	rpc_pack_str(&packer, "scale");
	list_pack_scale(&packer, &whose->people[0].list);
	rpc_pack_str(&packer, "with_scale");
	list_pack_scale(&packer, &whose->people[1].list);
	if (limited) {
		rpc_pack_str(&packer, "limit");
		msgpack_pack_int64(&packer, limit);
	}
	status = ctl_call(ctl, "compare", &params, print);
	msgpack_sbuffer_destroy(&params);
	return status;
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	struct whose whose = {.n = 0};
	struct ctl own = *ctl;
	enum ctl_exit status = read_people(ctl, &whose);

	own.own = &whose;
	if (status == CTL_OK)
		status = call(&own, &whose);
	whose_free(&whose);
	return status;
}

static const struct cmdline_option options[] = {
    {"format", 'f', "FORMAT", "what the files are, if their content does not tell"},
    {"scale", 0, "N", "the highest score that the lists could have: 100, 10, 5, 3"},
    ANSWERS_LIMIT,
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_compare = {
    .name = "compare",
    .args = "LIST [LIST]",
    .summary = "tell what two people have in common: you and who has a list, or two lists",
    .options = options,
    .min_args = 1,
    .max_args = 2,
    .exec = exec,
};

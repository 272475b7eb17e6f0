/* cmd-taste.c - animectl taste: tells what a list says of somebody's taste. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/whose.h"
#include "ctl/answers.h"
#include "ctl/memory.h"
#include "ctl/table.h"

/* How many traits are printed on each side. */
enum { SIDE = 6 };

static void print_scores(const msgpack_object *result)
{
	const msgpack_object *generosity = ctl_get(result, "generosity");
	const int64_t scored = ctl_int(ctl_get(result, "scored"));
	const double more = ctl_real(generosity);

	if (scored == 0)
		return;
	(void)printf("mean score %.2f of %" PRId64, ctl_real(ctl_get(result, "mean")), scored);
	if (!ctl_is_nil(generosity) && fabs(more) < 0.05)
		(void)printf("; others give %.2f to the same shows, as you do", ctl_real(ctl_get(result, "others")));
	else if (!ctl_is_nil(generosity))
		(void)printf("; others give %.2f to the same shows: %.2f %s generous",
			     ctl_real(ctl_get(result, "others")), fabs(more), more > 0 ? "more" : "less");
	(void)putchar('\n');
}

static void add_trait(struct table *table, const msgpack_object *trait)
{
	const msgpack_object *mean = ctl_get(trait, "mean");
	char *cells[] = {ctl_text(ctl_get(trait, "kind")),
			 ctl_text(ctl_get(trait, "name")),
			 memory_format("%" PRId64, ctl_int(ctl_get(trait, "shows"))),
			 memory_format("%.0f %%", 100 * ctl_real(ctl_get(trait, "share"))),
			 memory_format("%.0f %%", 100 * ctl_real(ctl_get(trait, "expected"))),
			 ctl_is_nil(mean) ? NULL : memory_format("%.2f", ctl_real(mean))};

	table_add(table, cells);
}

/* Print the traits that are farthest above what is expected or, with `below`, below it. */
static void print_traits(const msgpack_object *traits, bool below)
{
	static const struct table_column columns[] = {
	    {"Kind", false, TABLE_WHOLE}, {"Name", false, TABLE_CUT_LAST}, {"Shows", true, TABLE_WHOLE},
	    {"Share", true, TABLE_WHOLE}, {"Others", true, TABLE_WHOLE},   {"Mean", true, TABLE_WHOLE},
	};
	struct table table = {.columns = columns, .n_columns = sizeof columns / sizeof *columns};
	const uint32_t n = traits->type == MSGPACK_OBJECT_ARRAY ? traits->via.array.size : 0;

	for (uint32_t i = 0; i < n && table.n_rows < SIDE; i++) {
		const msgpack_object *trait = &traits->via.array.ptr[below ? n - 1 - i : i];
		if ((ctl_real(ctl_get(trait, "deviation")) < 0) == below)
			add_trait(&table, trait);
	}
	if (table.n_rows > 0) {
		(void)printf("\n%s than others:\n", below ? "less" : "more");
		table_print(&table, stdout, terminal_width(stdout));
	}
	table_free(&table);
}

static void print_shows(const msgpack_object *shows, const char *head)
{
	const uint32_t n = shows->type == MSGPACK_OBJECT_ARRAY ? shows->via.array.size : 0;

	if (n > 0)
		(void)printf("\n%s\n", head);
	for (uint32_t i = 0; i < n; i++) {
		const msgpack_object *show = &shows->via.array.ptr[i];
		char *name = ctl_item_name(show);
		(void)printf("  %s: %g, %.1f %s the mean\n", name, ctl_real(ctl_get(show, "score")),
			     fabs(ctl_real(ctl_get(show, "difference"))),
			     ctl_real(ctl_get(show, "difference")) > 0 ? "above" : "below");
		free(name);
	}
}

/* Say in a line what marks the list most. */
static void print_marks(const msgpack_object *marks)
{
	const uint32_t n = marks->type == MSGPACK_OBJECT_ARRAY ? marks->via.array.size : 0;
	uint32_t told = 0;

	for (uint32_t i = 0; i < n && told < 3; i++) {
		const msgpack_object *mark = &marks->via.array.ptr[i];
		if (!(ctl_real(ctl_get(mark, "deviation")) > 0))
			break;
		char *name = ctl_text(ctl_get(mark, "name"));
		(void)printf("%s%s", told++ ? ", " : "what marks it most: ", name);
		free(name);
	}
	if (told > 0)
		(void)putchar('\n');
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const struct whose *whose = ctl->own;
	const msgpack_object *traits = ctl_get(result, "traits");

	whose_print(&whose->people[0], result);
	print_scores(result);
	print_marks(ctl_get(result, "marks"));
	print_traits(traits, false);
	print_traits(traits, true);
	print_shows(ctl_get(result, "above"), "liked more than by others:");
	print_shows(ctl_get(result, "below"), "liked less than by others:");
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	return whose_ask(ctl, "taste", print);
}

static const struct cmdline_option options[] = {
    WHOSE_LIST,
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_taste = {
    .name = "taste",
    .args = "",
    .summary = "tell what your list says of your taste",
    .options = options,
    .exec = exec,
};

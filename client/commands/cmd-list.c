/* cmd-list.c - animectl list: prints my list. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "ctl/table.h"
#include "lists/change.h"
#include "lists/mine.h"
#include "lists/own-json.h"
#include "lists/words.h"

/* By status, then the best first, then by title. */
static int compare(const void *a, const void *b)
{
	const struct list_entry *left = a, *right = b;

	if (left->status != right->status)
		return left->status < right->status ? -1 : 1;
	if (left->score < right->score || left->score > right->score)
		return left->score > right->score ? -1 : 1;
	return strcmp(left->titles[0] ? left->titles[0] : "", right->titles[0] ? right->titles[0] : "");
}

/* Keep the entries of one status. */
static void keep(struct list *list, enum list_status status)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct list_entry entry = list->entries[i];
		if (entry.status == status)
			list->entries[kept++] = entry;
		else
			list_entry_free(&entry);
	}
	list->n = kept;
}

static void print_table(const struct list *list)
{
	static const struct table_column columns[] = {{"Status", false, TABLE_WHOLE},
						      {"Score", true, TABLE_WHOLE},
						      {"Title", false, TABLE_CUT_LAST},
						      {"Year", true, TABLE_WHOLE},
						      {"Id", true, TABLE_WHOLE}};
	struct table table = {.columns = columns, .n_columns = sizeof columns / sizeof *columns};

	for (size_t i = 0; i < list->n; i++) {
		const struct list_entry *entry = &list->entries[i];
		const struct list_entry unscored = {.status = entry->status};
		char *cells[] = {change_text(&unscored), entry->score > 0 ? memory_format("%g", entry->score) : NULL,
				 list_entry_name(entry), entry->year > 0 ? memory_format("%d", entry->year) : NULL,
				 entry->ids[LIST_MAL] > 0 ? memory_format("%" PRId64, entry->ids[LIST_MAL]) : NULL};
		table_add(&table, cells);
	}
	if (table.n_rows > 0)
		table_print(&table, stdout, terminal_width(stdout));
	else
		(void)puts("your list has no such show; animectl import, rate, seen and plan add to it");
	table_free(&table);
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	const char *word = cmdline_get(&ctl->line, "status");
	struct list words = {.n = 0}, list;
	struct list_error err;
	const enum list_status status = word ? list_status_of(&words, word) : LIST_UNSET;
	enum ctl_exit result = CTL_OK;

	list_free(&words);
	if (word && (status == LIST_UNSET || status == LIST_BAD)) {
		(void)fprintf(stderr, "animectl: --status is one of watching, completed, on_hold, planned, dropped, "
				      "unwanted and ignored\n");
		return CTL_USAGE;
	}
	if (mine_read(&list, &err) < 0) {
		result = change_failed(&err, CTL_FAILED);
	} else {
		if (word)
			keep(&list, status);
		if (list.n > 0)
			qsort(list.entries, list.n, sizeof *list.entries, compare);
		if (ctl->json)
			list_write_json(&list, stdout);
		else
			print_table(&list);
	}
	list_free(&list);
	return result;
}

static const struct cmdline_option options[] = {
    {"status", 0, "STATUS", "only watching, completed, on_hold, planned, dropped, unwanted or ignored"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_list = {
    .name = "list",
    .args = "",
    .summary = "print your list",
    .options = options,
    .exec = exec,
};

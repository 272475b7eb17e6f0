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

/* Keep the entries whose status is in the mask, which has a bit for each. */
static void keep(struct list *list, unsigned statuses)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct list_entry entry = list->entries[i];
		if (statuses & 1u << entry.status)
			list->entries[kept++] = entry;
		else
			list_entry_free(&entry);
	}
	list->n = kept;
}

/* Read words for statuses, with commas between them, in the spelling of any site.  Returns the mask; 0: a word is none. */
static unsigned read_statuses(const char *text)
{
	char *words = memory_take(strdup(text)), *rest = words, *word;
	struct list told = {.n = 0};
	unsigned statuses = 0;
	bool good = true;

	while ((word = strsep(&rest, ","))) {
		const enum list_status status = list_status_of(&told, word);
		good = good && status != LIST_UNSET && status != LIST_BAD;
		statuses |= 1u << status;
	}
	list_free(&told);
	free(words);
	return good ? statuses : 0;
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

/* A line for each show, with tabs between the columns, and one with their names before them.  Titles have no tabs. */
static void print_tsv(const struct list *list)
{
	(void)puts("status\tscore\ttitle\tyear\tid");
	for (size_t i = 0; i < list->n; i++) {
		const struct list_entry *entry = &list->entries[i];
		char *name = list_entry_name(entry);
		char *score = entry->score > 0 ? memory_format("%g", entry->score) : NULL;
		char *year = entry->year > 0 ? memory_format("%d", entry->year) : NULL;
		char *id = entry->ids[LIST_MAL] > 0 ? memory_format("%" PRId64, entry->ids[LIST_MAL]) : NULL;
		(void)printf("%s\t%s\t%s\t%s\t%s\n", list_status_name(entry->status), score ? score : "", name,
			     year ? year : "", id ? id : "");
		free(score);
		free(year);
		free(id);
		free(name);
	}
}

static void print_titles(const struct list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		char *name = list_entry_name(&list->entries[i]);
		(void)puts(name);
		free(name);
	}
}

static void print_json(const struct list *list)
{
	list_write_json(list, stdout);
}

/* How lists are printed; without --format and --json the first. */
static const struct format {
	const char *name;
	void (*print)(const struct list *list);
} formats[] = {{"table", print_table}, {"json", print_json}, {"tsv", print_tsv}, {"titles", print_titles}};

enum { FORMATS = sizeof formats / sizeof *formats };

/* Returns the format that the command line asks for; NULL: there is none of this name. */
static const struct format *read_format(const struct ctl *ctl)
{
	const char *name = cmdline_get(&ctl->line, "format");

	if (!name)
		name = ctl->json ? "json" : "table";
	for (size_t f = 0; f < FORMATS; f++) {
		if (strcmp(name, formats[f].name) == 0)
			return &formats[f];
	}
	return NULL;
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	const char *words = cmdline_get(&ctl->line, "status");
	const unsigned statuses = words ? read_statuses(words) : ~0u;
	const struct format *format = read_format(ctl);
	enum ctl_exit result = CTL_OK;
	struct list_error err;
	struct list list;

	if (!format) {
		(void)fputs("animectl: --format is one of table, json, tsv and titles\n", stderr);
		return CTL_USAGE;
	}
	if (statuses == 0) {
		(void)fprintf(stderr, "animectl: --status is one of watching, completed, on_hold, planned, dropped, "
				      "unwanted and ignored, or several with commas between them\n");
		return CTL_USAGE;
	}
	if (mine_read(&list, &err) < 0) {
		result = change_failed(&err, CTL_FAILED);
	} else {
		keep(&list, statuses);
		if (list.n > 0)
			qsort(list.entries, list.n, sizeof *list.entries, compare);
		format->print(&list);
	}
	list_free(&list);
	return result;
}

static const struct cmdline_option options[] = {
    {"status", 0, "STATUS", "only watching, completed, on_hold, planned, dropped, unwanted or ignored; several: a,b"},
    {"format", 'f', "FORMAT", "table, json, tsv or titles; table without this option"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_list = {
    .name = "list",
    .args = "",
    .summary = "print your list",
    .options = options,
    .exec = exec,
};

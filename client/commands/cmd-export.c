/* cmd-export.c - animectl export: writes my list to a file for other programs. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lists/change.h"
#include "lists/mine.h"
#include "lists/own-json.h"
#include "lists/replace.h"
#include "lists/write-mal.h"

/* Say what MyAnimeList cannot have of the list. */
static void tell_losses(const struct list *list)
{
	size_t without_id = 0, other = 0, rounded = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct list_entry *entry = &list->entries[i];
		without_id += entry->ids[LIST_MAL] == 0;
		other += entry->ids[LIST_MAL] > 0 && !list_mal_takes(entry);
		rounded += list_mal_takes(entry) && floor(entry->score) < entry->score;
	}
	if (without_id > 0)
		(void)fprintf(stderr,
			      "animectl: left out %zu without an id of MyAnimeList; with a daemon, animectl import "
			      "finds ids by titles\n",
			      without_id);
	if (other > 0)
		(void)fprintf(
		    stderr, "animectl: left out %zu unwanted or ignored, for which MyAnimeList has no status\n", other);
	if (rounded > 0)
		(void)fprintf(stderr, "animectl: rounded %zu %s, since those of MyAnimeList are whole\n", rounded,
			      rounded == 1 ? "score" : "scores");
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	const char *format = cmdline_get(&ctl->line, "format"), *path = ctl->argc > 0 ? ctl->argv[0] : "-";
	const bool json = format && strcmp(format, "json") == 0;
	void (*const write)(const struct list *list, FILE *out) = json ? list_write_json : list_write_mal;
	enum ctl_exit status = CTL_OK;
	struct list_error err;
	struct list list;

	if (format && !json && strcmp(format, "mal") != 0) {
		(void)fputs("animectl: --format is mal or json\n", stderr);
		return CTL_USAGE;
	}
	if (mine_read(&list, &err) < 0)
		status = change_failed(&err, CTL_FAILED);
	else if (strcmp(path, "-") == 0)
		write(&list, stdout);
	else if (list_replace(path, 0666, write, &list, &err) < 0)
		status = change_failed(&err, CTL_BROKEN);
	if (status == CTL_OK && !json)
		tell_losses(&list);
	list_free(&list);
	return status;
}

static const struct cmdline_option options[] = {
    {"format", 'f', "FORMAT", "mal, what MyAnimeList imports, or json; mal without this option"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_export = {
    .name = "export",
    .args = "[FILE]",
    .summary = "write your list to a file, or to standard output",
    .options = options,
    .max_args = 1,
    .exec = exec,
};

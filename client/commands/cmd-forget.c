/* cmd-forget.c - animectl forget: takes a show out of my list. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "ctl/repair.h"
#include "lists/change.h"
#include "lists/index.h"
#include "lists/lookup.h"
#include "lists/mine.h"

/* The name of an entry, as results of the daemon have it. */
static char *name_of(const struct list_entry *entry)
{
	char *title = list_entry_name(entry), id[32] = "no id", year[16] = "";

	if (entry->ids[LIST_MAL] > 0)
		(void)snprintf(id, sizeof id, "id:%" PRId64, entry->ids[LIST_MAL]);
	if (entry->year > 0)
		(void)snprintf(year, sizeof year, ", %d", entry->year);
	char *name = memory_format("%s (%s%s)", title, id, year);

	free(title);
	return name;
}

/* Whether the text is an id or a title of the entry, without regard to case and accents. */
static bool is_named(const struct list_entry *entry, const char *text, const char *folded)
{
	char id[32];

	(void)snprintf(id, sizeof id, "id:%" PRId64, entry->ids[LIST_MAL]);
	if (entry->ids[LIST_MAL] > 0 && strcmp(id, text) == 0)
		return true;
	for (size_t i = 0; i < LIST_SITES; i++) {
		(void)snprintf(id, sizeof id, "%s:%" PRId64, list_site_name((enum list_site)i), entry->ids[i]);
		if (entry->ids[i] > 0 && strcmp(id, text) == 0)
			return true;
	}
	for (size_t i = 0; i < LIST_TITLES && entry->titles[i]; i++) {
		char *title = list_fold(entry->titles[i]);
		const bool same = strcmp(title, folded) == 0;
		free(title);
		if (same)
			return true;
	}
	return false;
}

/* Find the entry by what my list itself has, since a show may be in no catalogue.  Returns how many are named so;
 * *found receives the last. */
static size_t find(struct list *list, const char *text, struct list_entry **found)
{
	char *folded = list_fold(text);
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (is_named(&list->entries[i], text, folded)) {
			*found = &list->entries[i];
			n++;
		}
	}
	free(folded);
	return n;
}

static void print_each(struct list *list, const char *text)
{
	char *folded = list_fold(text), *shown = memory_take(text_repair(text, strlen(text), true));

	(void)fprintf(stderr, "animectl: several shows of your list are called \"%s\"; name one by its id:\n", shown);
	for (size_t i = 0; i < list->n; i++) {
		if (!is_named(&list->entries[i], text, folded))
			continue;
		char *name = name_of(&list->entries[i]);
		(void)fprintf(stderr, "  %s\n", name);
		free(name);
	}
	free(folded);
	free(shown);
}

static enum ctl_exit take_out(const struct ctl *ctl, struct mine *mine, struct list_entry *entry)
{
	char *name = name_of(entry), *text = change_text(entry);
	struct list_error err;
	enum ctl_exit status = CTL_OK;

	struct list_entry gone = *entry;
	memmove(entry, entry + 1, (size_t)(&mine->list.entries[mine->list.n] - (entry + 1)) * sizeof *entry);
	mine->list.n--;
	if (mine_save(mine, &err) < 0)
		status = change_failed(&err, CTL_BROKEN);
	else if (ctl->json)
		change_print(ctl, name, &gone, NULL);
	else
		(void)printf("%s: forgotten; it was %s\n", name, text);
	list_entry_free(&gone);
	free(name);
	free(text);
	return status;
}

/* Find the entry of a show, which may stand there by an id of another service alone. */
static struct list_entry *find_or_ask(const struct ctl *ctl, struct list *mine, const struct list_entry *show)
{
	struct list_entry *entry = mine_find(mine, show);

	if (entry)
		return entry;
	lookup_kept(ctl, mine, false);
	return mine_find(mine, show);
}

/* Take the entry of a show out.  `name` is what to call one that is not in the list. */
static enum ctl_exit forget(const struct ctl *ctl, const struct list_entry *show, const char *name)
{
	struct list_entry *entry;
	struct list_error err;
	struct mine mine;
	enum ctl_exit status = CTL_REFUSED;

	if (mine_open(&mine, &err) < 0)
		status = change_failed(&err, CTL_FAILED);
	else if ((entry = find_or_ask(ctl, &mine.list, show)))
		status = take_out(ctl, &mine, entry);
	else
		(void)fprintf(stderr, "animectl: %s is not in your list\n", name);
	mine_close(&mine);
	return status;
}

/* Ask the daemon which show is meant, and forget that. */
static enum ctl_exit forget_by_daemon(const struct ctl *ctl, const char *text)
{
	struct list_entry show;
	char *name;
	enum ctl_exit status = lookup_title(ctl, text, &show, &name);

	if (status == CTL_OK)
		status = forget(ctl, &show, name);
	list_entry_free(&show);
	free(name);
	return status;
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	struct list_entry *entry = NULL;
	struct list_error err;
	struct list list;
	enum ctl_exit status;
	char *text = ctl_words(ctl, 0);

	if (mine_read(&list, &err) < 0) {
		status = change_failed(&err, CTL_FAILED);
	} else {
		const size_t n = find(&list, text, &entry);
		if (n > 1)
			print_each(&list, text);
		status = n == 0 ? forget_by_daemon(ctl, text) : n == 1 ? forget(ctl, entry, text) : CTL_REFUSED;
	}
	list_free(&list);
	free(text);
	return status;
}

const struct cmd_entry cmd_forget = {
    .name = "forget",
    .args = "TITLE",
    .summary = "take a show out of your list",
    .min_args = 1,
    .max_args = -1,
    .exec = exec,
};

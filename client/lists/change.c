/* change.c - changes one entry of my list. */
#include "config.h"

#include "lists/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "ctl/repair.h"
#include "lists/lookup.h"
#include "lists/mine.h"
#include "lists/own-json.h"

enum ctl_exit change_failed(const struct list_error *err, enum ctl_exit status)
{
	char *text = memory_take(text_repair(err->text, strlen(err->text), true));

	(void)fprintf(stderr, "animectl: %s\n", text);
	free(text);
	return status;
}

char *change_text(const struct list_entry *entry)
{
	char status[32];

	(void)snprintf(status, sizeof status, "%s", list_status_name(entry->status));
	for (char *at = status; *at; at++)
		*at = *at == '_' ? ' ' : *at;
	return entry->score > 0 ? memory_format("%s, %g", status, entry->score) : memory_format("%s", status);
}

void change_print(const struct ctl *ctl, const char *name, const struct list_entry *entry, const char *before)
{
	if (ctl->json) {
		json_t *object = list_entry_json(entry);
		char *text = memory_take(json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(15)));
		(void)puts(text);
		free(text);
		json_decref(object);
		return;
	}
	char *after = change_text(entry);
	if (before && strcmp(before, after) != 0)
		(void)printf("%s: %s; it was %s\n", name, after, before);
	else
		(void)printf("%s: %s%s\n", name, after, before ? ", as it was" : "");
	free(after);
}

/* The status of an entry that has one and gets a score. */
static enum list_status rated(enum list_status status)
{
	return status == LIST_UNSET || status >= LIST_PLANNED ? LIST_COMPLETED : status;
}

/* The entry of my list for the show, a new one where there is none; NULL where the list is full.  *before receives what
 * it says, NULL for a new one. */
static struct list_entry *find_or_add(struct mine *mine, struct list_entry *show, char **before)
{
	struct list_entry *entry = mine_find(&mine->list, show);

	*before = entry ? change_text(entry) : NULL;
	if (entry)
		return entry;
	return list_add(&mine->list, show) == 0 ? &mine->list.entries[mine->list.n - 1] : NULL;
}

static enum ctl_exit change(const struct ctl *ctl, struct list_entry *show, const char *name, enum list_status status,
			    double score)
{
	enum ctl_exit result = CTL_OK;
	struct list_error err;
	struct mine mine;
	char *before = NULL;

	if (mine_open(&mine, &err) < 0) {
		result = change_failed(&err, CTL_FAILED);
		goto out;
	}
	if (!mine_find(&mine.list, show))
		lookup_kept(ctl, &mine.list, false);
	struct list_entry *entry = find_or_add(&mine, show, &before);
	if (!entry) {
		(void)list_fail(&err, "your list has %d entries, and no room for more", LIST_ENTRIES);
		result = change_failed(&err, CTL_REFUSED);
		goto out;
	}
	const enum list_status old = before ? entry->status : LIST_UNSET;
	entry->status = status != LIST_UNSET ? status : old == LIST_DROPPED ? old : rated(old);
	entry->score = score > 0 ? score : entry->score;
	if (mine_save(&mine, &err) < 0)
		result = change_failed(&err, CTL_BROKEN);
	else
		change_print(ctl, name, entry, before);
out:
	free(before);
	mine_close(&mine);
	return result;
}

enum ctl_exit change_entry(const struct ctl *ctl, const char *title, enum list_status status, double score)
{
	struct list_entry show;
	char *name;
	enum ctl_exit result = lookup_title(ctl, title, &show, &name);

	if (result == CTL_OK)
		result = change(ctl, &show, name, status, score);
	list_entry_free(&show);
	free(name);
	return result;
}

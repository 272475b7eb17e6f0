/* list.c - collects the entries of a list. */
#include "config.h"

#include "lists/list.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "ctl/repair.h"

/* How many lines on single entries are kept. */
enum { TOLD = 1000 };

int list_fail(struct list_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	return -1;
}

/* Make a text fit to print, on one line where it is a title.  Returns the new string, NULL where nothing is left. */
static char *clean(char *text, bool line)
{
	char *to = text;

	if (!text)
		return NULL;
	for (const char *at = text; *at; at++) {
		if (*at != '\r' || at[1] != '\n')
			*to++ = *at == '\t' ? ' ' : *at;
	}
	*to = '\0';
	char *out = memory_take(text_repair(text, strlen(text), true));
	size_t length = strlen(out), blank = strspn(out, " \n");

	free(text);
	while (length > blank && strchr(" \n", out[length - 1]))
		length--;
	out[length] = '\0';
	memmove(out, out + blank, length - blank + 1);
	for (char *at = out; line && *at; at++)
		*at = *at == '\n' ? ' ' : *at;
	if (*out)
		return out;
	free(out);
	return NULL;
}

void list_entry_title(struct list_entry *entry, const char *title)
{
	char *copy = title ? clean(memory_take(strdup(title)), true) : NULL;

	for (size_t i = 0; copy && i < LIST_TITLES; i++) {
		if (!entry->titles[i]) {
			entry->titles[i] = copy;
			return;
		}
		if (strcmp(entry->titles[i], copy) == 0)
			break;
	}
	free(copy);
}

void list_entry_fill(struct list_entry *to, struct list_entry *from)
{
	for (size_t i = 0; i < LIST_SITES; i++)
		to->ids[i] = to->ids[i] > 0 ? to->ids[i] : from->ids[i];
	for (size_t i = 0; i < LIST_TITLES; i++)
		list_entry_title(to, from->titles[i]);
	to->year = to->year ? to->year : from->year;
	to->score = to->score > 0 ? to->score : from->score;
	to->progress = to->progress > 0 ? to->progress : from->progress;
	to->repeats = to->repeats > 0 ? to->repeats : from->repeats;
	if (to->status_assumed) {
		to->status = from->status;
		to->status_assumed = from->status_assumed;
	}
	if (!to->notes) {
		to->notes = from->notes;
		from->notes = NULL;
	}
	if (!to->more) {
		to->more = from->more;
		from->more = NULL;
	}
}

void list_entry_free(struct list_entry *entry)
{
	for (size_t i = 0; i < LIST_TITLES; i++)
		free(entry->titles[i]);
	free(entry->notes);
	json_decref(entry->more);
	*entry = (struct list_entry){.year = 0};
}

void list_free(struct list *list)
{
	for (size_t i = 0; i < list->n; i++)
		list_entry_free(&list->entries[i]);
	for (size_t i = 0; i < list_told(list); i++)
		free(list->told[i]);
	free(list->entries);
	free(list->told);
	json_decref(list->more);
	*list = (struct list){.n = 0};
}

void list_tell(struct list *list, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	if (!list->told && !(list->told = calloc(TOLD, sizeof *list->told)))
		memory_is_short();
	if (list->n_told++ >= TOLD)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	char *text = list->at > 0 ? memory_format("%s %zu: %s", list->unit ? list->unit : "entry", list->at, line)
				  : memory_format("%s", line);
	list->told[list->n_told - 1] = memory_take(text_repair(text, strlen(text), true));
	free(text);
}

size_t list_told(const struct list *list)
{
	return list->n_told < TOLD ? list->n_told : TOLD;
}

bool list_entry_is_named(const struct list_entry *entry)
{
	bool named = entry->titles[0] != NULL;

	for (size_t i = 0; i < LIST_SITES; i++)
		named = named || entry->ids[i] > 0;
	return named;
}

char *list_entry_name(const struct list_entry *entry)
{
	if (entry->titles[0])
		return memory_format("%s", entry->titles[0]);
	for (size_t i = 0; i < LIST_SITES; i++) {
		if (entry->ids[i] > 0)
			return memory_format("%s:%" PRId64, list_site_name((enum list_site)i), entry->ids[i]);
	}
	return memory_format("%s", "");
}

static void grow(struct list *list)
{
	if (list->n < list->room)
		return;
	const size_t room = list->room ? 2 * list->room : 64;
	struct list_entry *more = realloc(list->entries, room * sizeof *more);
	if (!more)
		memory_is_short();
	list->entries = more;
	list->room = room;
}

int list_add(struct list *list, struct list_entry *entry)
{
	entry->notes = clean(entry->notes, false);
	for (size_t i = 0; i < LIST_SITES; i++)
		entry->ids[i] = entry->ids[i] > 0 ? entry->ids[i] : 0;
	if (entry->status == LIST_UNSET) {
		entry->status = LIST_COMPLETED;
		entry->status_assumed = true;
	}
	if (!list_entry_is_named(entry)) {
		list_tell(list, "has neither a title nor an id; left out");
		list_entry_free(entry);
		return 0;
	}
	if (entry->status == LIST_BAD) {
		list_entry_free(entry); /* what read the word has told it */
		return 0;
	}
	if (list->n == LIST_ENTRIES) {
		list->full = true;
		list_entry_free(entry);
		return -1;
	}
	grow(list);
	list->entries[list->n++] = *entry;
	*entry = (struct list_entry){.year = 0};
	return 0;
}

enum list_use list_use(const struct list_entry *entry)
{
	switch (entry->status) {
	case LIST_PLANNED:
		return LIST_WISH;
	case LIST_UNWANTED:
		return LIST_DISLIKE;
	case LIST_IGNORED:
		return LIST_NOT_AGAIN;
	case LIST_DROPPED:
		return entry->score > 0 ? LIST_RATING : LIST_MILD_DISLIKE;
	default:
		return entry->score > 0 ? LIST_RATING : LIST_SEEN;
	}
}

const char *list_site_name(enum list_site site)
{
	static const char *const names[LIST_SITES] = {
	    [LIST_MAL] = "mal",     [LIST_ANILIST] = "anilist", [LIST_KITSU] = "kitsu",
	    [LIST_ANIDB] = "anidb", [LIST_SIMKL] = "simkl",
	};

	return names[site];
}

const char *list_status_name(enum list_status status)
{
	static const char *const names[] = {
	    [LIST_UNSET] = "",
	    [LIST_WATCHING] = "watching",
	    [LIST_COMPLETED] = "completed",
	    [LIST_ON_HOLD] = "on_hold",
	    [LIST_PLANNED] = "planned",
	    [LIST_DROPPED] = "dropped",
	    [LIST_UNWANTED] = "unwanted",
	    [LIST_IGNORED] = "ignored",
	    [LIST_BAD] = "",
	};

	return names[status];
}

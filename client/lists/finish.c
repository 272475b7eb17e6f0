/* finish.c - finds the scale of a list, and joins what it has twice. */
#include "config.h"

#include "lists/finish.h"

#include <math.h>
#include <stdlib.h>

#include "lists/index.h"

/* One score in so many may be beyond 10 and yet be a slip, where all others are not. */
enum { OUTLIERS = 10 };

/* The scale that the scores have: the smallest one that has room for all of them, but for single ones that are far beyond
 * all others. */
static double find_scale(const struct list *list)
{
	double most = 0;
	bool whole = true;
	size_t scored = 0, beyond = 0;

	for (size_t i = 0; i < list->n; i++) {
		const double score = list->entries[i].score;
		most = score > most ? score : most;
		scored += score > 0;
		beyond += score > 10;
		whole = whole && floor(score) == score;
	}
	if (list->guess == LIST_SCALE_ANILIST && !whole && most <= 10)
		return 10; /* AniList's stars and smileys are whole numbers */
	if (most > 10)
		return beyond * OUTLIERS > scored ? 100 : 10;
	if (most > 5 || most == 0)
		return 10;
	return list->guess == LIST_SCALE_ANILIST && most <= 3 ? 3 : 5;
}

/* Join the entries of one show, in the place of the first of them.  Which of two counts: with `newest` the later one if it
 * has a score, else the one with an id of MyAnimeList, or the first. */
static void join(struct list *list, bool newest)
{
	struct list_index *index = list_index_new();
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct list_entry *entry = &list->entries[i];
		const size_t at = list_index_find(index, list->entries, entry);
		if (at == LIST_NOWHERE) {
			list_index_add(index, entry, kept);
			if (kept != i) {
				list->entries[kept] = *entry;
				*entry = (struct list_entry){.year = 0};
			}
			kept++;
			continue;
		}
		const struct list_entry first = list->entries[at];
		if (newest ? entry->score > 0 : first.ids[LIST_MAL] == 0 && entry->ids[LIST_MAL] > 0) {
			list->entries[at] = *entry;
			*entry = first;
		}
		list_entry_fill(&list->entries[at], entry);
		list_index_add(index, &list->entries[at], at);
		list_entry_free(entry);
		list->repeats++;
	}
	list->n = kept;
	list_index_free(index);
}

int list_check_scale(const struct list *list, double scale, const char *path, struct list_error *err)
{
	size_t scored = 0, beyond = 0;

	for (size_t i = 0; i < list->n; i++) {
		scored += list->entries[i].score > 0;
		beyond += list->entries[i].score > scale;
	}
	if (beyond * 2 <= scored)
		return 0;
	return list_fail(
	    err,
	    "%s: %zu of %zu scores are above %g, so that --scale %g cannot be right; name the highest score "
	    "that there can be, or leave --scale out",
	    path, beyond, scored, scale, scale);
}

void list_finish(struct list *list, double scale)
{
	list->scale_guessed = scale <= 0 && list->guess != LIST_SCALE_KNOWN;
	if (scale > 0)
		list->scale = scale;
	else if (list->scale_guessed)
		list->scale = find_scale(list);
	for (size_t i = 0; i < list->n; i++) {
		struct list_entry *entry = &list->entries[i];
		if (entry->score <= list->scale)
			continue;
		char *name = list_entry_name(entry);
		list->at = 0;
		list_tell(list, "\"%s\" has the score %g, beyond the scale, which ends at %g; taken as not scored",
			  name, entry->score, list->scale);
		free(name);
		entry->score = 0;
	}
	join(list, true);
}

void list_join(struct list *list)
{
	join(list, false);
}

void list_rescale(struct list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const double score = list->entries[i].score * LIST_SCALE / list->scale;
		const double rounded = round(score * 100) / 100;
		list->entries[i].score = score > 0 && rounded <= 0 ? 0.01 : rounded;
	}
	list->scale = LIST_SCALE;
}

/* read-anilist-gdpr.c - gdpr_data.json, what AniList gives to whom asks for all that it has of them. */
#include "config.h"

#include "lists/formats.h"
#include "lists/json-text.h"

static bool is(const struct list_input *in)
{
	const json_t *lists = list_json_at(in->root, "lists");

	return json_is_array(lists) &&
	       (json_array_size(lists) == 0 ? list_json_at(in->root, "user") != NULL
					    : list_json_at(json_array_get(lists, 0), "series_id") != NULL);
}

/* The status is a number or a word. */
static enum list_status status_of(struct list *list, const json_t *value)
{
	static const enum list_status numbers[] = {LIST_WATCHING, LIST_PLANNED, LIST_COMPLETED,
						   LIST_DROPPED,  LIST_ON_HOLD, LIST_COMPLETED};
	const json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;

	if (number >= 0 && (size_t)number < sizeof numbers / sizeof *numbers)
		return numbers[number];
	return list_json_status(list, value);
}

static int read_lists(const struct list_input *in, struct list *list, struct list_error *err)
{
	const json_t *value;
	size_t i;

	(void)err; /* nothing but the number of entries can be wrong */
	list->guess = LIST_SCALE_ANILIST;
	json_array_foreach(list_json_at(in->root, "lists"), i, value)
	{
		struct list_entry entry = {.year = 0};
		list->at++;
		if (list_json_whole(list_json_at(value, "series_type")) == 1) {
			list->others++;
			continue;
		}
		entry.ids[LIST_ANILIST] = list_json_whole(list_json_at(value, "series_id"));
		entry.status = status_of(list, list_json_at(value, "status"));
		entry.score = list_json_score(list, list_json_at(value, "score"));
		entry.progress = list_json_whole(list_json_at(value, "progress"));
		entry.repeats = list_json_whole(list_json_at(value, "repeat"));
		entry.notes = list_json_text(list_json_at(value, "notes"));
		if (list_add(list, &entry) < 0)
			return -1;
	}
	return 0;
}

const struct list_format format_anilist_gdpr = {
    .name = "anilist-gdpr",
    .what = "the GDPR data of AniList",
    .syntax = LIST_JSON,
    .is = is,
    .read = read_lists,
};

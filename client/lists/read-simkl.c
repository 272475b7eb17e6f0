/* read-simkl.c - the backup of Simkl, and the lists of Trakt, which have the same form. */
#include "config.h"

#include <string.h>

#include "lists/formats.h"
#include "lists/json-text.h"

/* The show of an entry, under what name it stands. */
static const json_t *show_of(const json_t *value)
{
	const json_t *show = list_json_at(value, "show");

	return show ? show : list_json_at(value, "movie");
}

/* The entries: in "anime", where the backup has other kinds beside, or the file itself. */
static const json_t *entries_of(const json_t *root)
{
	return json_is_array(root) ? root : list_json_at(root, "anime");
}

static bool is(const struct list_input *in)
{
	const json_t *entries = entries_of(in->root);

	return json_is_object(list_json_at(show_of(json_array_get(entries, 0)), "ids"));
}

static int read_entry(const json_t *value, struct list *list)
{
	const json_t *show = show_of(value), *type = list_json_at(value, "type"), *rating;
	struct list_entry entry = {.year = (int)json_integer_value(list_json_at(show, "year"))};

	/* Trakt rates seasons and episodes as well as the whole */
	if (type && strcmp(json_string_value(type) ? json_string_value(type) : "", "show") != 0 &&
	    strcmp(json_string_value(type) ? json_string_value(type) : "", "movie") != 0) {
		list->others++;
		return 0;
	}
	rating = list_json_at(value, "user_rating");
	for (size_t i = 0; i < LIST_SITES; i++)
		entry.ids[i] =
		    list_json_whole(list_json_at(list_json_at(show, "ids"), list_site_name((enum list_site)i)));
	list_json_title(&entry, list_json_at(show, "title"));
	entry.status = list_json_status(list, list_json_at(value, "status"));
	entry.score = list_json_score(list, rating ? rating : list_json_at(value, "rating"));
	entry.progress = list_json_whole(list_json_at(value, "watched_episodes_count"));
	entry.notes = list_json_text(list_json_at(value, "memo.text"));
	return list_add(list, &entry);
}

static int read_backup(const struct list_input *in, struct list *list, struct list_error *err)
{
	const json_t *value;
	size_t i;

	(void)err; /* nothing but the number of entries can be wrong */
	json_array_foreach(entries_of(in->root), i, value)
	{
		list->at++;
		if (read_entry(value, list) < 0)
			return -1;
	}
	if (json_is_object(in->root))
		list->others += json_array_size(list_json_at(in->root, "shows")) +
				json_array_size(list_json_at(in->root, "movies"));
	return 0;
}

const struct list_format format_simkl = {
    .name = "simkl",
    .what = "a backup of Simkl or a list of Trakt",
    .syntax = LIST_JSON,
    .is = is,
    .read = read_backup,
};

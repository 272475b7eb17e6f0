/* formats.c - finds the reader for a file. */
#include "config.h"

#include "lists/formats.h"

#include <stdlib.h>
#include <string.h>

#include "cli/string-stream.h"
#include "ctl/memory.h"
#include "lists/finish.h"
#include "lists/json-text.h"

/* The more special ones come first; the last of a syntax takes what is left. */
static const struct list_format *const formats[] = {
    &format_mal,      &format_animectl, &format_anilist,      &format_anilist_gdpr, &format_kitsu,
    &format_mal_api,  &format_simkl,    &format_anime_planet, &format_load_json,    &format_json,
    &format_yamtrack, &format_titles,   &format_csv,
};

/* More entries than a person has seen. */
enum { PERSON = 10000 };

#define FORMATS (sizeof formats / sizeof *formats)

static const struct list_format *find(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	}
	return NULL;
}

bool list_format_exists(const char *name)
{
	return find(name) != NULL;
}

char *list_format_names(void)
{
	struct string_stream stream;
	FILE *out = string_stream_open(&stream);

	for (size_t i = 0; out && i < FORMATS; i++)
		(void)fprintf(out, "%s%s", i == 0 ? "" : i + 1 < FORMATS ? ", " : " or ", formats[i]->name);
	return memory_take(string_stream_close(&stream));
}

static const struct list_format *recognize(const struct list_input *in)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (formats[i]->syntax == in->syntax && formats[i]->is(in))
			return formats[i];
	}
	return NULL;
}

static int choose(const struct list_input *in, const char *name, const struct list_format **format,
		  struct list_error *err)
{
	static const char *const syntaxes[] = {[LIST_XML] = "XML", [LIST_JSON] = "JSON", [LIST_CSV] = "CSV"};

	const json_t *message = list_json_at(json_array_get(list_json_at(in->root, "errors"), 0), "message");

	if (json_is_string(message))
		return list_fail(err, "%s: is no list but an error that the site answered: \"%.200s\"", in->path,
				 json_string_value(message));
	*format = name ? find(name) : recognize(in);
	if (!*format)
		return list_fail(
		    err,
		    "%s: is %s, but no list that is known; a list of objects with \"title\" or \"mal_id\", "
		    "\"score\" and \"status\" would be one",
		    in->path, syntaxes[in->syntax]);
	if ((*format)->syntax != in->syntax)
		return list_fail(err, "%s: is %s, and %s is %s; leave --format out", in->path, syntaxes[in->syntax],
				 (*format)->what, syntaxes[(*format)->syntax]);
	return 0;
}

/* Refuse what is no list of a person, but a catalogue, or a map of the ids that sites have. */
static int check_person(const struct list *list, const struct list_input *in, const struct list_format *format,
			struct list_error *err)
{
	size_t maps = 0;

	if (list->n > PERSON)
		return list_fail(
		    err,
		    "%s: has %zu entries, which looks like a catalogue and not like what a person has seen; "
		    "if it is a list, add --format %s",
		    in->path, list->n, format->name);
	for (size_t i = 0; i < list->n; i++) {
		const struct list_entry *entry = &list->entries[i];
		size_t ids = 0;
		for (size_t site = 0; site < LIST_SITES; site++)
			ids += entry->ids[site] > 0;
		maps += ids > 1 && !entry->titles[0] && entry->status_assumed && entry->score <= 0;
	}
	if (maps == 0 || 2 * maps < list->n)
		return 0;
	return list_fail(
	    err,
	    "%s: has ids alone, without titles, scores and statuses, like a map of ids for lists.ids; if it is "
	    "a list, add --format %s",
	    in->path, format->name);
}

int list_read(const char *path, const char *name, double scale, struct list *list, const struct list_format **format,
	      struct list_error *err)
{
	struct list_input in;

	*list = (struct list){.scale = LIST_SCALE};
	int status = list_input_open(path, &in, err);
	if (status == 0)
		status = choose(&in, name, format, err);
	if (status == 0)
		status = (*format)->read(&in, list, err);
	if (list->full)
		(void)list_fail(err, "%s: has more than %d entries, which no list of a person has", in.path,
				LIST_ENTRIES);
	if (status == 0 && !name)
		status = check_person(list, &in, *format, err);
	if (status == 0 && scale > 0)
		status = list_check_scale(list, scale, in.path, err);
	if (status == 0)
		list_finish(list, scale);
	list_input_close(&in);
	return status;
}

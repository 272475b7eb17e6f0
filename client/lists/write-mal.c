/* write-mal.c - the XML of MyAnimeList. */
#include "config.h"

#include "lists/write-mal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *status_name(enum list_status status)
{
	switch (status) {
	case LIST_WATCHING:
		return "Watching";
	case LIST_ON_HOLD:
		return "On-Hold";
	case LIST_PLANNED:
		return "Plan to Watch";
	case LIST_DROPPED:
		return "Dropped";
	default:
		return "Completed";
	}
}

bool list_mal_takes(const struct list_entry *entry)
{
	return entry->ids[LIST_MAL] > 0 && entry->status != LIST_UNWANTED && entry->status != LIST_IGNORED;
}

/* Write an element with a text, of which only "]]>" means something. */
static void write_text(FILE *out, const char *name, const char *text)
{
	const char *end;

	(void)fprintf(out, "\t\t<%s><![CDATA[", name);
	for (; text && (end = strstr(text, "]]>")); text = end + 2)
		(void)fprintf(out, "%.*s]]]]><![CDATA[", (int)(end - text), text);
	(void)fprintf(out, "%s]]></%s>\n", text ? text : "", name);
}

static int whole_score(double score)
{
	const long rounded = lround(score);

	return score <= 0 ? 0 : rounded < 1 ? 1 : (int)rounded;
}

static void write_entry(const struct list_entry *entry, FILE *out)
{
	(void)fprintf(out, "\t<anime>\n\t\t<series_animedb_id>%" PRId64 "</series_animedb_id>\n", entry->ids[LIST_MAL]);
	write_text(out, "series_title", entry->titles[0]);
	/* of what was completed and not counted, MyAnimeList would take 0 for the truth */
	if (entry->progress > 0 || entry->status != LIST_COMPLETED)
		(void)fprintf(out, "\t\t<my_watched_episodes>%" PRId64 "</my_watched_episodes>\n", entry->progress);
	(void)fprintf(out,
		      "\t\t<my_score>%d</my_score>\n"
		      "\t\t<my_status>%s</my_status>\n"
		      "\t\t<my_times_watched>%" PRId64 "</my_times_watched>\n",
		      whole_score(entry->score), status_name(entry->status), entry->repeats);
	write_text(out, "my_comments", entry->notes);
	(void)fputs("\t\t<update_on_import>1</update_on_import>\n\t</anime>\n", out);
}

void list_write_mal(const struct list *list, FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list_mal_takes(&list->entries[i]);
	(void)fprintf(out,
		      "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n"
		      "<myanimelist>\n"
		      "\t<myinfo>\n"
		      "\t\t<user_export_type>1</user_export_type>\n"
		      "\t\t<user_total_anime>%zu</user_total_anime>\n"
		      "\t</myinfo>\n",
		      n);
	for (size_t i = 0; i < list->n; i++) {
		if (list_mal_takes(&list->entries[i]))
			write_entry(&list->entries[i], out);
	}
	(void)fputs("</myanimelist>\n", out);
}

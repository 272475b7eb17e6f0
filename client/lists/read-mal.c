/* read-mal.c - the XML of MyAnimeList, which Kitsu, Taiga and others write too. */
#include "config.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ctl/memory.h"
#include "lists/formats.h"
#include "lists/words.h"
#include "lists/xml-mend.h"

/* How far reading is.  Elements are myanimelist > anime > series_title. */
struct reading {
	XML_Parser parser;
	struct list *list;
	struct list_error *err;
	struct list_entry entry; /* the one that is being read */
	bool inside;             /* in an <anime> */
	bool rewatching;
	int depth;
	char *text; /* of the innermost element */
	size_t length, room;
	size_t manga;      /* how many <manga> there are */
	bool manga_export; /* user_export_type is 2 */
	bool refused;      /* err says why */
};

static void refuse(struct reading *reading)
{
	reading->refused = true;
	(void)XML_StopParser(reading->parser, XML_FALSE);
}

static void XMLCALL start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *reading = ctx;

	(void)attributes;
	reading->depth++;
	reading->length = 0;
	if (reading->depth == 1 && strcmp(name, "myanimelist") != 0) {
		(void)list_fail(reading->err,
				"is XML, but no list of MyAnimeList: it begins with <%.60s> in place of <myanimelist>",
				name);
		refuse(reading);
	}
	if (reading->depth == 2) {
		reading->inside = strcmp(name, "anime") == 0;
		reading->manga += strcmp(name, "manga") == 0;
		reading->list->at += reading->inside;
		reading->rewatching = false;
	}
}

static void XMLCALL take_text(void *ctx, const XML_Char *text, int n)
{
	struct reading *reading = ctx;
	const size_t length = (size_t)n;

	if (reading->depth != 3)
		return;
	if (reading->length + length + 1 > reading->room) {
		reading->room = 2 * (reading->length + length + 1);
		char *more = realloc(reading->text, reading->room);
		if (!more)
			memory_is_short();
		reading->text = more;
	}
	memcpy(reading->text + reading->length, text, length);
	reading->length += length;
}

static void take_field(struct reading *reading, const char *name, const char *text)
{
	struct list_entry *entry = &reading->entry;

	if (strcmp(name, "series_animedb_id") == 0)
		entry->ids[LIST_MAL] = list_whole_of(text);
	else if (strcmp(name, "series_title") == 0)
		list_entry_title(entry, text);
	else if (strcmp(name, "my_watched_episodes") == 0)
		entry->progress = list_whole_of(text);
	else if (strcmp(name, "my_score") == 0)
		entry->score = list_score_of(reading->list, text);
	else if (strcmp(name, "my_status") == 0)
		entry->status = list_status_of(reading->list, text);
	else if (strcmp(name, "my_times_watched") == 0)
		entry->repeats = list_whole_of(text);
	else if (strcmp(name, "my_rewatching") == 0)
		reading->rewatching = list_whole_of(text) > 0;
	else if (strcmp(name, "my_comments") == 0 && *text && !entry->notes)
		entry->notes = memory_take(strdup(text));
}

static void XMLCALL end(void *ctx, const XML_Char *name)
{
	struct reading *reading = ctx;

	if (reading->depth == 3) {
		if (reading->text)
			reading->text[reading->length] = '\0';
		const char *text = reading->text && reading->length > 0 ? reading->text : "";
		if (reading->inside)
			take_field(reading, name, text);
		else if (strcmp(name, "user_export_type") == 0)
			reading->manga_export = list_whole_of(text) == 2;
		reading->length = 0;
	}
	if (reading->depth == 2 && reading->inside) {
		if (reading->rewatching && reading->entry.status == LIST_WATCHING)
			reading->entry.status = LIST_COMPLETED;
		if (list_add(reading->list, &reading->entry) < 0)
			refuse(reading);
		reading->inside = false;
	}
	reading->depth--;
}

/* A list has no document type, whose entities could make little into much. */
static void XMLCALL start_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
				  int internal)
{
	struct reading *reading = ctx;

	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	(void)list_fail(reading->err, "has a DOCTYPE, which no list has");
	refuse(reading);
}

/* See how reading ended.  Of a file that breaks off, what came before is the list. */
static int judge(struct reading *reading, const struct list_input *in, enum XML_Status status)
{
	const enum XML_Error error = XML_GetErrorCode(reading->parser);
	const unsigned long line = XML_GetCurrentLineNumber(reading->parser);
	const unsigned long column = XML_GetCurrentColumnNumber(reading->parser) + 1;
	struct list *list = reading->list;

	if (error == XML_ERROR_NO_MEMORY)
		memory_is_short();
	if (list->full)
		return -1;
	if (reading->refused) {
		struct list_error why = *reading->err;
		return list_fail(reading->err, "%s:%lu: %.900s", in->path, line, why.text);
	}
	if (status != XML_STATUS_OK && list->n == 0)
		return list_fail(reading->err, "%s:%lu:%lu: is no whole XML: %s", in->path, line, column,
				 XML_ErrorString(error));
	if (list->n == 0 && list->at == 0 && (reading->manga > 0 || reading->manga_export))
		return list_fail(reading->err,
				 "%s: is a list of manga; export the list of anime, on MyAnimeList at Profile, Export, "
				 "Anime List",
				 in->path);
	list->at = 0;
	if (status != XML_STATUS_OK)
		list_tell(list, "line %lu: %s; the list is read up to there, and what follows is missing", line,
			  XML_ErrorString(error));
	list->others += reading->manga;
	return 0;
}

/* Whether the declaration of the XML, if there is one, names an encoding other than UTF-8. */
static bool names_other(const char *text)
{
	const char *end = strncmp(text, "<?xml", 5) == 0 ? strstr(text, "?>") : NULL, *name;

	name = end ? strstr(text, "encoding=") : NULL;
	return name && name < end && strncasecmp(name + 10, "utf-8", 5) != 0;
}

/* The encoding to read the text in; NULL: the one that it names.  Programs that write UTF-8 name others, so that a name
 * counts where the text is no UTF-8 alone. */
static const char *encoding_of(const struct list_input *in, const char *text, struct list *list)
{
	return names_other(text)                ? (list_input_is_utf8(in) ? "UTF-8" : NULL)
	       : list_input_mend(in, list) == 0 ? "UTF-8"
						: NULL;
}

static int read_xml(const struct list_input *in, struct list *list, struct list_error *err)
{
	const size_t blank = strspn(in->text, " \t\r\n"); /* before the declaration XML has none */
	struct reading reading = {
	    .list = list, .err = err, .parser = XML_ParserCreate(encoding_of(in, in->text + blank, list))};
	size_t length;
	char *text = list_xml_mend(list, in->text + blank, in->size - blank, &length);

	if (!reading.parser)
		memory_is_short();
	list->unit = "anime";
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, start, end);
	XML_SetCharacterDataHandler(reading.parser, take_text);
	XML_SetStartDoctypeDeclHandler(reading.parser, start_doctype);
	const enum XML_Status xml = XML_Parse(reading.parser, text, (int)length, XML_TRUE);
	const int status = judge(&reading, in, xml);
	XML_ParserFree(reading.parser);
	list_entry_free(&reading.entry);
	free(reading.text);
	free(text);
	return status;
}

static bool is(const struct list_input *in)
{
	(void)in;
	return true;
}

const struct list_format format_mal = {
    .name = "mal",
    .what = "an export of MyAnimeList",
    .syntax = LIST_XML,
    .is = is,
    .read = read_xml,
};

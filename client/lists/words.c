/* words.c - reads what lists write. */
#include "config.h"

#include "lists/words.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	enum list_status status;
} words[] = {
    {"completed", LIST_COMPLETED},
    {"complete", LIST_COMPLETED},
    {"watched", LIST_COMPLETED},
    {"seen", LIST_COMPLETED},
    {"finished", LIST_COMPLETED},
    {"repeating", LIST_COMPLETED},
    {"rewatching", LIST_COMPLETED},
    {"2", LIST_COMPLETED},
    {"watching", LIST_WATCHING},
    {"current", LIST_WATCHING},
    {"currentlywatching", LIST_WATCHING},
    {"inprogress", LIST_WATCHING},
    {"1", LIST_WATCHING},
    {"onhold", LIST_ON_HOLD},
    {"hold", LIST_ON_HOLD},
    {"paused", LIST_ON_HOLD},
    {"stalled", LIST_ON_HOLD},
    {"3", LIST_ON_HOLD},
    {"dropped", LIST_DROPPED},
    {"4", LIST_DROPPED},
    {"planned", LIST_PLANNED},
    {"plan", LIST_PLANNED},
    {"planning", LIST_PLANNED},
    {"plantowatch", LIST_PLANNED},
    {"wanttowatch", LIST_PLANNED},
    {"watchlist", LIST_PLANNED},
    {"towatch", LIST_PLANNED},
    {"6", LIST_PLANNED},
    {"unwanted", LIST_UNWANTED},
    {"wontwatch", LIST_UNWANTED},
    {"notinteresting", LIST_UNWANTED},
    {"notinterested", LIST_UNWANTED},
    {"ignored", LIST_IGNORED},
};

void list_letters(const char *text, char *out, size_t size)
{
	size_t n = 0;

	for (; *text && n + 1 < size; text++) {
		if (isalnum((unsigned char)*text))
			out[n++] = (char)tolower((unsigned char)*text);
	}
	out[n] = '\0';
}

enum list_status list_status_of(struct list *list, const char *text)
{
	char word[32];

	list_letters(text ? text : "", word, sizeof word);
	if (!*word)
		return LIST_UNSET;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(word, words[i].word) == 0)
			return words[i].status;
	}
	list_tell(list,
		  "the status \"%.60s\" is unknown; left out; there are completed, watching, on_hold, dropped, planned "
		  "and unwanted",
		  text);
	return LIST_BAD;
}

/* Whether a text says that there is no score. */
static bool is_none(const char *text)
{
	static const char *const nones[] = {"none", "null", "nan", "na", "unrated", "notrated", "unscored"};
	char word[32];

	if (text[strspn(text, " \t-")] == '\0')
		return true;
	list_letters(text, word, sizeof word);
	for (size_t i = 0; i < sizeof nones / sizeof *nones; i++) {
		if (strcmp(word, nones[i]) == 0)
			return true;
	}
	return false;
}

double list_score_of(struct list *list, const char *text)
{
	char number[64], *end, *comma;

	if (!text || is_none(text))
		return 0;
	(void)strncpy(number, text, sizeof number - 1);
	number[sizeof number - 1] = '\0';
	comma = strchr(number, ',');
	if (comma)
		*comma = '.';
	const double score = strtod(number, &end);
	end += strspn(end, " \t");
	if (end != number && *end == '/') { /* "9/10": the scale is one for the whole list */
		(void)strtod(end + 1, &end);
		end += strspn(end, " \t");
	}
	if (end == number || *end || !isfinite(score) || score < 0) {
		list_tell(list, "the score \"%.60s\" is no number from 0; taken as not scored", text);
		return 0;
	}
	return score;
}

int64_t list_whole_of(const char *text)
{
	char *end;

	if (!text)
		return 0;
	errno = 0;
	const long long whole = strtoll(text, &end, 10);
	if (*end == '.')
		end += 1 + strspn(end + 1, "0");
	return errno == 0 && end != text && end[strspn(end, " \t")] == '\0' && whole > 0 ? whole : 0;
}

int list_year_of(const char *text)
{
	int year = 0;

	for (size_t i = 0; i < 4; i++) {
		if (!text || !isdigit((unsigned char)text[i]))
			return 0;
		year = 10 * year + text[i] - '0';
	}
	return !isdigit((unsigned char)text[4]) && year >= 1850 && year < 2200 ? year : 0;
}

bool list_is_other(const char *kind)
{
	static const char *const others[] = {"manga",   "novel",  "lightnovel", "book",      "comic",      "game",
					     "episode", "season", "oneshot",    "boardgame", "visualnovel"};
	char word[32];

	list_letters(kind, word, sizeof word);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (strcmp(word, others[i]) == 0)
			return true;
	}
	return false;
}

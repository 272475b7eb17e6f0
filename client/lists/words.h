/* words.h - what lists write: states, scores, ids and years. */
#ifndef CLIENT_LIST_WORDS_H
#define CLIENT_LIST_WORDS_H

#include "lists/list.h"

/* Write the letters and digits of a text to `out`, in lower case.  What does not fit is left out. */
void list_letters(const char *text, char *out, size_t size);

/* Read the word for a status, in the spelling of any site, or its number on MyAnimeList.  Without a word, LIST_UNSET.
 * One that is unknown is told, and is LIST_BAD. */
enum list_status list_status_of(struct list *list, const char *text);

/* Read a score: "9", "8,5", "9/10"; 0 where there is none, such as in "", "-" and "unrated".  What is no number, or
 * below 0, is told and is 0. */
double list_score_of(struct list *list, const char *text);

/* Read a whole number, which may be written as 12.0; 0 where it is none or below 0. */
int64_t list_whole_of(const char *text);

/* Read the year at the beginning of "2017" or "2017-07-07"; 0 where there is none. */
int list_year_of(const char *text);

/* Whether a word for the kind of a medium says that it is no show, such as "manga", "game" or "episode". */
bool list_is_other(const char *kind);

#endif

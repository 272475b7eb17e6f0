/* suggest.h - what somebody should see: for a user of the model, for who gives scores, or for one list or two. */
#ifndef CLIENT_SUGGEST_H
#define CLIENT_SUGGEST_H

#include "commands/whose.h"
#include "ctl/answers.h"

/* Rows for tables of options, with those of WHOSE_LIST. */
#define SUGGEST_CHOICE                                                                                                 \
	{"planned", 'p', NULL, "only what you plan to see"},                                                           \
	    {"only", 0, "FILE", "only shows of the list in this file, such as what you own"},                          \
	    {"not", 0, "FILE", "no shows of the list in this file"},                                                   \
	    {"ignore-dislikes", 0, NULL, "as if what you dislike said nothing"},                                       \
	    {"for", 0, "WHOM", "with two lists: both (neither shall mind) or either (the mean)"},                      \
	    {"why", 'w', NULL, "say which of your shows each answer comes from, as on a terminal anyway"},             \
	{                                                                                                              \
		"no-why", 0, NULL, "do not say so"                                                                     \
	}

/* Ask the daemon and print the answer.  With `random` the answers are drawn. */
enum ctl_exit suggest(const struct ctl *ctl, bool random);

#endif

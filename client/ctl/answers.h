/* answers.h - what the commands that list shows share: their options, and the table of shows. */
#ifndef CLIENT_ANSWERS_H
#define CLIENT_ANSWERS_H

#include "ctl/ctl.h"

/* Rows for tables of options. */
#define ANSWERS_LIMIT                                                                                                  \
	{                                                                                                              \
		"limit", 'n', "N", "how many answers"                                                                  \
	}
#define ANSWERS_FILTERS                                                                                                \
	{"genre", 'g', "GENRE", "only shows of this genre; several: of all of them"},                                  \
	    {"not-genre", 0, "GENRE", "no shows of this genre; several: of none of them"},                             \
	    {"type", 't', "TYPE", "only this type (TV, Movie ...); several: one of them"},                             \
	    {"year", 'y', "YEARS", "only of these years: 2012, 2010..2015, 2010.. or ..2015"},                         \
	    {"members", 0, "N..N", "only with so many members: 1000 (and more), 1000..5000, ..5000"},                  \
	    {"score", 0, "N..N", "only with this mean rating: 8 (and more), 7.5..8, ..8"},                             \
	    {"min-ratings", 0, "N", "only with so many ratings"},                                                      \
	{                                                                                                              \
		"exclude", 'x', "TITLE", "not this show; several times: none of them"                                  \
	}
#define ANSWERS_SEQUELS                                                                                                \
	{                                                                                                              \
		"sequels", 0, "HOW", "hide (one show of a franchise), show (all) or only (of the one asked about)"     \
	}
#define ANSWERS_WEIGHTS                                                                                                \
	{"shrink", 0, "N", "count little for little: n ratings weigh n / (n + N)"},                                    \
	    {"popularity", 0, "P", "from -1, for what few know, to 1, for what many do"},                              \
	{                                                                                                              \
		"cult", 0, NULL, "favour shows that few know and those love"                                           \
	}

#define ANSWERS_DIVERSE                                                                                                \
	{                                                                                                              \
		"diverse", 0, "X", "from 0 to 1: how much an answer shall differ from those before it"                 \
	}

/* Options beside those of the command line: how many there are, and what packs them, each a key and a value. */
struct answers_more {
	size_t n;
	void (*pack)(msgpack_packer *packer, const struct ctl *ctl);
};

/* Call the method with what `pack_asked` packs and with those of the options above that were given, and print as
 * ctl_call() does.  `pack_asked` says what is wrong with the command line and returns -1 where something is; NULL packs
 * nothing.  `more` are further options; NULL: there are none. */
enum ctl_exit answers_call(const struct ctl *ctl, const char *method,
			   int (*pack_asked)(msgpack_packer *packer, const struct ctl *ctl),
			   const struct answers_more *more,
			   void (*print)(const struct ctl *ctl, const msgpack_object *result));

/* Print the items of a result as a table, best first; where there are none, say why.  `mine` returns what a list says of
 * an item, which is a column of the table, as a string on the heap, or NULL where it says nothing; NULL: there is no
 * such column. */
void answers_print(const struct ctl *ctl, const msgpack_object *result,
		   char *(*mine)(const struct ctl *ctl, const msgpack_object *item));

#endif

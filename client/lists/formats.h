/* formats.h - the kinds of lists, each a reader in a file of its own. */
#ifndef CLIENT_LIST_FORMATS_H
#define CLIENT_LIST_FORMATS_H

#include "lists/input.h"

/* A kind of list. */
struct list_format {
	const char *name; /* for --format */
	const char *what; /* for people: "an export of MyAnimeList" */
	enum list_syntax syntax;
	/* Whether a file of that syntax is of this kind. */
	bool (*is)(const struct list_input *in);
	/* Read the entries with list_add(), and set the scale or the guess.  On failure returns -1 and fills err. */
	int (*read)(const struct list_input *in, struct list *list, struct list_error *err);
};

extern const struct list_format format_anilist, format_anilist_gdpr, format_anime_planet, format_animectl, format_csv,
    format_json, format_kitsu, format_load_json, format_mal, format_mal_api, format_simkl, format_titles,
    format_yamtrack;

/* Read a list from a file, or from standard input for "-".  `name` is that of a format; NULL: the kind is told by the
 * content.  `scale` is the highest score; 0: as the file has it.  *format receives the kind.  On failure returns -1 and
 * fills err; list_free() is needed in any case.  Ends the program where memory is short. */
int list_read(const char *path, const char *name, double scale, struct list *list, const struct list_format **format,
	      struct list_error *err);

/* The names of all formats, "a, b or c".  The caller frees the text. */
char *list_format_names(void);

/* Whether there is a format of that name. */
bool list_format_exists(const char *name);

#endif

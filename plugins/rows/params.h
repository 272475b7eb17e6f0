/* params.h - the parameters that every source of rows has, as rows of its table.
 *
 *     static const struct animed_param params[] = {
 *         {"ratings.path", ...}, ROWS_RATINGS_PARAMS, {"items.path", ...}, ROWS_ITEMS_PARAMS, ROWS_PARAMS,
 *         {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
 *     };
 *
 * They are found by their names, so that their places in the table do not matter. */
#ifndef PLUGINS_PARAMS_H
#define PLUGINS_PARAMS_H

/* A source that finds out the names of columns by itself, and has defaults for them in tables of its own, defines
 * ROWS_NO_DEFAULTS. */
#ifdef ROWS_NO_DEFAULTS
#define ROWS_DEFAULT(text) NULL
#else
#define ROWS_DEFAULT(text) text
#endif

#define ROWS_WHERE(name)                                                                                               \
	{                                                                                                              \
		name, ANIMED_MATCH, NULL, 0, 0, NULL, 0,                                                               \
		    "the rows to read: {column: value, other: [value, value]}; rows with other values are left out"    \
	}

#define ROWS_COLUMN(name, def, help)                                                                                   \
	{                                                                                                              \
		name, ANIMED_STRING, ROWS_DEFAULT(def), 0, 0, NULL, 0, help                                            \
	}

#define ROWS_RATINGS_PARAMS                                                                                            \
	ROWS_COLUMN("ratings.user", "profile", "column of the user"),                                                  \
	    ROWS_COLUMN("ratings.item", "anime_uid", "column of the item's id"),                                       \
	    ROWS_COLUMN("ratings.score", "score", "column of the score"), ROWS_WHERE("ratings.where"),                 \
	    {"ratings.unrated",                                                                                        \
	     ANIMED_LIST,                                                                                              \
	     NULL,                                                                                                     \
	     0,                                                                                                        \
	     0,                                                                                                        \
	     NULL,                                                                                                     \
	     0,                                                                                                        \
	     "scores that mean seen but not rated, as -1 or [-1, 0]; nothing, NaN and the like mean it by "            \
	     "themselves"},                                                                                            \
	{                                                                                                              \
		"ratings.range", ANIMED_RANGE, NULL, 0, 0, NULL, 0,                                                    \
		    "the scores there are, as [1, 10]; a row with another is malformed"                                \
	}

#define ROWS_ITEMS_PARAMS                                                                                              \
	ROWS_COLUMN("items.item", "uid", "column of the item's id"),                                                   \
	    ROWS_COLUMN("items.title", "title", "column of the title"),                                                \
	    {"items.alt_titles",                                                                                       \
	     ANIMED_LIST,                                                                                              \
	     ROWS_DEFAULT("alt_titles"),                                                                               \
	     0,                                                                                                        \
	     0,                                                                                                        \
	     NULL,                                                                                                     \
	     0,                                                                                                        \
	     "column of other titles, or up to four of them; may be absent"},                                          \
	    ROWS_WHERE("items.where"),                                                                                 \
	    ROWS_COLUMN("items.synopsis", "synopsis", "column of the synopsis; may be absent"),                        \
	    ROWS_COLUMN("items.genres", "genre", "column of the genres; may be absent"),                               \
	    ROWS_COLUMN("items.type", "type", "column of the type, such as TV; may be absent"),                        \
	    ROWS_COLUMN("items.year", "aired", "column of a date or year; may be absent"),                             \
	    ROWS_COLUMN("items.episodes", "episodes", "column of the number of episodes; may be absent"),              \
	    ROWS_COLUMN("items.members", "members", "column of how many list it; may be absent"),                      \
	    ROWS_COLUMN("items.link", "link", "column of the address of its page; may be absent"),                     \
	    ROWS_COLUMN("items.picture", "img_url", "column of the address of its picture; may be absent"),            \
	{                                                                                                              \
		"items.titles", ANIMED_PATH, NULL, 0, 0, NULL, 0,                                                      \
		    "a file with other titles: CSV of ids and titles, or the anime-offline-database"                   \
	}

#define ROWS_FAVOURITES_PARAMS                                                                                         \
	ROWS_COLUMN("favourites.user", "profile", "column of the user"),                                               \
	    ROWS_COLUMN("favourites.items", "favorites_anime", "column of the ids of what the user likes best")

/* The rows of a source whose parts are queries, but for its own ones. */
#define ROWS_QUERY_PARAMS                                                                                              \
	{"ratings.query", ANIMED_STRING, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the SELECT that gives the ratings"},      \
	    ROWS_RATINGS_PARAMS,                                                                                       \
	    {"items.query", ANIMED_STRING, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the SELECT that gives the items"},      \
	    ROWS_ITEMS_PARAMS,                                                                                         \
	    {"favourites.query", ANIMED_STRING, NULL, 0, 0, NULL, 0, "the SELECT that gives what users like best"},    \
	    ROWS_FAVOURITES_PARAMS, ROWS_PARAMS

#define ROWS_PARAMS                                                                                                    \
	{                                                                                                              \
		"max_rejects", ANIMED_REAL, "0.01", 0, 1, NULL, 0,                                                     \
		    "the share of the rows of the items, or of the ratings, that may be malformed before the load "    \
		    "fails"                                                                                            \
	}

#endif

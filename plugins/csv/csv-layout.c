/* csv-layout.c - the tables of the layouts. */
#include "config.h"

#include "csv/csv-layout.h"

#include <string.h>

#define TEXT(name, text)                                                                                               \
	{                                                                                                              \
		name,                                                                                                  \
		{                                                                                                      \
			.set = true, .string = text                                                                    \
		}                                                                                                      \
	}

#define FLAG(name, value)                                                                                              \
	{                                                                                                              \
		name,                                                                                                  \
		{                                                                                                      \
			.set = true, .boolean = value                                                                  \
		}                                                                                                      \
	}

#define NUMBER(name, value)                                                                                            \
	{                                                                                                              \
		name,                                                                                                  \
		{                                                                                                      \
			.set = true, .integer = value                                                                  \
		}                                                                                                      \
	}

#define LIST(name, ...)                                                                                                \
	{                                                                                                              \
		name,                                                                                                  \
		{                                                                                                      \
			.set = true, .list = {                                                                         \
				(const char *const[]){__VA_ARGS__},                                                    \
				sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)                            \
			}                                                                                              \
		}                                                                                                      \
	}

#define END                                                                                                            \
	{                                                                                                              \
		NULL,                                                                                                  \
		{                                                                                                      \
			.set = false                                                                                   \
		}                                                                                                      \
	}

static const struct rows_default kaggle_reviews[] = {
    TEXT("ratings.user", "profile"),
    TEXT("ratings.item", "anime_uid"),
    TEXT("ratings.score", "score"),
    TEXT("items.item", "uid"),
    TEXT("items.title", "title"),
    LIST("items.alt_titles", "alt_titles"),
    TEXT("items.synopsis", "synopsis"),
    TEXT("items.genres", "genre"),
    TEXT("items.type", "type"),
    TEXT("items.year", "aired"),
    TEXT("items.episodes", "episodes"),
    TEXT("items.members", "members"),
    TEXT("items.link", "link"),
    TEXT("items.picture", "img_url"),
    TEXT("favourites.user", "profile"),
    TEXT("favourites.items", "favorites_anime"),
    END,
};

static const struct rows_default cooperunion[] = {
    TEXT("ratings.user", "user_id"),
    TEXT("ratings.item", "anime_id"),
    TEXT("ratings.score", "rating"),
    LIST("ratings.unrated", "-1", "0"),
    TEXT("items.item", "anime_id"),
    TEXT("items.title", "name"),
    TEXT("items.genres", "genre"),
    TEXT("items.type", "type"),
    TEXT("items.episodes", "episodes"),
    TEXT("items.members", "members"),
    TEXT("favourites.user", "user_id"),
    TEXT("favourites.items", "anime_id"),
    END,
};

static const struct rows_default hernan4444[] = {
    TEXT("ratings.user", "user_id"),
    TEXT("ratings.item", "anime_id"),
    TEXT("ratings.score", "rating"),
    LIST("ratings.unrated", "0", "-1"),
    TEXT("items.item", "MAL_ID"),
    TEXT("items.title", "Name"),
    LIST("items.alt_titles", "English name", "Japanese name"),
    TEXT("items.synopsis", "sypnopsis"),
    TEXT("items.genres", "Genres"),
    TEXT("items.type", "Type"),
    TEXT("items.year", "Aired"),
    TEXT("items.episodes", "Episodes"),
    TEXT("items.members", "Members"),
    TEXT("favourites.user", "user_id"),
    TEXT("favourites.items", "anime_id"),
    END,
};

static const struct rows_default dbdmobile[] = {
    TEXT("ratings.user", "Username"),
    TEXT("ratings.item", "anime_id"),
    TEXT("ratings.score", "rating"),
    LIST("ratings.unrated", "0"),
    TEXT("items.item", "anime_id"),
    TEXT("items.title", "Name"),
    LIST("items.alt_titles", "English name", "Other name"),
    TEXT("items.synopsis", "Synopsis"),
    TEXT("items.genres", "Genres"),
    TEXT("items.type", "Type"),
    TEXT("items.year", "Aired"),
    TEXT("items.episodes", "Episodes"),
    TEXT("items.members", "Members"),
    TEXT("items.picture", "Image URL"),
    TEXT("favourites.user", "Username"),
    TEXT("favourites.items", "anime_id"),
    END,
};

static const struct rows_default azathoth42[] = {
    TEXT("ratings.user", "username"),
    TEXT("ratings.item", "anime_id"),
    TEXT("ratings.score", "my_score"),
    LIST("ratings.unrated", "0"),
    TEXT("items.item", "anime_id"),
    TEXT("items.title", "title"),
    LIST("items.alt_titles", "title_english", "title_japanese", "title_synonyms"),
    TEXT("items.genres", "genre"),
    TEXT("items.type", "type"),
    TEXT("items.year", "aired_string"),
    TEXT("items.episodes", "episodes"),
    TEXT("items.members", "members"),
    TEXT("items.picture", "image_url"),
    TEXT("favourites.user", "username"),
    TEXT("favourites.items", "anime_id"),
    END,
};

static const struct rows_default movielens[] = {
    TEXT("ratings.user", "userId"),    TEXT("ratings.item", "movieId"),     TEXT("ratings.score", "rating"),
    TEXT("items.item", "movieId"),     TEXT("items.title", "title"),        TEXT("items.genres", "genres"),
    TEXT("favourites.user", "userId"), TEXT("favourites.items", "movieId"), END,
};

static const struct rows_default movielens_100k[] = {
    FLAG("ratings.header", false),
    TEXT("ratings.separator", "\t"),
    FLAG("ratings.quotes", false),
    TEXT("ratings.user", "1"),
    TEXT("ratings.item", "2"),
    TEXT("ratings.score", "3"),
    FLAG("items.header", false),
    TEXT("items.separator", "|"),
    FLAG("items.quotes", false),
    TEXT("items.encoding", "latin1"),
    TEXT("items.item", "1"),
    TEXT("items.title", "2"),
    TEXT("items.year", "3"),
    TEXT("items.link", "5"),
    TEXT("items.first_flag", "6"),
    /* the first genre is called unknown */
    LIST("items.flags", "", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama",
	 "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western"),
    TEXT("favourites.user", "1"),
    TEXT("favourites.items", "2"),
    END,
};

static const struct rows_default movielens_1m[] = {
    FLAG("ratings.header", false), TEXT("ratings.separator", "::"),
    TEXT("ratings.user", "1"),     TEXT("ratings.item", "2"),
    TEXT("ratings.score", "3"),    FLAG("items.header", false),
    TEXT("items.separator", "::"), TEXT("items.encoding", "latin1"),
    TEXT("items.item", "1"),       TEXT("items.title", "2"),
    TEXT("items.genres", "3"),     TEXT("favourites.user", "1"),
    TEXT("favourites.items", "2"), END,
};

/* The files of ratings have lines "12:", which name the film, and then USER,SCORE,DATE.  Titles have commas in them. */
static const struct rows_default netflix[] = {
    FLAG("ratings.header", false), TEXT("ratings.separator", ","), FLAG("ratings.quotes", false),
    NUMBER("ratings.fields", 3),   FLAG("ratings.grouped", true),  TEXT("ratings.user", "1"),
    TEXT("ratings.score", "2"),    FLAG("items.header", false),    TEXT("items.separator", ","),
    FLAG("items.quotes", false),   NUMBER("items.fields", 3),      TEXT("items.encoding", "latin1"),
    TEXT("items.item", "1"),       TEXT("items.year", "2"),        TEXT("items.title", "3"),
    TEXT("favourites.user", "1"),  TEXT("favourites.items", "2"),  END,
};

const struct csv_layout csv_layouts[] = {
    {"kaggle-reviews", NULL, NULL, true, kaggle_reviews},
    {"dbdmobile", "Other name", NULL, true, dbdmobile},
    {"azathoth42", NULL, NULL, true, azathoth42},
    {"hernan4444", NULL, "watching_status", true, hernan4444},
    {"cooperunion", NULL, NULL, true, cooperunion},
    {"movielens", NULL, NULL, true, movielens},
    {"movielens-100k", NULL, NULL, false, movielens_100k},
    {"movielens-1m", NULL, NULL, false, movielens_1m},
    {"netflix", NULL, NULL, false, netflix},
    {NULL, NULL, NULL, false, NULL},
};

const struct csv_layout *csv_layout_of(const char *name)
{
	for (const struct csv_layout *layout = csv_layouts; layout->name; layout++) {
		if (strcmp(layout->name, name) == 0)
			return layout;
	}
	return csv_layouts;
}

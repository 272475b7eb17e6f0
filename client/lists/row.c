/* row.c - knows columns by their names. */
#include "config.h"

#include "lists/row.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "lists/words.h"

/* The names without case, blanks and punctuation; of a column the more telling ones come first. */
static const struct {
	const char *name;
	enum row_column column;
} names[] = {
    {"malid", ROW_MAL},
    {"idmal", ROW_MAL},
    {"mal", ROW_MAL},
    {"seriesanimedbid", ROW_MAL},
    {"animedbid", ROW_MAL},
    {"myanimelistid", ROW_MAL},
    {"myanimelist", ROW_MAL},
    {"animeid", ROW_MAL},
    {"animeuid", ROW_MAL},
    {"id", ROW_MAL},
    {"anilistid", ROW_ANILIST},
    {"idanilist", ROW_ANILIST},
    {"anilist", ROW_ANILIST},
    {"kitsuid", ROW_KITSU},
    {"kitsu", ROW_KITSU},
    {"anidbid", ROW_ANIDB},
    {"anidb", ROW_ANIDB},
    {"simklid", ROW_SIMKL},
    {"simkl", ROW_SIMKL},
    {"title", ROW_TITLE},
    {"animetitle", ROW_TITLE},
    {"seriestitle", ROW_TITLE},
    {"name", ROW_TITLE},
    {"animename", ROW_TITLE},
    {"anime", ROW_TITLE},
    {"show", ROW_TITLE},
    {"romaji", ROW_TITLE},
    {"english", ROW_TITLE_2},
    {"titleenglish", ROW_TITLE_2},
    {"englishtitle", ROW_TITLE_2},
    {"native", ROW_TITLE_3},
    {"originaltitle", ROW_TITLE_3},
    {"titlejapanese", ROW_TITLE_3},
    {"japanese", ROW_TITLE_3},
    {"year", ROW_YEAR},
    {"releaseyear", ROW_YEAR},
    {"startyear", ROW_YEAR},
    {"releasedate", ROW_YEAR},
    {"aired", ROW_YEAR},
    {"mystatus", ROW_STATUS},
    {"liststatus", ROW_STATUS},
    {"watchstatus", ROW_STATUS},
    {"status", ROW_STATUS},
    {"yourrating", ROW_SCORE},
    {"yourscore", ROW_SCORE},
    {"userrating", ROW_SCORE},
    {"userscore", ROW_SCORE},
    {"myscore", ROW_SCORE},
    {"myrating", ROW_SCORE},
    {"score", ROW_SCORE},
    {"rating", ROW_SCORE},
    {"mywatchedepisodes", ROW_PROGRESS},
    {"watchedepisodes", ROW_PROGRESS},
    {"episodeswatched", ROW_PROGRESS},
    {"numepisodeswatched", ROW_PROGRESS},
    {"progress", ROW_PROGRESS},
    {"mytimeswatched", ROW_REPEATS},
    {"repeats", ROW_REPEATS},
    {"repeat", ROW_REPEATS},
    {"rewatches", ROW_REPEATS},
    {"notes", ROW_NOTES},
    {"comments", ROW_NOTES},
    {"mycomments", ROW_NOTES},
    {"mediatype", ROW_KIND},
    {"kind", ROW_KIND},
    {"type", ROW_KIND},
};

struct row_name row_name_of(const char *name)
{
	char letters[32];

	list_letters(name, letters, sizeof letters);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i].name, letters) == 0)
			return (struct row_name){names[i].column, (int)i};
	}
	return (struct row_name){ROW_UNKNOWN, 0};
}

int row_add(struct list *list, const char *const cells[static ROW_COLUMNS])
{
	struct list_entry entry = {.year = list_year_of(cells[ROW_YEAR])};

	if (cells[ROW_KIND] && list_is_other(cells[ROW_KIND])) {
		list->others++;
		return 0;
	}
	for (size_t i = 0; i < LIST_SITES; i++)
		entry.ids[i] = list_whole_of(cells[ROW_MAL + i]);
	for (size_t i = ROW_TITLE; i <= ROW_TITLE_3; i++)
		list_entry_title(&entry, cells[i]);
	entry.status = list_status_of(list, cells[ROW_STATUS]);
	entry.score = list_score_of(list, cells[ROW_SCORE]);
	entry.progress = list_whole_of(cells[ROW_PROGRESS]);
	entry.repeats = list_whole_of(cells[ROW_REPEATS]);
	entry.notes = cells[ROW_NOTES] ? memory_take(strdup(cells[ROW_NOTES])) : NULL;
	return list_add(list, &entry);
}

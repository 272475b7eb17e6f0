/* relations.c - reads the lines of a file of relations, first the titles by which it knows its catalogue. */
#include "config.h"

#include "titles/relations.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "titles/stem.h"

/* What is being read. */
struct reader {
	const struct catalogue *catalogue;
	relations_take *take;
	void *ctx;
	struct relations *relations;
	bool titles;  /* the file tells titles */
	bool decided; /* the first family has come, and relations->used is known */
};

/* What is wrong with a line.  Positive, so that 0 is right and -1 is short memory. */
enum wrong { NOT_IDS = 1, NOT_A_TITLE, TITLE_TOO_LATE };

static const char *const wrongs[] = {
    [NOT_IDS] = "a line is the ids of shows that belong together, commas between them, as in 5114,121",
    [NOT_A_TITLE] = "after \"=\" come an id and the title of the show, as in = 1 Cowboy Bebop",
    [TITLE_TOO_LATE] = "the lines with \"=\" come before all families",
};

/* Returns 1 if the two titles have one stem, 0 if they have not, -1 where memory is short. */
static int same_stem(struct text title, struct text expected)
{
	struct stem stem, wanted;
	char *folded = NULL, *wanted_folded = NULL;
	int status = -1;

	if (stem_of(title, &stem, &folded) == 0 && stem_of(expected, &wanted, &wanted_folded) == 0) {
		const struct text a = stem_text(&stem, stem.n), b = stem_text(&wanted, wanted.n);
		status = a.length > 0 && text_compare(a, b) == 0;
	}
	free(folded);
	free(wanted_folded);
	return status;
}

/* Read what stands behind "=", and compare the title with that of the catalogue.  Returns as take_line() does. */
static int take_title(struct reader *reader, const char *line)
{
	char *end;

	if (reader->decided)
		return TITLE_TOO_LATE;
	errno = 0;
	const int64_t id = strtoll(line, &end, 10);
	const size_t blanks = strspn(end, " \t");
	const size_t length = strcspn(end + blanks, "\r\n");
	if (end == line || errno != 0 || blanks == 0 || length == 0)
		return NOT_A_TITLE;
	reader->titles = true;
	const uint32_t item = catalogue_find(reader->catalogue, id);
	const struct text title = item == ANIMED_NO_ITEM ? text_of("") : strings_at(&reader->catalogue->titles, item);
	if (title.length == 0)
		return 0;
	const int same = same_stem(title, (struct text){end + blanks, length});
	if (same < 0)
		return -1;
	reader->relations->known++;
	reader->relations->agree += (uint32_t)same;
	return 0;
}

static void decide(struct reader *reader)
{
	struct relations *relations = reader->relations;
	const uint64_t least = (uint64_t)relations->known * RELATIONS_PERCENT;

	relations->used =
	    !reader->titles || (relations->known >= RELATIONS_LEAST && (uint64_t)relations->agree * 100 >= least);
	reader->decided = true;
}

/* Read the ids of a family.  Returns as take_line() does. */
static int take_family(struct reader *reader, const char *line)
{
	uint32_t before = ANIMED_NO_ITEM, n = 0;
	char *end;

	if (!reader->decided)
		decide(reader);
	for (const char *at = line;; at = end + 1) {
		errno = 0;
		const int64_t id = strtoll(at, &end, 10);
		if (end == at || errno != 0)
			return NOT_IDS;
		end += strspn(end, " \t\r\n");
		if (*end && *end != ',')
			return NOT_IDS;
		/* a miss scans the catalogue */
		const uint32_t item = reader->relations->used ? catalogue_find(reader->catalogue, id) : ANIMED_NO_ITEM;
		if (item != ANIMED_NO_ITEM) {
			reader->take(reader->ctx, item, before, at == line && !*end);
			before = item;
			reader->relations->families += ++n == 2;
		}
		if (!*end)
			return 0;
	}
}

/* Returns 0, -1 where memory is short, or what is wrong with the line. */
static int take_line(struct reader *reader, const char *line, bool first)
{
	line += strspn(line, " \t\r\n");
	const bool word = (*line >= 'a' && *line <= 'z') || (*line >= 'A' && *line <= 'Z');
	if (!*line || *line == '#' || (word && first))
		return 0;
	return *line == '=' ? take_title(reader, line + 1) : take_family(reader, line);
}

static int fail(const char *path, unsigned number, int status, struct animed_error *err)
{
	if (status < 0)
		return animed_fail(err, "out of memory");
	return animed_fail(err, "queries.relations: %s:%u: %s", path, number, wrongs[status]);
}

int relations_read(const char *path, const struct catalogue *catalogue, relations_take *take, void *ctx,
		   struct relations *relations, struct animed_error *err)
{
	struct reader reader = {.catalogue = catalogue, .take = take, .ctx = ctx, .relations = relations};
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	*relations = (struct relations){.used = false};
	if (!file)
		return animed_fail(err, "queries.relations: %s: %s", path, strerror(errno));
	for (unsigned number = 1; status == 0 && getline(&line, &size, file) > 0; number++) {
		status = take_line(&reader, line, number == 1);
		if (status != 0)
			status = fail(path, number, status, err);
	}
	if (status == 0 && !feof(file)) /* getline() does not mark the stream where memory is short */
		status = animed_fail(err, "queries.relations: %s: cannot be read: %s", path, strerror(errno));
	free(line);
	(void)fclose(file);
	return status;
}

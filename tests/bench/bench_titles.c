/* bench_titles.c - how long it takes to find a show by what people type.
 *
 *   bench_titles MODEL [FILE.csv...]
 *
 * The texts are made of the titles of the best-known shows of the model file, a way of typing them each, and with FILE
 * they are the first column of it, without its header.  Each text is resolved several times; the median of the runs
 * counts.  Printed are the median and the slowest hundredth of the texts, in microseconds, and how many of them were
 * found. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/columns.h"
#include "store/modelfile.h"
#include "titles/franchise.h"
#include "titles/lookup.h"

enum { SHOWS = 500, RUNS = 5, ROOM = 8 };

static void die(const char *text)
{
	fprintf(stderr, "bench_titles: %s\n", text);
	exit(EXIT_FAILURE);
}

/* ---- what is typed ---- */

static void as_it_is(struct text title, char *out, size_t size)
{
	(void)snprintf(out, size, "%.*s", (int)title.length, title.bytes);
}

static void in_lower_case(struct text title, char *out, size_t size)
{
	as_it_is(title, out, size);
	for (char *at = out; *at; at++)
		*at = (char)(*at >= 'A' && *at <= 'Z' ? *at + ('a' - 'A') : *at);
}

static void with_season(struct text title, char *out, size_t size)
{
	(void)snprintf(out, size, "%.*s S2", (int)title.length, title.bytes);
}

static void without_first_word(struct text title, char *out, size_t size)
{
	const char *blank = memchr(title.bytes, ' ', title.length);
	const size_t skipped = blank ? (size_t)(blank + 1 - title.bytes) : 0;

	as_it_is((struct text){title.bytes + skipped, title.length - skipped}, out, size);
}

static void initials(struct text title, char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < title.length && used + 1 < size; i++) {
		if (i == 0 || title.bytes[i - 1] == ' ')
			out[used++] = title.bytes[i];
	}
	out[used] = '\0';
}

/* Leave a letter out in the middle. */
static void misspelt(struct text title, char *out, size_t size)
{
	const size_t half = title.length / 2;

	(void)snprintf(out, size, "%.*s%.*s", (int)half, title.bytes,
		       (int)(title.length - half - (half < title.length)), title.bytes + half + (half < title.length));
}

static void unknown(struct text title, char *out, size_t size)
{
	(void)snprintf(out, size, "%.*sqx zyqqv", (int)(title.length < 6 ? title.length : 6), title.bytes);
}

static const struct {
	const char *name;
	void (*type)(struct text title, char *out, size_t size);
} kinds[] = {
    {"exact", as_it_is},     {"lower case", in_lower_case},
    {"season", with_season}, {"without its first word", without_first_word},
    {"initials", initials},  {"misspelt", misspelt},
    {"unknown", unknown},
};

/* ---- measuring ---- */

static int by_number(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Returns the microseconds that resolving takes; *found tells whether it found a show. */
static double resolve(const struct lookup *lookup, struct text text, bool *found)
{
	struct lookup_hit hits[ROOM];
	double times[RUNS];
	enum lookup_way way;

	for (int r = 0; r < RUNS; r++) {
		size_t n = ROOM;
		const uint64_t begun = clock_begin();
		*found = lookup_resolve(lookup, text, hits, &n, &way) == LOOKUP_FOUND;
		times[r] = clock_seconds(begun) * 1e6;
	}
	qsort(times, RUNS, sizeof *times, by_number);
	return times[RUNS / 2];
}

static void measure(const struct lookup *lookup, const char *name, const struct text_column *typed)
{
	const struct animed_strings texts = text_column_view(typed);
	double *times = malloc((typed->n + 1) * sizeof *times);
	size_t found = 0;
	bool is_found;

	if (!times || typed->n == 0)
		die("there is nothing to look up");
	for (size_t i = 0; i < typed->n; i++) {
		times[i] = resolve(lookup, strings_at(&texts, i), &is_found);
		found += is_found;
	}
	qsort(times, typed->n, sizeof *times, by_number);
	printf("%-24s %6zu texts, %5.1f %% found: median %7.1f us, 99th %7.1f us\n", name, typed->n,
	       100 * (double)found / (double)typed->n, times[typed->n / 2], times[typed->n * 99 / 100]);
	free(times);
}

/* ---- the texts ---- */

static const int64_t *known_by;

static int best_known_first(const void *a, const void *b)
{
	const int64_t x = known_by[*(const uint32_t *)a], y = known_by[*(const uint32_t *)b];

	return (x < y) - (x > y);
}

static void measure_kinds(const struct lookup *lookup, const struct catalogue *catalogue)
{
	uint32_t *items = malloc((catalogue->n + 1U) * sizeof *items);
	char typed[1024];

	if (!items)
		die("out of memory");
	for (uint32_t i = 0; i < catalogue->n; i++)
		items[i] = i;
	known_by = catalogue->members ? catalogue->members : catalogue->counts;
	qsort(items, catalogue->n, sizeof *items, best_known_first);
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		struct text_column texts = {0};
		for (uint32_t i = 0; i < SHOWS && i < catalogue->n; i++) {
			kinds[k].type(strings_at(&catalogue->titles, items[i]), typed, sizeof typed);
			if (*typed && text_column_add(&texts, typed, strlen(typed)) < 0)
				die("out of memory");
		}
		measure(lookup, kinds[k].name, &texts);
		text_column_free(&texts);
	}
	free(items);
}

/* Read the first column; of a quoted field the text has no quotes within. */
static void measure_file(const struct lookup *lookup, const char *path)
{
	struct text_column texts = {0};
	FILE *file = fopen(path, "re");
	char line[2048];

	if (!file || !fgets(line, sizeof line, file))
		die("cannot read that file");
	while (fgets(line, sizeof line, file)) {
		const bool quoted = *line == '"';
		const size_t length = strcspn(line + quoted, quoted ? "\"" : ",\n");
		if (length > 0 && text_column_add(&texts, line + quoted, length) < 0)
			die("out of memory");
	}
	(void)fclose(file);
	measure(lookup, strrchr(path, '/') ? strrchr(path, '/') + 1 : path, &texts);
	text_column_free(&texts);
}

int main(int argc, char **argv)
{
	struct modelfile file;
	struct animed_error err;
	struct lookup *lookup;
	uint32_t *franchises;

	if (argc < 2)
		die("usage: bench_titles MODEL [FILE.csv...]");
	if (modelfile_open(argv[1], &file, &err) < 0 || !file.catalogue.counts)
		die("cannot read the model, or it has no counts of ratings");
	const uint64_t begun = clock_begin();
	if (lookup_open(&file.catalogue, &lookup, &err) < 0)
		die(err.text);
	printf("%u shows, indexed in %.1f ms; a search is taken for %.0f us\n", file.catalogue.n,
	       clock_seconds(begun) * 1e3, lookup_cost(lookup) * 1e6);
	if (franchise_find(&file.catalogue, NULL, &franchises, NULL, &err) < 0)
		die(err.text);
	lookup_set_franchises(lookup, franchises);
	measure_kinds(lookup, &file.catalogue);
	for (int i = 2; i < argc; i++)
		measure_file(lookup, argv[i]);
	lookup_close(lookup);
	free(franchises);
	modelfile_close(&file);
	return EXIT_SUCCESS;
}

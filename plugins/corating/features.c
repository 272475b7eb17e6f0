/* features.c - weighs the counts of genres and words. */
#include "config.h"

#include "corating/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corating/tally.h"
#include "corating/words.h"

/* Which names count, and how much. */
struct rule {
	double least, most;                                 /* in how many rows a name must be */
	double (*weigh)(double count, double df, double n); /* above 0; n: rows */
	double length;                                      /* of a row that is not empty */
};

static double weigh_genre(double count, double df, double n)
{
	(void)count;
	return sqrt(log(n / (1 + df)));
}

static double weigh_word(double count, double df, double n)
{
	return (1 + log(count)) * (log((1 + n) / (1 + df)) + 1);
}

/* ---- from counts to rows ---- */

/* Copy the names that count, and give each its column in numbers[]; UINT32_MAX to those that do not. */
static void keep_names(struct features *features, const struct tally *tally, const struct rule *rule, uint32_t *numbers)
{
	uint64_t end = 0;

	features->name_offsets[0] = 0;
	for (uint32_t i = 0; i < tally->names.n; i++) {
		const uint64_t start = tally->names.offsets[i], length = tally->names.offsets[i + 1] - start;
		numbers[i] = UINT32_MAX;
		if (tally->frequencies[i] < rule->least || tally->frequencies[i] > rule->most)
			continue;
		memcpy(features->bytes + end, tally->names.bytes + start, length);
		end += length;
		numbers[i] = features->n_names++;
		features->name_offsets[features->n_names] = end;
	}
}

/* Bring the values at [start .. end) to the length. */
static void normalise(float *values, uint64_t start, uint64_t end, double length)
{
	double sum = 0;

	for (uint64_t at = start; at < end; at++)
		sum += (double)values[at] * (double)values[at];
	for (uint64_t at = start; at < end; at++)
		values[at] = (float)((double)values[at] * length / sqrt(sum));
}

static void fill_rows(struct features *features, const struct tally *tally, const struct rule *rule,
		      const uint32_t *numbers)
{
	uint64_t end = 0;

	features->offsets[0] = 0;
	for (uint32_t i = 0; i < features->rows; i++) {
		const uint64_t start = end;
		for (uint64_t at = tally->offsets[i]; at < tally->offsets[i + 1]; at++) {
			const struct tally_entry entry = tally->entries[at];
			if (numbers[entry.name] == UINT32_MAX)
				continue;
			features->columns[end] = numbers[entry.name];
			features->values[end++] =
			    (float)rule->weigh(entry.count, tally->frequencies[entry.name], features->rows);
		}
		normalise(features->values, start, end, rule->length);
		features->offsets[i + 1] = end;
	}
}

static int make(struct features *features, const struct tally *tally, const struct rule *rule, struct animed_error *err)
{
	const uint32_t n = tally->names.n;
	uint32_t *numbers = malloc(((size_t)n + 1) * sizeof *numbers);

	*features = (struct features){.rows = tally->n};
	features->offsets = malloc(((size_t)tally->n + 1) * sizeof *features->offsets);
	features->columns = malloc((tally->n_entries + 1) * sizeof *features->columns);
	features->values = malloc((tally->n_entries + 1) * sizeof *features->values);
	features->bytes = malloc((n ? tally->names.offsets[n] : 0) + 1);
	features->name_offsets = malloc(((size_t)n + 1) * sizeof *features->name_offsets);
	if (!numbers || !features->offsets || !features->columns || !features->values || !features->bytes ||
	    !features->name_offsets) {
		free(numbers);
		return animed_fail(err, "out of memory");
	}
	keep_names(features, tally, rule, numbers);
	fill_rows(features, tally, rule, numbers);
	free(numbers);
	return 0;
}

void features_free(struct features *features)
{
	free(features->offsets);
	free(features->columns);
	free(features->values);
	free(features->bytes);
	free(features->name_offsets);
	*features = (struct features){0};
}

/* ---- genres ---- */

static int add_members(struct tally *tally, const struct animed_strings *lists, uint32_t item, struct animed_error *err)
{
	if (!lists->offsets)
		return 0;
	const char *text = lists->bytes + lists->offsets[item], *end = lists->bytes + lists->offsets[item + 1];

	while (text < end) {
		const char *bar = memchr(text, '|', (size_t)(end - text));
		const char *stop = bar ? bar : end;
		if (stop > text && tally_add(tally, text, (size_t)(stop - text), err) < 0)
			return -1;
		text = bar ? bar + 1 : end;
	}
	return 0;
}

static int count_genres(struct tally *tally, const struct animed_items *items, struct animed_error *err)
{
	if (tally_init(tally, items->n, err) < 0)
		return -1;
	for (uint32_t i = 0; i < items->n; i++) {
		if (add_members(tally, &items->genres, i, err) < 0 || add_members(tally, &items->tags, i, err) < 0)
			return -1;
		tally_end_row(tally);
	}
	return 0;
}

int features_genres(struct features *features, const struct animed_items *items, struct animed_error *err)
{
	const struct rule rule = {1, items->n - 2.0, weigh_genre, 1};
	struct tally tally;
	int status;

	*features = (struct features){0};
	status = count_genres(&tally, items, err);
	if (status == 0)
		status = make(features, &tally, &rule, err);
	tally_free(&tally);
	return status;
}

/* ---- words ---- */

static int add_word(void *ctx, const char *word, size_t length, struct animed_error *err)
{
	return tally_add(ctx, word, length, err);
}

static int count_words(struct tally *tally, const struct animed_strings *synopses, uint32_t n, struct animed_error *err)
{
	if (tally_init(tally, n, err) < 0)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		if (synopses->offsets &&
		    words_each(synopses->bytes + synopses->offsets[i], synopses->offsets[i + 1] - synopses->offsets[i],
			       add_word, tally, err) < 0)
			return -1;
		tally_end_row(tally);
	}
	return 0;
}

int features_words(struct features *features, const struct animed_strings *synopses, uint32_t n, double weight,
		   struct animed_error *err)
{
	const struct rule rule = {2, n / 10.0, weigh_word, sqrt(weight)};
	struct tally tally;
	int status;

	*features = (struct features){0};
	status = count_words(&tally, synopses, n, err);
	if (status == 0)
		status = make(features, &tally, &rule, err);
	tally_free(&tally);
	return status;
}

/* ---- tensors ---- */

const struct features_tensors genres_tensors = {"genres.offsets", "genres.items", "genres.values", "genres.names.bytes",
						"genres.names.offsets"};
const struct features_tensors words_tensors = {"words.offsets", "words.items", "words.values", "words.names.bytes",
					       "words.names.offsets"};

void features_write(const struct features *features, const struct features_tensors *names,
		    struct animed_tensor tensors[FEATURES_TENSORS])
{
	const uint64_t rows = features->rows, n = features->offsets[rows], n_names = features->n_names;
	const uint64_t *name_offsets = features->name_offsets;

	tensors[0] = (struct animed_tensor){names->offsets, ANIMED_U64, rows + 1, features->offsets};
	tensors[1] = (struct animed_tensor){names->columns, ANIMED_U32, n, features->columns};
	tensors[2] = (struct animed_tensor){names->values, ANIMED_F32, n, features->values};
	tensors[3] = (struct animed_tensor){names->bytes, ANIMED_U8, name_offsets[n_names], features->bytes};
	tensors[4] = (struct animed_tensor){names->name_offsets, ANIMED_U64, n_names + 1, name_offsets};
}

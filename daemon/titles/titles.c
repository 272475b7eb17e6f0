/* titles.c - folds, sorts and indexes titles. */
#include "config.h"

#include "titles/titles.h"

#include <stdlib.h>
#include <string.h>

#include "base/sorted.h"
#include "titles/casefold.h"

static int add_title(struct titles *titles, uint32_t item, struct text text, bool alternative)
{
	const size_t row = titles->folded.n;
	char *folded;
	int status = fold_text(text, &folded);

	if (status < 0 || !folded || !*folded) {
		free(folded);
		return status;
	}
	if (row >= UINT32_MAX ||
	    grow((void **)&titles->items, &titles->items_room, row + 1, sizeof *titles->items) < 0 ||
	    grow((void **)&titles->alternative, &titles->alternative_room, row + 1, sizeof *titles->alternative) < 0 ||
	    text_column_add(&titles->folded, folded, strlen(folded)) < 0) {
		status = -1;
	} else {
		titles->items[row] = item;
		titles->alternative[row] = alternative;
	}
	free(folded);
	return status;
}

static int add_alternatives(struct titles *titles, uint32_t item, struct text text)
{
	struct text title;

	while (text_member(&text, &title)) {
		if (add_title(titles, item, title, true) < 0)
			return -1;
	}
	return 0;
}

static int by_text(const void *a, const void *b, void *titles)
{
	return text_compare(titles_at(titles, *(const uint32_t *)a), titles_at(titles, *(const uint32_t *)b));
}

/* Call take(ctx, bucket) for every three neighbouring bytes of the text with a blank before and behind it. */
static void each_trigram(const char *text, size_t length, void (*take)(void *, uint32_t), void *ctx)
{
	uint32_t window = ' ';

	for (size_t i = 0; i <= length; i++) {
		window = (window << 8 | (i < length ? (unsigned char)text[i] : ' ')) & 0xffffff;
		if (i > 0)
			take(ctx, (window * 2654435761u) >> 17); /* Knuth's multiplicative hash, to 15 bits */
	}
}

struct filler {
	uint32_t *at;
	uint32_t *postings;
	uint32_t text;
};

static void count_bucket(void *ctx, uint32_t bucket)
{
	((uint32_t *)ctx)[bucket + 1]++;
}

static void fill_bucket(void *ctx, uint32_t bucket)
{
	struct filler *filler = ctx;

	filler->postings[filler->at[bucket]++] = filler->text;
}

static int index_trigrams(struct titles *titles)
{
	const uint32_t n = (uint32_t)titles->folded.n;
	struct filler filler = {.at = malloc(TRIGRAM_BUCKETS * sizeof *filler.at)};

	titles->starts = calloc(TRIGRAM_BUCKETS + 1, sizeof *titles->starts);
	/* a text of n bytes has n trigrams */
	titles->postings = malloc((titles->folded.size + 1) * sizeof *titles->postings);
	if (!filler.at || !titles->starts || !titles->postings || titles->folded.size > UINT32_MAX) {
		free(filler.at);
		return -1;
	}
	for (uint32_t i = 0; i < n; i++)
		each_trigram(titles_at(titles, i).bytes, titles_at(titles, i).length, count_bucket, titles->starts);
	for (uint32_t b = 0; b < TRIGRAM_BUCKETS; b++)
		titles->starts[b + 1] += titles->starts[b];
	memcpy(filler.at, titles->starts, TRIGRAM_BUCKETS * sizeof *filler.at);
	filler.postings = titles->postings;
	for (filler.text = 0; filler.text < n; filler.text++) {
		const struct text text = titles_at(titles, filler.text);
		each_trigram(text.bytes, text.length, fill_bucket, &filler);
	}
	free(filler.at);
	return 0;
}

int titles_open(struct titles *titles, const struct catalogue *catalogue)
{
	*titles = (struct titles){0};
	for (uint32_t i = 0; i < catalogue->n; i++) {
		if (add_title(titles, i, strings_at(&catalogue->titles, i), false) < 0 ||
		    add_alternatives(titles, i, strings_at(&catalogue->alt_titles, i)) < 0)
			return -1;
	}
	titles->sorted = malloc((titles->folded.n + 1) * sizeof *titles->sorted);
	if (!titles->sorted)
		return -1;
	for (uint32_t i = 0; i < titles->folded.n; i++)
		titles->sorted[i] = i;
	if (titles->folded.n > 0)
		qsort_r(titles->sorted, titles->folded.n, sizeof *titles->sorted, by_text, titles);
	return index_trigrams(titles);
}

void titles_close(struct titles *titles)
{
	text_column_free(&titles->folded);
	free(titles->items);
	free(titles->alternative);
	free(titles->sorted);
	free(titles->starts);
	free(titles->postings);
	*titles = (struct titles){0};
}

size_t titles_find(const struct titles *titles, const char *text, size_t length)
{
	const struct text wanted = {text, length};

	return SORTED_BEFORE(i, titles->folded.n, text_compare(titles_at(titles, titles->sorted[i]), wanted) < 0);
}

struct counter {
	const struct titles *titles;
	uint16_t *counts;
};

static void count_postings(void *ctx, uint32_t bucket)
{
	const struct counter *counter = ctx;
	const struct titles *titles = counter->titles;

	for (uint32_t p = titles->starts[bucket]; p < titles->starts[bucket + 1]; p++) {
		if (counter->counts[titles->postings[p]] < UINT16_MAX)
			counter->counts[titles->postings[p]]++;
	}
}

void titles_count_trigrams(const struct titles *titles, const char *text, size_t length, uint16_t *counts)
{
	struct counter counter = {titles, counts};

	each_trigram(text, length, count_postings, &counter);
}

/* titles.c - folds, reads, sorts and indexes titles. */
#include "config.h"

#include "titles/titles.h"

#include <stdlib.h>
#include <string.h>

#include "base/sorted.h"
#include "titles/casefold.h"
#include "titles/order.h"
#include "titles/stem.h"

static size_t count_words(const char *folded)
{
	size_t n = *folded != '\0';

	for (; *folded; folded++)
		n += *folded == ' ';
	return n;
}

int titles_head(struct text title, size_t *head)
{
	const size_t subtitle = stem_subtitle(title);
	char *folded;

	*head = 0;
	if (subtitle == 0)
		return 0;
	const int status = fold_text((struct text){title.bytes, subtitle}, &folded);
	if (folded)
		*head = count_words(folded);
	free(folded);
	return status;
}

bool titles_has_sign(struct text text)
{
	/* U+2200 to U+22FF begin with the bytes e2 88 to e2 8b */
	for (size_t i = 0; i + 2 < text.length; i++) {
		const unsigned char *at = (const unsigned char *)text.bytes + i;
		if (at[0] == 0xe2 && at[1] >= 0x88 && at[1] <= 0x8b)
			return true;
	}
	return false;
}

/* Read what the text says, and number its name. */
static int read_parts(struct titles *titles, size_t row, struct text folded, size_t head, struct text_buffer *key)
{
	struct parts parts;
	bool added;

	parts_read(folded, head, &parts);
	if (parts_key(&parts, key) < 0)
		return -1;
	titles->keys[row] = intern_add(&titles->names, key->bytes, key->length, &added);
	titles->marks[row] = (struct title_mark){.year = (uint16_t)parts.year,
						 .season = (uint16_t)parts.season,
						 .part = (uint16_t)parts.part,
						 .type = (uint8_t)parts.type,
						 .head = (uint8_t)(head <= UINT8_MAX ? head : 0),
						 .halves = parts.halves,
						 .counted = parts.counted};
	return titles->keys[row] == INTERN_NONE ? -1 : 0;
}

static int make_room(struct titles *titles, size_t rows)
{
	if (grow((void **)&titles->items, &titles->items_room, rows, sizeof *titles->items) < 0 ||
	    grow((void **)&titles->alternative, &titles->alternative_room, rows, sizeof *titles->alternative) < 0 ||
	    grow((void **)&titles->marks, &titles->marks_room, rows, sizeof *titles->marks) < 0)
		return -1;
	return grow((void **)&titles->keys, &titles->keys_room, rows, sizeof *titles->keys);
}

static int add_title(struct titles *titles, uint32_t item, struct text text, bool alternative, struct text_buffer *key)
{
	const size_t row = titles->folded.n;
	size_t head;
	char *folded;
	int status = fold_text(text, &folded);

	if (status < 0 || !folded || text_is_blank(text_of(folded))) {
		free(folded);
		return status;
	}
	const struct text words = text_of(folded);
	if (row >= UINT32_MAX || make_room(titles, row + 1) < 0 || titles_head(text, &head) < 0 ||
	    text_column_add(&titles->folded, folded, words.length) < 0 || words_add(&titles->words, words) < 0 ||
	    read_parts(titles, row, words, head, key) < 0 ||
	    initials_add(&titles->initials, (uint32_t)row, titles_without_year(titles, (uint32_t)row)) < 0) {
		status = -1;
	} else {
		titles->marks[row].sign = titles_has_sign(text);
		titles->items[row] = item;
		titles->alternative[row] = alternative;
	}
	free(folded);
	return status;
}

static int add_titles(struct titles *titles, const struct catalogue *catalogue, struct text_buffer *key)
{
	for (uint32_t i = 0; i < catalogue->n; i++) {
		struct text others = strings_at(&catalogue->alt_titles, i), other;
		titles->first[i] = (uint32_t)titles->folded.n;
		if (add_title(titles, i, strings_at(&catalogue->titles, i), false, key) < 0)
			return -1;
		while (text_member(&others, &other)) {
			if (add_title(titles, i, other, true, key) < 0)
				return -1;
		}
	}
	titles->first[catalogue->n] = (uint32_t)titles->folded.n;
	return 0;
}

static int index_keys(struct titles *titles)
{
	const size_t n = titles->names.names.n;
	uint32_t *at = malloc((n + 1) * sizeof *at);

	titles->key_starts = calloc(n + 2, sizeof *titles->key_starts);
	titles->by_key = malloc((titles->folded.n + 1) * sizeof *titles->by_key);
	if (!at || !titles->key_starts || !titles->by_key) {
		free(at);
		return -1;
	}
	for (size_t i = 0; i < titles->folded.n; i++)
		titles->key_starts[titles->keys[i] + 1]++;
	for (size_t k = 0; k < n; k++)
		titles->key_starts[k + 1] += titles->key_starts[k];
	memcpy(at, titles->key_starts, (n + 1) * sizeof *at);
	for (uint32_t i = 0; i < titles->folded.n; i++)
		titles->by_key[at[titles->keys[i]]++] = i;
	free(at);
	return 0;
}

static int index_texts(struct titles *titles)
{
	const struct text_column *names = &titles->names.names;

	titles->sorted = order_strings(text_column_view(&titles->folded), (uint32_t)titles->folded.n);
	titles->keys_sorted = order_strings(text_column_view(names), (uint32_t)names->n);
	initials_sort(&titles->initials);
	return titles->sorted && titles->keys_sorted ? index_keys(titles) : -1;
}

int titles_open(struct titles *titles, const struct catalogue *catalogue)
{
	struct text_buffer key = {0};
	int status = -1;

	*titles = (struct titles){.first = malloc((catalogue->n + 1U) * sizeof *titles->first)};
	if (titles->first && add_titles(titles, catalogue, &key) == 0 && index_texts(titles) == 0)
		status = words_index(&titles->words, titles->items, catalogue->n);
	free(key.bytes);
	return status;
}

void titles_close(struct titles *titles)
{
	text_column_free(&titles->folded);
	free(titles->items);
	free(titles->alternative);
	free(titles->marks);
	free(titles->keys);
	free(titles->first);
	free(titles->sorted);
	intern_free(&titles->names);
	free(titles->by_key);
	free(titles->key_starts);
	free(titles->keys_sorted);
	words_close(&titles->words);
	initials_free(&titles->initials);
	*titles = (struct titles){0};
}

struct text titles_without_year(const struct titles *titles, uint32_t i)
{
	struct text text = titles_at(titles, i);

	if (titles->marks[i].year > 0 && text.length > 5 &&
	    parts_is_number((struct text){text.bytes + text.length - 4, 4}))
		text.length -= 5;
	return text;
}

size_t titles_find(const struct titles *titles, struct text text)
{
	return SORTED_BEFORE(i, titles->folded.n, text_compare(titles_at(titles, titles->sorted[i]), text) < 0);
}

size_t titles_with_key(const struct titles *titles, struct text key, const uint32_t **texts)
{
	const uint32_t number = intern_find(&titles->names, key.bytes, key.length);

	*texts = NULL;
	if (number == INTERN_NONE)
		return 0;
	*texts = titles->by_key + titles->key_starts[number];
	return titles->key_starts[number + 1] - titles->key_starts[number];
}

size_t titles_find_key(const struct titles *titles, struct text key)
{
	const struct animed_strings names = text_column_view(&titles->names.names);

	return SORTED_BEFORE(i, titles->names.names.n,
			     text_compare(strings_at(&names, titles->keys_sorted[i]), key) < 0);
}

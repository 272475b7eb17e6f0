/* fuzz_titles.c - makes a catalogue of arbitrary titles, and looks arbitrary texts up in it.  The input is lines; a line
 * is a title with its alternative titles, '|' between all of them.  Each is looked up, too, and a title finds its own
 * show, alone or as one of several. */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>

#include "base/columns.h"
#include "titles/casefold.h"
#include "titles/lookup.h"
#include "titles/parts.h"

const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED("Overlord\nOverlord II|Overlord 2nd Season\nOverlord III Part 2 (2018)\noverlord s2\nOverlord 4"),
    FUZZ_SEED(
	"Fruits Basket (2019)|Furuba\nFruits Basket\nMatrix, The (1999)\nfruits basket 2001\nfmab\nGhost movie 2: a"),
    FUZZ_SEED("\xe9\x80\xb2\xe6\x92\x83\xe3\x81\xae\xe5\xb7\xa8\xe4\xba\xba|Attack on Titan \xe7\xac\xac"
	      "2\xe6\x9c\x9f\n\xe9\x80\xb2\xe6\x92\x83\nAttak on Titn\nplace to place\n\xe2\x88\x80 Gundam"),
    FUZZ_SEED("Part 2 Part 2 Season 2\nS2\n2\nII\nThe A An\nThe Movie\nTV\n(2019) 2019 TV"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

enum { ITEMS = 64, ROOM = 8 };

static void require(int holds)
{
	if (!holds)
		abort();
}

static void check_parts(struct text title)
{
	struct text_buffer key = {0};
	struct parts parts;
	char *folded;

	require(fold_text(title, &folded) == 0);
	if (folded && !text_is_blank(text_of(folded))) {
		for (size_t head = 0; head < 4; head++) {
			parts_read(text_of(folded), head, &parts);
			require(parts.n >= 1 && parts.n <= PARTS_WORDS && parts.season != 1 && parts.part != 1);
			require(parts_key(&parts, &key) == 0 && key.length > 0);
		}
	}
	free(key.bytes);
	free(folded);
}

static void look_up(const struct lookup *lookup, const struct catalogue *catalogue, struct text text, uint32_t item)
{
	struct lookup_hit hits[ROOM];
	enum lookup_way way;
	size_t n = ROOM;
	bool own = false;

	require(lookup_search(lookup, text, NULL, hits, &n, &way) == 0 && n <= ROOM);
	n = ROOM;
	const enum lookup_outcome outcome = lookup_resolve(lookup, text, hits, &n, &way);
	require(outcome != LOOKUP_NO_MEMORY && n <= ROOM && (outcome != LOOKUP_FOUND || n == 1));
	require(outcome != LOOKUP_AMBIGUOUS || n > 1);
	for (size_t i = 0; i < n; i++) {
		require(hits[i].item < catalogue->n);
		own |= hits[i].item == item;
	}
	if (way == LOOKUP_EXACT)
		require(outcome == LOOKUP_FOUND || outcome == LOOKUP_AMBIGUOUS);
	if (way == LOOKUP_EXACT && outcome == LOOKUP_FOUND)
		require(text_compare(strings_at(&catalogue->titles, hits[0].item), text) == 0);
	if (item != ANIMED_NO_ITEM && n < ROOM && way == LOOKUP_EXACT && outcome == LOOKUP_AMBIGUOUS)
		require(own);
}

/* Read the lines into the columns.  Returns how many there are. */
static uint32_t read_lines(const uint8_t *data, size_t size, struct text_column *titles, struct text_column *others)
{
	uint32_t n = 0;

	for (size_t at = 0; at < size && n < ITEMS; n++) {
		const char *line = (const char *)data + at, *end = memchr(line, '\n', size - at);
		const size_t length = end ? (size_t)(end - line) : size - at;
		const char *bar = memchr(line, '|', length);
		const size_t title = bar ? (size_t)(bar - line) : length;
		require(text_column_add(titles, line, title) == 0);
		require(text_column_add(others, line + title, length - title) == 0);
		at += length + 1;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text_column titles = {0}, others = {0};
	int64_t ids[ITEMS], counts[ITEMS];
	uint32_t franchises[ITEMS];
	struct animed_error err;
	struct lookup *lookup;
	const uint32_t n = read_lines(data, size, &titles, &others);

	for (uint32_t i = 0; i < n; i++) {
		ids[i] = i;
		counts[i] = i % 7;
		franchises[i] = i / 3 * 3;
	}
	const struct catalogue catalogue = {.n = n,
					    .ids = ids,
					    .counts = counts,
					    .titles = text_column_view(&titles),
					    .alt_titles = text_column_view(&others)};
	require(lookup_open(&catalogue, &lookup, &err) == 0);
	lookup_set_franchises(lookup, franchises);
	for (uint32_t i = 0; i < n; i++) {
		struct text list = strings_at(&catalogue.alt_titles, i), other;
		check_parts(strings_at(&catalogue.titles, i));
		look_up(lookup, &catalogue, strings_at(&catalogue.titles, i), i);
		while (text_member(&list, &other))
			look_up(lookup, &catalogue, other, ANIMED_NO_ITEM);
	}
	lookup_close(lookup);
	text_column_free(&titles);
	text_column_free(&others);
	return 0;
}

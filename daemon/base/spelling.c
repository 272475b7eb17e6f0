/* spelling.c - finds the nearest word, by optimal string alignment distance (Damerau 1964, Levenshtein 1966). */
#include "config.h"

#include "base/spelling.h"

static size_t min3(size_t a, size_t b, size_t c)
{
	const size_t least = a < b ? a : b;
	return least < c ? least : c;
}

size_t edit_distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t rows[3][EDIT_MAX + 1]; /* rows i - 2, i - 1 and i of the table */
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= m; j++)
		last[j] = before[j] = j;
	for (size_t i = 1; i <= n; i++) {
		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		size_t *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[m];
}

struct nearest nearest_to(const char *word)
{
	const struct text text = text_of(word);

	return (struct nearest){.word = text, .edits = text.length / 3 + 1};
}

bool nearest_try(struct nearest *nearest, struct text candidate)
{
	const struct text word = nearest->word;

	if (word.length > EDIT_MAX || candidate.length > EDIT_MAX)
		return false;
	const size_t edits = edit_distance(word.bytes, word.length, candidate.bytes, candidate.length);
	/* a word of one or two bytes may have one edit, though that is more than a third of it */
	const bool first = !nearest->found.bytes && nearest->edits == 1 && edits == 1;
	if (edits >= nearest->edits && !first)
		return false;
	nearest->found = candidate;
	nearest->edits = edits;
	return true;
}

const char *nearest_word(const char *word, const char *const *words, size_t n)
{
	struct nearest nearest = nearest_to(word);

	for (size_t i = 0; i < n; i++) {
		if (words[i])
			(void)nearest_try(&nearest, text_of(words[i]));
	}
	return nearest.found.bytes;
}

/* spelling.c - optimal string alignment distance (Damerau 1964, Levenshtein 1966). */
#include "config.h"

#include "base/spelling.h"

#include <string.h>

static size_t min3(size_t a, size_t b, size_t c)
{
	const size_t least = a < b ? a : b;
	return least < c ? least : c;
}

size_t edit_distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t rows[3][EDIT_MAX + 1]; /* of the table: two back, one back, this */
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

const char *nearest_word(const char *word, const char *const *words, size_t n)
{
	const size_t length = strlen(word);
	const char *best = NULL;
	size_t least = length / 3 + 1; /* one more than is near */

	if (length > EDIT_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (!words[i] || strlen(words[i]) > EDIT_MAX)
			continue;
		size_t d = edit_distance(word, length, words[i], strlen(words[i]));
		if (d < least || (d == 1 && least == 1 && !best)) {
			best = words[i];
			least = d;
		}
	}
	return best;
}

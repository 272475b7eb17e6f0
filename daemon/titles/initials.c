/* initials.c - matches the letters of an abbreviation with the words of a title. */
#include "config.h"

#include "titles/initials.h"

#include <stdlib.h>

#include "base/sorted.h"

/* How well an abbreviation matches that leaves particles out, and one that has letters from inside words. */
#define WITHOUT_PARTICLES 0.8f
#define WITH_INNER        0.15f

bool initials_may_be(struct text text)
{
	if (text.length < INITIALS_LEAST || text.length > INITIALS_MOST)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] < 'a' || text.bytes[i] > 'z')
			return false;
	}
	return true;
}

static bool is_particle(struct text word)
{
	static const char *const particles[] = {"no", "to",  "wa", "ga", "ni",  "wo", "o", "de",
						"na", "the", "a",  "of", "and", "in", NULL};

	for (const char *const *particle = particles; *particle; particle++) {
		if (strlen(*particle) == word.length && memcmp(*particle, word.bytes, word.length) == 0)
			return true;
	}
	return false;
}

/* Split the title into words, without its particles where `particles` is false.  Returns how many there are, or one
 * more than INITIALS_MOST if there are more than that. */
static size_t split(struct text title, bool particles, struct text words[INITIALS_MOST + 1])
{
	size_t n = 0;

	for (size_t at = 0; at < title.length && n <= INITIALS_MOST;) {
		const char *from = title.bytes + at, *end = memchr(from, ' ', title.length - at);
		const size_t length = end ? (size_t)(end - from) : title.length - at;
		const struct text word = {from, length};
		if (length > 0 && (particles || !is_particle(word)))
			words[n++] = word;
		at += length + 1;
	}
	return n;
}

/* ---- the index ---- */

static int add_entry(struct initials *initials, uint32_t text, const struct text *words, size_t n)
{
	uint64_t letters = 0;

	if (n > INITIALS_MOST)
		return 0;
	for (size_t w = 0; w < n; w++)
		letters |= (uint64_t)(unsigned char)words[w].bytes[0] << (8 * w);
	if (grow((void **)&initials->entries, &initials->room, initials->n + 1, sizeof *initials->entries) < 0)
		return -1;
	initials->entries[initials->n++] = (struct initials_entry){letters, text};
	return 0;
}

int initials_add(struct initials *initials, uint32_t text, struct text folded)
{
	struct text words[INITIALS_MOST + 1];
	const size_t all = split(folded, true, words);

	if (all < 2)
		return 0;
	if (add_entry(initials, text, words, all) < 0)
		return -1;
	const size_t n = split(folded, false, words);
	return n != all && n > 1 ? add_entry(initials, text, words, n) : 0;
}

static int by_letters(const void *a, const void *b)
{
	const struct initials_entry *x = a, *y = b;

	if (x->letters != y->letters)
		return x->letters < y->letters ? -1 : 1;
	return (x->text > y->text) - (x->text < y->text);
}

void initials_sort(struct initials *initials)
{
	if (initials->n > 0)
		qsort(initials->entries, initials->n, sizeof *initials->entries, by_letters);
}

void initials_free(struct initials *initials)
{
	free(initials->entries);
	*initials = (struct initials){0};
}

static void each_with(const struct initials *initials, uint64_t letters, void (*take)(void *ctx, uint32_t text),
		      void *ctx)
{
	for (size_t i = SORTED_BEFORE(e, initials->n, initials->entries[e].letters < letters);
	     i < initials->n && initials->entries[i].letters == letters; i++)
		take(ctx, initials->entries[i].text);
}

void initials_each(const struct initials *initials, struct text typed, void (*take)(void *ctx, uint32_t text),
		   void *ctx)
{
	/* without the letter at `left`; without none first */
	for (size_t left = typed.length; left > 0; left--) {
		uint64_t letters = 0;
		size_t n = 0;
		for (size_t i = 0; i < typed.length; i++) {
			if (i != left)
				letters |= (uint64_t)(unsigned char)typed.bytes[i] << (8 * n++);
		}
		if (n > 1)
			each_with(initials, letters, take, ctx);
	}
}

/* ---- matching ---- */

/* Whether the letters are the first letters of the n words. */
static bool are_first(struct text letters, const struct text *words, size_t n)
{
	for (size_t w = 0; w < n; w++) {
		if (w == letters.length || words[w].bytes[0] != letters.bytes[w])
			return false;
	}
	return n == letters.length;
}

/* Whether the letters are, in this order, the first letters of the n words, and one letter from inside a word behind
 * the first letter of that. */
static bool are_inner(struct text letters, const struct text *words, size_t n)
{
	size_t at = 0, inner = 0;

	for (size_t w = 0; w < n; w++) {
		if (at == letters.length || words[w].bytes[0] != letters.bytes[at])
			return false;
		at++;
		const bool next = at == letters.length || (w + 1 < n && words[w + 1].bytes[0] == letters.bytes[at]);
		if (!next && memchr(words[w].bytes + 1, letters.bytes[at], words[w].length - 1)) {
			at++;
			inner++;
		}
	}
	return at == letters.length && inner == 1;
}

float initials_match(struct text typed, struct text title)
{
	struct text words[INITIALS_MOST + 1];
	size_t n = split(title, true, words);

	if (n > 1 && are_first(typed, words, n))
		return 1;
	n = split(title, false, words);
	if (n > 1 && are_first(typed, words, n))
		return WITHOUT_PARTICLES;
	return n > 1 && are_inner(typed, words, n) ? WITH_INNER : 0;
}

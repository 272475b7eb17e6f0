/* franchise.c - a union-find over the items, joined by a file of relations and by their titles. */
#include "config.h"

#include "titles/franchise.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "titles/stem.h"

/* How many bytes what stands before a subtitle must have to join shows, unless it is a whole title.  "One: Kagayaku
 * Kisetsu e" does not make a franchise "One". */
#define LEAST_BEFORE_SUBTITLE 4

/* A title of PREFIX_WORDS words names the franchise of all titles that begin with it.  So does one of
 * SHORT_PREFIX_WORDS words that has SHORT_PREFIX_BYTES bytes. */
#define PREFIX_WORDS       3
#define SHORT_PREFIX_WORDS 2
#define SHORT_PREFIX_BYTES 9

struct finder {
	const struct catalogue *catalogue;
	uint32_t *parent;    /* [n]: the parents in the union-find; a root is its own parent */
	bool *named;         /* [n], of a root: whether the relations name an item of its set */
	bool *alone;         /* [n]: whether the relations say that its title joins the item with no other */
	struct intern stems; /* the stems of whole titles */
	uint32_t *first;     /* [stems]: an item that has the stem */
	size_t first_room;
	struct intern befores; /* the stems of what stands before subtitles, if no whole title has them */
	uint32_t *first_before;
	size_t before_room;
};

static uint32_t find_root(const struct finder *finder, uint32_t item)
{
	while (finder->parent[item] != item) {
		finder->parent[item] = finder->parent[finder->parent[item]];
		item = finder->parent[item];
	}
	return item;
}

/* Join the sets of two items.  The smaller root becomes the root of both, so that a root is the smallest item of its
 * set. */
static void join(const struct finder *finder, uint32_t a, uint32_t b)
{
	a = find_root(finder, a);
	b = find_root(finder, b);
	finder->parent[a > b ? a : b] = a > b ? b : a;
}

/* ---- by title ---- */

/* Join two items whose titles tell that they belong together.  Two families of the relations stay apart. */
static void join_by_title(const struct finder *finder, uint32_t a, uint32_t b)
{
	a = find_root(finder, a);
	b = find_root(finder, b);
	const bool named[] = {finder->named[a], finder->named[b]};
	if (named[0] && named[1])
		return;
	join(finder, a, b);
	finder->named[find_root(finder, a)] = named[0] || named[1];
}

/* Join `item` with the first item that came with the same text; if there is none, `item` is the first.  Returns 0, or
 * -1 where memory is short. */
static int join_named(const struct finder *finder, struct intern *names, uint32_t **first, size_t *room,
		      struct text text, uint32_t item)
{
	bool added;
	const uint32_t number = intern_add(names, text.bytes, text.length, &added);

	if (number == INTERN_NONE || grow((void **)first, room, (size_t)number + 1, sizeof **first) < 0)
		return -1;
	if (added)
		(*first)[number] = item;
	else
		join_by_title(finder, (*first)[number], item);
	return 0;
}

/* Join `item` with the items whose whole title has the stem `text`.  Returns false if there are none. */
static bool join_stem(const struct finder *finder, struct text text, uint32_t item)
{
	const uint32_t number = intern_find(&finder->stems, text.bytes, text.length);

	if (number == INTERN_NONE)
		return false;
	join_by_title(finder, finder->first[number], item);
	return true;
}

/* Join `item` with other items by the first `length` bytes of its title: with those whose whole title has the stem of
 * these bytes, or else, if `sure` says that a subtitle follows, with those whose titles have such a stem before a
 * subtitle.  Returns 0, or -1 where memory is short. */
static int join_beginning(struct finder *finder, struct text title, size_t length, bool sure, uint32_t item)
{
	struct stem stem;
	char *folded;
	int status = stem_of((struct text){title.bytes, length}, &stem, &folded);

	if (status < 0)
		return -1;
	const struct text text = stem_text(&stem, stem.n);
	if (text.length > 0 && !join_stem(finder, text, item) && sure && text.length >= LEAST_BEFORE_SUBTITLE)
		status = join_named(finder, &finder->befores, &finder->first_before, &finder->before_room, text, item);
	free(folded);
	return status;
}

/* Whether a title goes on after the word, so that what stands before the word is no title: "no", "to". */
static bool is_particle(struct text word)
{
	static const char *const particles[] = {"no", "to", "wa", "ga", "ni", "wo", "de", "and", "of", NULL};

	for (const char *const *particle = particles; *particle; particle++) {
		if (strlen(*particle) == word.length && memcmp(*particle, word.bytes, word.length) == 0)
			return true;
	}
	return false;
}

/* Join `item` with the longest whole title that its own title begins with and that is long enough to name a franchise.
 * Shorter ones follow, since that title begins with them; where the relations part them, the longest tells best. */
static void join_prefix(const struct finder *finder, const struct stem *stem, uint32_t item)
{
	for (size_t n = stem->n; n-- > SHORT_PREFIX_WORDS;) {
		const struct text text = stem_text(stem, n);
		if (n < PREFIX_WORDS && (text.length < SHORT_PREFIX_BYTES || is_particle(stem->words[n])))
			continue;
		if (join_stem(finder, text, item))
			return;
	}
}

/* Join `item` with the items whose whole titles are a part of its own.  The stems of all whole titles must be known.
 * Returns 0, or -1 where memory is short. */
static int join_title(struct finder *finder, uint32_t item)
{
	const struct text title = strings_at(&finder->catalogue->titles, item);
	const size_t subtitle = stem_subtitle(title);
	struct stem stem;
	char *folded;

	if (subtitle > 0 && join_beginning(finder, title, subtitle, true, item) < 0)
		return -1;
	for (size_t at = 0; (at = stem_mark(title, at)) > 0;) {
		if (join_beginning(finder, title, at, false, item) < 0)
			return -1;
	}
	if (stem_of(title, &stem, &folded) < 0)
		return -1;
	const size_t strong = stem_without_weak(&stem);
	if (strong < stem.n)
		(void)join_stem(finder, stem_text(&stem, strong), item);
	join_prefix(finder, &stem, item);
	/* a word before the title marks a sequel, as in "Zoku Natsume Yuujinchou" */
	static const char *const leading[] = {"zoku", "shin", "new"};
	for (size_t w = 0; w < sizeof leading / sizeof *leading && stem.n > 1; w++) {
		const struct text word = stem.words[0];
		if (word.length != strlen(leading[w]) || memcmp(word.bytes, leading[w], word.length) != 0)
			continue;
		const struct text rest = stem_text(&stem, stem.n),
				  tail = {stem.words[1].bytes, rest.length - word.length - 1};
		(void)join_stem(finder, tail, item);
	}
	free(folded);
	return 0;
}

static bool has_title(const struct finder *finder, uint32_t item)
{
	return !finder->alone[item] && strings_at(&finder->catalogue->titles, item).length > 0;
}

static int join_titles(struct finder *finder)
{
	const uint32_t n = finder->catalogue->n;

	for (uint32_t i = 0; i < n; i++) {
		struct stem stem;
		char *folded;
		if (!has_title(finder, i))
			continue;
		int status = stem_of(strings_at(&finder->catalogue->titles, i), &stem, &folded);
		if (status == 0 && stem.n > 0)
			status = join_named(finder, &finder->stems, &finder->first, &finder->first_room,
					    stem_text(&stem, stem.n), i);
		free(folded);
		if (status < 0)
			return -1;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (has_title(finder, i) && join_title(finder, i) < 0)
			return -1;
	}
	return 0;
}

/* ---- by relations ---- */

static void take_relation(void *ctx, uint32_t item, uint32_t before, bool alone)
{
	const struct finder *finder = ctx;

	finder->named[item] = true;
	if (alone)
		finder->alone[item] = true;
	if (before != ANIMED_NO_ITEM)
		join(finder, before, item);
}

static int join_relations(struct finder *finder, const char *path, struct relations *relations,
			  struct animed_error *err)
{
	if (relations_read(path, finder->catalogue, take_relation, finder, relations, err) < 0)
		return -1;
	for (uint32_t i = 0; i < finder->catalogue->n; i++) {
		if (finder->named[i])
			finder->named[find_root(finder, i)] = true;
	}
	return 0;
}

int franchise_find(const struct catalogue *catalogue, const char *path, uint32_t **franchises,
		   struct relations *relations, struct animed_error *err)
{
	const uint32_t n = catalogue->n;
	struct finder finder = {.catalogue = catalogue,
				.parent = malloc((n + 1) * sizeof *finder.parent),
				.named = calloc(n + 1, sizeof *finder.named),
				.alone = calloc(n + 1, sizeof *finder.alone)};
	struct relations unasked;
	int status = -1;

	*franchises = NULL;
	if (!relations)
		relations = &unasked;
	*relations = (struct relations){.used = false};
	if (!finder.parent || !finder.named || !finder.alone) {
		(void)animed_fail(err, "out of memory");
		goto out;
	}
	for (uint32_t i = 0; i < n; i++)
		finder.parent[i] = i;
	if (path && join_relations(&finder, path, relations, err) < 0)
		goto out;
	if (join_titles(&finder) < 0) {
		(void)animed_fail(err, "out of memory");
		goto out;
	}
	for (uint32_t i = 0; i < n; i++)
		finder.parent[i] = find_root(&finder, i);
	*franchises = finder.parent;
	finder.parent = NULL;
	status = 0;
out:
	free(finder.parent);
	free(finder.named);
	free(finder.alone);
	intern_free(&finder.stems);
	intern_free(&finder.befores);
	free(finder.first);
	free(finder.first_before);
	return status;
}

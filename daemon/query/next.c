/* next.c - finds what continues what was finished. */
#include "config.h"

#include "query/next.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A show that is not seen, of a franchise of which something was finished. */
struct part {
	uint32_t item;
	uint32_t series; /* the place of its franchise */
	enum next_kind kind;
	int32_t year; /* INT32_MAX where it is not known */
};

struct finding {
	struct question *question;
	const struct query *query;
	struct next_result *result;
	uint32_t *series_of; /* [items]: of each franchise its place in result->series, or UINT32_MAX */
	uint64_t *given_up;  /* a mask of franchises */
	int64_t *known;      /* [items]: of each franchise how many people know its best known show */
	struct part *parts;
	size_t n_parts, room;
};

void next_free(struct next_result *result)
{
	free(result->series);
	free(result->items);
	*result = (struct next_result){.n = 0};
}

/* A show that is known to less than one in so many of those who know the best known of its franchise is a trifle: a
 * recap, an advertisement, a parody.  Catalogues without types do not say so otherwise. */
#define TRIFLE 20

/* A single story that is known to one in so many of them or more is a film that belongs to the series. */
#define FILM 5

/* Whether the words of a title say that a show is beside its series, though neither a type nor the last word does.  The
 * first word is the name of a work, as in "Special A". */
static bool title_says_aside(struct text title)
{
	static const char *const words[] = {"recap",    "recaps",  "omake", "soushuuhen", "digest", "special",
					    "specials", "preview", "ova",   "ovas",       "oad",    "picture drama"};
	char folded[256] = " ";
	size_t n = 1;

	for (size_t i = 0; i < title.length && n + 2 < sizeof folded; i++) {
		const unsigned char c = (unsigned char)title.bytes[i];
		if (isalnum(c) || c >= 0x80)
			folded[n++] = (char)tolower(c);
		else if (folded[n - 1] != ' ')
			folded[n++] = ' ';
	}
	if (folded[n - 1] != ' ')
		folded[n++] = ' ';
	folded[n] = '\0';
	for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
		char word[32];
		(void)snprintf(word, sizeof word, " %s ", words[w]);
		if (strstr(folded + 1, word))
			return true;
	}
	return false;
}

/* Returns how many people know a show; 0 where that is not known. */
static int64_t known_to(const struct catalogue *catalogue, uint32_t item)
{
	if (catalogue->members && catalogue->members[item] > 0)
		return catalogue->members[item];
	return catalogue->counts ? catalogue->counts[item] : 0;
}

static void find_best_known(struct finding *f)
{
	const struct model *model = f->question->model;

	for (uint32_t i = 0; i < model->file.factors.n_items; i++) {
		int64_t *most = &f->known[model->traits.franchises[i]];
		const int64_t known = known_to(&model->file.catalogue, i);
		*most = *most < known ? known : *most;
	}
}

/* Whether a show is a single story or two, as far as its episodes say so, which hardly anybody knows: a special without a
 * type.  A film is known to more. */
static bool is_short(const struct catalogue *catalogue, uint32_t item, int64_t most)
{
	const int32_t episodes = catalogue->episodes ? catalogue->episodes[item] : 0;

	return strings_at(&catalogue->types, item).length == 0 && episodes > 0 && episodes <= 2 &&
	       known_to(catalogue, item) < most / FILM;
}

static bool is_aside(const struct finding *f, uint32_t item)
{
	const struct model *model = f->question->model;
	const struct catalogue *catalogue = &model->file.catalogue;
	const int64_t most = f->known[model->traits.franchises[item]];
	static const char *const videos[] = {"Music", "CM", "PV"};
	const struct text type = strings_at(&catalogue->types, item);

	for (size_t v = 0; v < sizeof videos / sizeof *videos; v++) {
		if (text_compare(type, text_of(videos[v])) == 0)
			return true;
	}
	return lookup_is_extra(model->lookup, item) || known_to(catalogue, item) < most / TRIFLE ||
	       is_short(catalogue, item, most) || title_says_aside(strings_at(&catalogue->titles, item));
}

/* Returns the year of a show, or `unknown`. */
static int32_t year_of(const struct finding *f, uint32_t item, int32_t unknown)
{
	const int32_t *years = f->question->model->file.catalogue.years;

	return years && years[item] > 0 ? years[item] : unknown;
}

/* Whether of two finished shows of a franchise the first is what others come after: one of the series itself before one
 * aside, then the later one. */
static bool is_later(const struct finding *f, uint32_t one, uint32_t other)
{
	const bool aside = is_aside(f, one), other_aside = is_aside(f, other);
	const int32_t year = year_of(f, one, 0), other_year = year_of(f, other, 0);

	if (aside != other_aside)
		return other_aside;
	return year != other_year ? year > other_year : one > other;
}

/* Find the franchises of what was finished. */
static void add_finished(struct finding *f)
{
	const uint32_t *franchises = f->question->model->traits.franchises;
	const struct entries *entries = &f->query->person.entries;
	struct next_result *result = f->result;

	for (size_t e = 0; e < entries->n; e++) {
		if (entries->at[e].given_up)
			mask_set(f->given_up, franchises[entries->at[e].item]);
	}
	for (size_t e = 0; e < entries->n; e++) {
		const struct entry *entry = &entries->at[e];
		const uint32_t franchise = franchises[entry->item];
		uint32_t *place = &f->series_of[franchise];
		if (!entry->finished || mask_has(f->given_up, franchise))
			continue;
		if (*place == UINT32_MAX) {
			*place = (uint32_t)result->n;
			result->series[result->n++] = (struct next_series){
			    .franchise = franchise, .place = *place, .after = entry->item, .score = -INFINITY};
		}
		struct next_series *series = &result->series[*place];
		series->score = fmaxf(series->score, entry->score);
		if (is_later(f, entry->item, series->after))
			series->after = entry->item;
	}
}

static int add_part(struct finding *f, uint32_t item, uint32_t series)
{
	const int32_t year = year_of(f, item, INT32_MAX), last = year_of(f, f->result->series[series].after, 0);
	const enum next_kind kind = is_aside(f, item) ? NEXT_ASIDE : year < last ? NEXT_BEFORE : NEXT_AFTER;

	if (grow((void **)&f->parts, &f->room, f->n_parts + 1, sizeof *f->parts) < 0)
		return question_out_of_memory(f->question);
	f->parts[f->n_parts++] = (struct part){.item = item, .series = series, .kind = kind, .year = year};
	return 0;
}

/* Add the shows of these franchises that pass the filters and are not seen. */
static int add_unseen(struct finding *f)
{
	const struct model *model = f->question->model;
	uint64_t *mask = filter_mask(model, &f->query->filter, ~0u);
	int status = mask ? 0 : question_out_of_memory(f->question);

	for (uint32_t i = 0; status == 0 && i < model->file.factors.n_items; i++) {
		const uint32_t place = f->series_of[model->traits.franchises[i]];
		if (place == UINT32_MAX || mask_has(f->query->seen, i) || mask_has(f->query->ignored, i))
			continue;
		if (mask_has(mask, i))
			status = add_part(f, i, place);
		else
			f->result->filtered_out++;
	}
	free(mask);
	return status;
}

/* By franchise, then in the order in which they are to be seen. */
static int by_order(const void *a, const void *b)
{
	const struct part *one = a, *other = b;

	if (one->series != other->series)
		return one->series < other->series ? -1 : 1;
	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (one->year != other->year)
		return one->year < other->year ? -1 : 1;
	return one->item < other->item ? -1 : one->item > other->item;
}

/* Give each franchise its shows, in order. */
static int take_parts(struct finding *f)
{
	struct next_result *result = f->result;

	result->items = malloc((f->n_parts + 1) * sizeof *result->items);
	if (!result->items)
		return question_out_of_memory(f->question);
	if (f->n_parts > 0)
		qsort(f->parts, f->n_parts, sizeof *f->parts, by_order);
	for (size_t p = 0; p < f->n_parts; p++) {
		struct next_series *series = &result->series[f->parts[p].series];
		if (series->n++ == 0)
			series->begin = p;
		result->items[p] = (struct next_item){f->parts[p].item, f->parts[p].kind};
	}
	return 0;
}

/* Franchises that go on, then those with an earlier show, then those with something aside; of each of these, those whose
 * finished shows were liked best first, then in the order of the list. */
static int by_score(const void *a, const void *b)
{
	const struct next_series *one = a, *other = b;

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (one->score != other->score)
		return one->score > other->score ? -1 : 1;
	return one->place < other->place ? -1 : one->place > other->place;
}

/* Drop the franchises of which everything is seen, and sort the others. */
static void order_series(struct next_result *result)
{
	size_t n = 0;

	for (size_t s = 0; s < result->n; s++) {
		if (result->series[s].n == 0)
			continue;
		result->series[n] = result->series[s];
		result->series[n].kind = result->items[result->series[n].begin].kind;
		n++;
	}
	result->n = n;
	if (n > 0)
		qsort(result->series, n, sizeof *result->series, by_score);
}

int next_find(struct question *question, const struct query *query, struct next_result *result)
{
	const size_t items = (size_t)question->model->file.factors.n_items + 1;
	struct finding f = {.question = question, .query = query, .result = result};
	int status = -1;

	*result = (struct next_result){.n = 0};
	result->series = malloc((query->person.entries.n + 1) * sizeof *result->series);
	f.series_of = malloc(items * sizeof *f.series_of);
	f.given_up = calloc(items / 64 + 1, sizeof *f.given_up);
	f.known = calloc(items, sizeof *f.known);
	if (!result->series || !f.series_of || !f.given_up || !f.known) {
		(void)question_out_of_memory(question);
	} else {
		memset(f.series_of, 0xff, items * sizeof *f.series_of);
		find_best_known(&f);
		add_finished(&f);
		if (add_unseen(&f) == 0)
			status = take_parts(&f);
	}
	if (status == 0)
		order_series(result);
	free(f.series_of);
	free(f.given_up);
	free(f.known);
	free(f.parts);
	return status;
}

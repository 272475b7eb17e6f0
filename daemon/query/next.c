/* next.c - finds what continues what was finished. */
#include "config.h"

#include "query/next.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A show of a franchise of which something was finished. */
struct part {
	uint32_t item;
	uint32_t series; /* the place of its franchise */
	bool finished;   /* else it is one that is not seen */
	bool aside;      /* a special, an OVA, a video or a trifle, which comes behind all others */
	int32_t year;    /* INT32_MAX where it is not known */
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

static bool is_aside(const struct finding *f, uint32_t item)
{
	const struct model *model = f->question->model;
	static const char *const videos[] = {"Music", "CM", "PV"};
	const struct text type = strings_at(&model->file.catalogue.types, item);

	for (size_t v = 0; v < sizeof videos / sizeof *videos; v++) {
		if (text_compare(type, text_of(videos[v])) == 0)
			return true;
	}
	return lookup_is_extra(model->lookup, item) ||
	       known_to(&model->file.catalogue, item) < f->known[model->traits.franchises[item]] / TRIFLE;
}

static int add_part(struct finding *f, uint32_t item, uint32_t series, bool finished)
{
	const struct model *model = f->question->model;
	const int32_t *years = model->file.catalogue.years;

	if (grow((void **)&f->parts, &f->room, f->n_parts + 1, sizeof *f->parts) < 0)
		return question_out_of_memory(f->question);
	f->parts[f->n_parts++] = (struct part){.item = item,
					       .series = series,
					       .finished = finished,
					       .aside = is_aside(f, item),
					       .year = years && years[item] > 0 ? years[item] : INT32_MAX};
	return 0;
}

/* Find the franchises of what was finished, and add the finished shows. */
static int add_finished(struct finding *f)
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
			result->series[result->n++] =
			    (struct next_series){.franchise = franchise, .after = entry->item, .score = -INFINITY};
		}
		struct next_series *series = &result->series[*place];
		series->score = fmaxf(series->score, entry->score);
		if (add_part(f, entry->item, *place, true) < 0)
			return -1;
	}
	return 0;
}

/* Add the shows that continue them: those of their franchises that pass the filters and are not seen. */
static int add_unseen(struct finding *f)
{
	const struct model *model = f->question->model;
	uint64_t *mask = filter_mask(model, &f->query->filter, ~0u);
	int status = mask ? 0 : question_out_of_memory(f->question);

	EACH_IN (i, mask, status == 0 ? model->file.factors.n_items : 0) {
		const uint32_t place = f->series_of[model->traits.franchises[i]];
		if (status == 0 && place != UINT32_MAX && !mask_has(f->query->seen, i) &&
		    !mask_has(f->query->ignored, i))
			status = add_part(f, i, place, false);
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
	if (one->aside != other->aside)
		return one->aside ? 1 : -1;
	if (one->year != other->year)
		return one->year < other->year ? -1 : 1;
	return one->item < other->item ? -1 : one->item > other->item;
}

/* Give each franchise its shows, in order, and what they come after. */
static int take_parts(struct finding *f)
{
	struct next_result *result = f->result;
	size_t n = 0;

	result->items = malloc((f->n_parts + 1) * sizeof *result->items);
	if (!result->items)
		return question_out_of_memory(f->question);
	if (f->n_parts > 0)
		qsort(f->parts, f->n_parts, sizeof *f->parts, by_order);
	for (size_t p = 0; p < f->n_parts; p++) {
		const struct part *part = &f->parts[p];
		struct next_series *series = &result->series[part->series];
		if (part->finished && series->n == 0) {
			series->after = part->item;
		} else if (!part->finished) {
			series->begin = series->n == 0 ? n : series->begin;
			series->n++;
			result->items[n++] = part->item;
		}
	}
	return 0;
}

/* Those whose finished shows were liked best first, then in the order of the list. */
static int by_score(const void *a, const void *b)
{
	const struct next_series *one = a, *other = b;

	if (one->score != other->score)
		return one->score > other->score ? -1 : 1;
	return one->begin < other->begin ? -1 : one->begin > other->begin;
}

/* Drop the franchises of which everything is seen, and sort the others. */
static void order_series(struct next_result *result)
{
	size_t n = 0;

	for (size_t s = 0; s < result->n; s++) {
		if (result->series[s].n > 0)
			result->series[n++] = result->series[s];
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
		if (add_finished(&f) == 0 && add_unseen(&f) == 0)
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

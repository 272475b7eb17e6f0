/* taste.c - counts what the shows of a list have in common, and compares scores with the means of all. */
#include "config.h"

#include "query/taste.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "query/reply.h"

/* The first decade that is told apart, and how many there are. */
enum { DECADE_FIRST = 1900, DECADES = 21 };

/* The weight of a show among all: how many have rated it. */
static double weight_of(const struct catalogue *catalogue, uint32_t item)
{
	return catalogue->counts ? (double)catalogue->counts[item] : 1;
}

void taste_free(struct taste *taste)
{
	free(taste->traits);
	taste->traits = NULL;
	taste->n_traits = 0;
}

/* ---- traits ---- */

struct counting {
	struct question *question;
	const struct entry **of; /* [items]: the entry of a show that is seen, or NULL */
	struct taste *taste;
	double all; /* the weight of all shows */
};

/* Add a show to a trait that it has. */
static void add_show(const struct counting *c, struct taste_trait *trait, uint32_t item)
{
	const struct entry *entry = c->of[item];

	trait->expected += weight_of(&c->question->model->file.catalogue, item);
	if (!entry)
		return;
	trait->shows++;
	if (entry->use == ENTRY_RATING) {
		trait->scored++;
		trait->sum += (double)entry->score;
	}
}

/* Make shares of counts, and keep the trait if something can be said of it: some of its shows are seen, or could be
 * expected to be. */
static void end_trait(const struct counting *c, struct taste_trait *trait)
{
	const double n = (double)c->taste->shows;

	trait->expected = c->all > 0 ? trait->expected / c->all : 0;
	trait->share = n > 0 ? (double)trait->shows / n : 0;
	const double spread = sqrt(n * trait->expected * (1 - trait->expected));
	trait->deviation = spread > 0 ? ((double)trait->shows - n * trait->expected) / spread : 0;
	if (trait->shows > 0 || n * trait->expected >= 1)
		c->taste->traits[c->taste->n_traits++] = *trait;
}

static void add_facet(const struct counting *c, enum taste_kind kind, const struct facet *facet)
{
	for (uint32_t l = 0; l < facet_labels(facet); l++) {
		struct taste_trait trait = {.kind = kind, .label = l};
		for (uint32_t i = facet->starts[l]; i < facet->starts[l + 1]; i++)
			add_show(c, &trait, facet->items[i]);
		end_trait(c, &trait);
	}
}

static void add_decades(const struct counting *c)
{
	const struct catalogue *catalogue = &c->question->model->file.catalogue;
	struct taste_trait decades[DECADES];

	for (uint32_t d = 0; d < DECADES; d++)
		decades[d] = (struct taste_trait){.kind = TASTE_DECADE, .label = DECADE_FIRST + 10 * d};
	for (uint32_t i = 0; catalogue->years && i < catalogue->n; i++) {
		const int32_t place = (catalogue->years[i] - DECADE_FIRST) / 10;
		if (catalogue->years[i] >= DECADE_FIRST && place < DECADES)
			add_show(c, &decades[place], i);
	}
	for (uint32_t d = 0; d < DECADES; d++)
		end_trait(c, &decades[d]);
}

static int by_deviation(const void *a, const void *b)
{
	const struct taste_trait *one = a, *other = b;

	if (one->deviation != other->deviation)
		return one->deviation > other->deviation ? -1 : 1;
	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	return one->label < other->label ? -1 : one->label > other->label;
}

static int find_traits(struct counting *c)
{
	const struct traits *traits = &c->question->model->traits;
	const size_t most = facet_labels(&traits->genres) + facet_labels(&traits->types) + DECADES;
	struct taste *taste = c->taste;

	taste->traits = malloc(most * sizeof *taste->traits);
	if (!taste->traits)
		return question_out_of_memory(c->question);
	add_facet(c, TASTE_GENRE, &traits->genres);
	add_facet(c, TASTE_TYPE, &traits->types);
	add_decades(c);
	if (taste->n_traits > 0)
		qsort(taste->traits, taste->n_traits, sizeof *taste->traits, by_deviation);
	return 0;
}

/* ---- scores ---- */

/* Insert a show among the farthest so far, on the side where `sign` times the difference is above 0. */
static void keep_show(struct taste_show *shows, size_t *n, struct taste_show show, float sign)
{
	size_t at = *n;

	if (!(sign * show.difference > 0) ||
	    (at == TASTE_SHOWS && sign * show.difference <= sign * shows[at - 1].difference))
		return;
	at = at < TASTE_SHOWS ? at : TASTE_SHOWS - 1;
	while (at > 0 && sign * shows[at - 1].difference < sign * show.difference) {
		shows[at] = shows[at - 1];
		at--;
	}
	shows[at] = show;
	*n += *n < TASTE_SHOWS;
}

/* Compare the scores with the means.  Where few have rated a show its mean says little, and it is none of those that are
 * told. */
static void compare_scores(const struct catalogue *catalogue, const struct entries *entries, struct taste *taste)
{
	double sum = 0, others = 0;
	size_t known = 0;

	for (size_t e = 0; e < entries->n; e++) {
		const struct entry *entry = &entries->at[e];
		const float mean = catalogue->means ? catalogue->means[entry->item] : 0;
		if (entry->use != ENTRY_RATING)
			continue;
		taste->scored++;
		sum += (double)entry->score;
		if (!(mean > 0))
			continue;
		known++;
		others += (double)mean;
		if (catalogue->counts && catalogue->counts[entry->item] < EVIDENCE_ENOUGH)
			continue;
		const struct taste_show show = {entry->item, entry->score, entry->score - mean};
		keep_show(taste->above, &taste->n_above, show, 1);
		keep_show(taste->below, &taste->n_below, show, -1);
	}
	taste->mean = taste->scored > 0 ? sum / (double)taste->scored : (double)NAN;
	taste->others = known > 0 && known == taste->scored ? others / (double)known : (double)NAN;
}

int taste_find(struct question *question, const struct entries *entries, struct taste *taste)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	struct counting c = {.question = question, .taste = taste};

	*taste = (struct taste){.mean = (double)NAN};
	c.of = calloc((size_t)catalogue->n + 1, sizeof *c.of);
	if (!c.of)
		return question_out_of_memory(question);
	for (size_t e = 0; e < entries->n; e++) {
		if (!entry_is_seen(&entries->at[e]) || entries->at[e].unwanted)
			continue;
		c.of[entries->at[e].item] = &entries->at[e];
		taste->shows++;
	}
	for (uint32_t i = 0; i < catalogue->n; i++)
		c.all += weight_of(catalogue, i);
	const int status = find_traits(&c);
	free(c.of);
	if (status == 0)
		compare_scores(catalogue, entries, taste);
	return status;
}

/* query-explain-text.c - writes an explanation as a sentence. */
#include "config.h"

#include <inttypes.h>
#include <math.h>

#include "query/query-explain-private.h"

/* A text that is being written; what has no room is left out. */
struct sentence {
	char *out;
	size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void say(struct sentence *to, const char *fmt, ...)
{
	va_list ap;
	int length;

	if (to->used >= to->size)
		return;
	va_start(ap, fmt);
	length = vsnprintf(to->out + to->used, to->size - to->used, fmt, ap);
	va_end(ap);
	to->used += length > 0 ? (size_t)length : 0;
}

static void say_title(struct sentence *to, const struct explainer *e, uint32_t item)
{
	char quoted[QUOTE_SIZE];

	text_quote(strings_at(&e->model->file.catalogue.titles, item), quoted);
	say(to, "%s", quoted);
}

static double mean(double sum, uint32_t n)
{
	return n > 0 ? sum / n : 0;
}

/* 31 people rated it and "A", 8.9 and 8.7 on average, of 90 and 300 who rated each */
static void say_raters(struct sentence *to, const struct explainer *e, const struct why *why, uint32_t item)
{
	const int64_t *counts = e->model->file.catalogue.counts;

	for (size_t t = 0; t < e->n_terms && e->model->file.ratings.offsets; t++) {
		const struct raters *raters = &why->raters[t];
		say(to, "%s", to->used ? "; " : "");
		if (raters->both == 0)
			say(to, "nobody rated both it and ");
		else
			say(to, "%u %s rated it and ", raters->both, raters->both == 1 ? "person" : "people");
		say_title(to, e, e->terms[t]);
		if (raters->both > 0)
			say(to, ", %.1f and %.1f on average", mean(raters->sum_hit, raters->both),
			    mean(raters->sum_term, raters->both));
		if (counts && raters->both > 0)
			say(to, ", of %" PRId64 " and %" PRId64 " who rated each", counts[item], counts[e->terms[t]]);
	}
}

/* shares what marks "B" and "C" (0.12), "D" and "E" (0.08) */
static void say_factors(struct sentence *to, const struct explainer *e, const struct why *why, uint32_t item)
{
	uint32_t titles[TITLES];
	size_t told = 0;

	for (size_t s = 0; s < why->n_shares; s++) {
		const size_t n = explain_describing(e, &e->poles[why->shares[s].pole], item, titles);
		if (n == 0)
			continue; /* there is nothing to call it by */
		say(to, "%s%s", told ? ", " : to->used ? "; " : "", told ? "" : "shares what marks ");
		told++;
		for (size_t i = 0; i < n; i++) {
			say(to, "%s", i ? " and " : "");
			say_title(to, e, titles[i]);
		}
		say(to, " (%.2f)", (double)why->shares[s].part);
	}
}

/* genres in common: Drama (0.31), Sci-Fi (0.20) */
static void say_parts(struct sentence *to, const struct why *why, enum animed_part_kind kind, const char *what)
{
	size_t n = 0;

	for (size_t p = 0; p < why->n_parts; p++) {
		const struct animed_part *part = &why->parts[p];
		if (part->kind != kind)
			continue;
		say(to, "%s", n ? ", " : to->used ? "; " : "");
		if (n++ == 0)
			say(to, "%s", what);
		say(to, "%.*s (%.2f)", (int)part->length, part->text ? part->text : "", (double)part->value);
	}
}

/* The shows of the person that speak for the answer, then those that speak against it: "Monster" (61 %).  The shares are
 * of all that is for it. */
static void say_known(struct sentence *to, const struct explainer *e, const struct why *why, bool against)
{
	double whole = 0;
	size_t n = 0;

	for (size_t r = 0; r < why->n_known; r++)
		whole += fmax((double)why->known[r].part, 0);
	whole += fmax((double)why->rest, 0);
	for (size_t r = 0; r < why->n_known; r++) {
		const struct known_part *part = &why->known[r];
		if ((part->part < 0) != against || !(whole > 0))
			continue;
		if (n == TOLD)
			break;
		say(to, "%s", n ? ", " : to->used ? "; " : "");
		if (n++ == 0)
			say(to, "%s", against ? "against it: " : "for it: ");
		say_title(to, e, e->person.items[part->known]);
		say(to, "%s (%.0f %%)", explain_disliked(e, part->known) ? ", disliked" : "",
		    100 * (double)part->part / whole);
	}
}

void explain_text(const struct explainer *e, size_t hit, char *out, size_t size)
{
	const struct why *why = &e->hits[hit];
	struct sentence to = {out, size, 0};

	out[0] = '\0';
	say_raters(&to, e, why, e->result->hits[hit].item);
	say_factors(&to, e, why, e->result->hits[hit].item);
	say_parts(&to, why, ANIMED_PART_RATINGS, "by the ratings of both");
	say_parts(&to, why, ANIMED_PART_GENRE, "genres in common: ");
	say_parts(&to, why, ANIMED_PART_WORD, "words in common: ");
	say_known(&to, e, why, false);
	say_known(&to, e, why, true);
	if (to.used == 0 && e->query->kind == QUERY_RECOMMEND)
		say(&to, "nothing that was rated speaks for it; many have rated it");
}

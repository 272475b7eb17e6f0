/* dataset-summary.c - says in the log what became of the rows of a source. */
#include "config.h"

#include <math.h>

#include "base/format.h"
#include "data/dataset-private.h"

/* Write what the summary says of rows of other kinds; nothing where there are none.  Returns `out`. */
static const char *say_others(uint64_t n, char out[COUNT_SIZE + 24])
{
	char count[COUNT_SIZE];

	out[0] = '\0';
	if (n > 0)
		(void)snprintf(out, COUNT_SIZE + 24, ", %s of other kinds", format_count(n, count));
	return out;
}

static void say_ratings(const struct dataset *d, const struct animed_host *host)
{
	const struct dataset_summary *s = &d->summary;
	char a[AMOUNT_SIZE], b[COUNT_SIZE], c[AMOUNT_SIZE], e[COUNT_SIZE], f[COUNT_SIZE], others[COUNT_SIZE + 24];

	host->log(host->ctx, ANIMED_INFO, "ratings: %s, %s kept; %s (the last counts), %s rejected, %s unrated%s",
		  format_amount(s->source.rating_rows, "row", a), format_count(d->ratings.n, b),
		  format_amount(s->rating_repeats, "repeat", c), format_count(s->source.rating_rejects, e),
		  format_count(s->source.unrated, f), say_others(s->source.others, others));
	if (s->unknown_ratings > 0)
		host->log(host->ctx, ANIMED_INFO, "ratings of items that the catalogue does not have: %s, of %s",
			  format_count(s->unknown_ratings, b), format_amount(s->unknown_items, "item", a));
}

/* How the scores are spread. */
struct spread {
	float low, high;
	uint64_t n_low; /* how many are the lowest */
	float next;     /* the lowest of the others; `low` where there is none */
};

static struct spread find_spread(const struct animed_ratings *ratings)
{
	struct spread s = {INFINITY, -INFINITY, 0, INFINITY};

	for (size_t r = 0; r < ratings->n; r++) {
		const float score = ratings->scores[r];
		if (score < s.low) {
			s.next = s.low;
			s.low = score;
			s.n_low = 0;
		}
		if (score > s.low)
			s.next = fminf(s.next, score);
		else
			s.n_low++;
		s.high = fmaxf(s.high, score);
	}
	s.next = isinf(s.next) ? s.low : s.next;
	return s;
}

/* The share of the ratings from which on a lowest score of 0 is suspected to mean that there is none. */
#define SUSPICIOUS 0.1

/* Say what scale the scores have, and warn where the lowest looks like a mark for shows that were not rated: -1 below a
 * scale that begins at 0 or above, or a 0 below one that begins at 1, which many have. */
static void say_scores(const struct dataset *d, const struct animed_host *host)
{
	const struct animed_source_stats *source = &d->summary.source;
	const struct spread s = find_spread(&d->ratings);
	const double share = (double)s.n_low / (double)d->ratings.n;
	const bool given = source->score_low < source->score_high;
	char rows[AMOUNT_SIZE];

	if (given)
		host->log(host->ctx, ANIMED_INFO, "scores: from %g to %g, of a scale from %g to %g", (double)s.low,
			  (double)s.high, (double)source->score_low, (double)source->score_high);
	else
		host->log(host->ctx, ANIMED_INFO, "scores: from %g to %g", (double)s.low, (double)s.high);
	if (!given && ((s.low == -1 && s.next >= 0) || (s.low == 0 && s.next >= 1 && share >= SUSPICIOUS)))
		host->log(host->ctx, ANIMED_WARN,
			  "the score %g is in %s (%.0f %%); if it means seen but not rated, set ratings.unrated: %g",
			  (double)s.low, format_amount(s.n_low, "row", rows), 100 * share, (double)s.low);
}

static void say_favourites(const struct dataset *d, const struct animed_host *host)
{
	const struct dataset_summary *s = &d->summary;
	char a[AMOUNT_SIZE], b[COUNT_SIZE], c[COUNT_SIZE], e[COUNT_SIZE], f[AMOUNT_SIZE];

	if (s->source.favourite_rows == 0)
		return;
	host->log(host->ctx, ANIMED_INFO,
		  "favourites: %s, %s kept; %s rated as well (the rating counts), %s of unknown items, %s",
		  format_amount(s->source.favourite_rows, "row", a), format_count(d->favourites.n, b),
		  format_count(s->rated_favourites, c), format_count(s->unknown_favourites, e),
		  format_amount(s->favourite_repeats, "repeat", f));
	host->log(host->ctx, ANIMED_INFO, "%s with favourites and no rating; %s rejected",
		  format_amount(d->favourites.n_users - d->n_users, "user", a),
		  format_amount(s->source.favourite_rejects, "row", f));
}

static void say_catalogue(const struct dataset *d, const struct animed_host *host)
{
	const struct dataset_summary *s = &d->summary;
	char a[AMOUNT_SIZE], b[AMOUNT_SIZE], c[COUNT_SIZE], e[AMOUNT_SIZE], f[COUNT_SIZE], others[COUNT_SIZE + 24];
	uint64_t rated = 0;

	for (uint32_t i = 0; i < d->catalogue.n; i++)
		rated += d->catalogue.counts[i] > 0;
	host->log(host->ctx, ANIMED_INFO, "catalogue: %s, %s (%s of them rated); %s, %s rejected%s",
		  format_amount(s->source.item_rows, "row", a), format_amount(d->catalogue.n, "item", b),
		  format_count(rated, c), format_amount(s->item_repeats, "repeat", e),
		  format_count(s->source.item_rejects, f), say_others(s->source.other_items, others));
	if (s->source.detail_rows > 0)
		host->log(host->ctx, ANIMED_INFO,
			  "titles: %s; %s of items that the catalogue does not have, %s rejected",
			  format_amount(s->source.detail_rows, "row", a), format_count(s->unknown_details, c),
			  format_count(s->source.detail_rejects, f));
}

void dataset_log_summary(const struct dataset *d, const struct animed_host *host)
{
	const struct dataset_summary *s = &d->summary;
	char users[AMOUNT_SIZE];

	say_ratings(d, host);
	if (d->ratings.n > 0)
		say_scores(d, host);
	say_favourites(d, host);
	say_catalogue(d, host);
	(void)format_amount(d->n_users, "user", users);
	if (s->first_seconds > 0)
		host->log(host->ctx, ANIMED_INFO, "%s; loaded in %.2f s from the cache, at first in %.2f s", users,
			  s->seconds, s->first_seconds);
	else
		host->log(host->ctx, ANIMED_INFO, "%s; loaded in %.2f s", users, s->seconds);
}

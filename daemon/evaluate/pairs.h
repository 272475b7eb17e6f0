/* pairs.h - measures what `similar` answers by what people recommend to each other: pairs of shows with votes, such as the
 * recommendations on MyAnimeList and AniList.
 *
 * Everything is trained as what is served: on all ratings.  Asked are the shows with at least PAIRS_PARTNERS partners and
 * PAIRS_RATINGS ratings, by their ids and with the default options of a query, so that sequels are hidden or not as the
 * configuration says.  A partner that is not in the catalogue counts as missed.
 *
 *   NDCG@10    DCG / ideal DCG with the gain log2(1 + votes) of a partner, discounted by log2(place + 1); ideal: the
 *              partners by descending gain
 *   recall@20  partners among the first 20 answers / min(20, partners)
 *   overlap@10 how stable the answers are: the ratings are cut at random into two halves, on each of which everything is
 *              trained; of the first 10 answers to each show of the catalogue with PAIRS_RATINGS ratings in all, the
 *              share that both have, common ids / 10, as a mean over these shows
 *
 * A show without an answer counts 0 everywhere. */
#ifndef ANIMED_PAIRS_H
#define ANIMED_PAIRS_H

#include "data/dataset.h"
#include "model/model.h"

enum { PAIRS_TOP = 10, PAIRS_LONG = 20, PAIRS_PARTNERS = 3, PAIRS_RATINGS = 5 };

/* ---- the file ---- */

struct pair {
	int64_t query, partner;
	int64_t votes; /* at least 0 */
};

/* Ascending by query, then partner, none twice. */
struct pairs {
	struct pair *at;
	size_t n, room;
};

/* Read a CSV file of lines QUERY,PARTNER,VOTES, which are ids and a whole number.  A header line of words, empty lines
 * and lines that begin with '#' are skipped; of a pair that comes again the last line counts.  Returns 0.  On failure
 * returns -1 and fills err, with the line.  The caller calls pairs_free() in either case. */
int pairs_read(const char *path, struct pairs *pairs, struct animed_error *err);
void pairs_free(struct pairs *pairs);

/* ---- a model as it is served, in memory ---- */

struct pairs_model {
	int fd; /* of the model file, which has no name */
	struct model *model;
};

/* Train the model and what learns beside it on the `train` part of `view` alone, and open the result.  Returns 0.  On
 * failure returns -1 and fills err.  The caller calls pairs_model_close() in either case. */
int pairs_model_open(const struct conf *conf, const struct dataset *dataset, const struct animed_dataset *view,
		     const struct animed_host *host, struct pairs_model *out, struct animed_error *err);
void pairs_model_close(struct pairs_model *model);

/* ---- the figures ---- */

/* Thirds of the shows that are asked about, by their numbers of ratings (of equally many the smaller id first), and
 * all. */
enum pairs_part { PAIRS_FEW, PAIRS_SOME, PAIRS_MANY, PAIRS_ALL, PAIRS_PARTS };

struct pairs_figures {
	size_t shows, unanswered;
	int64_t least, most; /* ratings of these shows */
	double ndcg, recall; /* NaN where there are no shows */
};

struct pairs_result {
	const char *file;
	uint64_t seed;
	size_t pairs, overlap_shows;
	unsigned n;
	struct {
		const char *name; /* of the plugin */
		struct pairs_figures parts[PAIRS_PARTS];
		double overlap; /* NaN where no show has enough ratings */
	} at[CONF_SIMILARITIES];
};

const char *pairs_part_name(enum pairs_part part); /* "few", "some", "many", "all" */

/* Measure every similarity of `conf` by the pairs in `file`.  Returns 0.  On failure returns -1 and fills err. */
int pairs_measure(const struct conf *conf, const struct dataset *dataset, const char *file, uint64_t seed,
		  const struct animed_host *host, struct pairs_result *out, struct animed_error *err);

/* Print as text with an aligned table, or as JSON.  pairs_print_json() returns -1 where it fails. */
void pairs_print(const struct pairs_result *result, FILE *out);
int pairs_print_json(const struct pairs_result *result, FILE *out);

#endif

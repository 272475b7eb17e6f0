/* corating.c - similarity: who rated both, and what genres and synopses have in common. */
#include "config.h"

#include "corating/corating.h"

static const struct animed_learn_ops learn_ops = {.learn = corating_learn, .release = corating_release};

/* The parts of a score are in units of an item's twentieth best: an item that is the twentieth best by ratings and by
 * contents has 1.8.  That is a match of 76 %, the best few of a well-known item have 4 and more, which is 94 %, and half
 * of what the contents of the twentieth best give alone is 14 %. */
static float match(float score)
{
	return score > 0 ? score * score / (score * score + 1) : 0;
}

static const struct animed_similarity_ops ops = {
    .learn = &learn_ops,
    .open = corating_open,
    .close = corating_close,
    .top_k = corating_top_k,
    .neighbours = corating_neighbours,
    .scores = corating_scores,
    .match = match,
    .parts = corating_parts,
};

static const struct animed_param params[] = {
    [CORATING_RIDGE] = {"ridge", ANIMED_REAL, "2000", 1, 1e9, NULL, 0,
			"how much the partial correlations are damped, in mean squared weights of a rating"},
    [CORATING_KEPT] = {"kept", ANIMED_INT, "200", 1, 10000, NULL, 0,
		       "how many partial correlations of each item are kept, the largest"},
    [CORATING_MIN_RATINGS] = {"min_ratings", ANIMED_INT, "3", 1, 1e9, NULL, 0,
			      "how many ratings an item needs to have partial correlations"},
    [CORATING_ITEMS] = {"items", ANIMED_INT, "20000", 1, 200000, NULL, 0,
			"at most how many items have partial correlations, the most rated; learning takes 4 n^2 bytes "
			"and time by n^3"},
    [CORATING_EVIDENCE] = {"evidence", ANIMED_REAL, "10000", 0, 1e12, NULL, 0,
			   "how many co-ratings of an item give its partial correlations half of their weight"},
    [CORATING_TEXT] = {"text", ANIMED_REAL, "3", 0, 1000, NULL, 0,
		       "what the words of synopses count against genres; 0: synopses are not read"},
    [CORATING_CONTENT] = {"content", ANIMED_REAL, "0.8", 0, 1000, NULL, 0,
			  "what genres and words alone count against ratings"},
    [CORATING_PLACE] = {"place", ANIMED_INT, "20", 1, 1000, NULL, 0,
			"each of the two parts of an item's scores is divided by its largest but so many"},
    [CORATING_NEIGHBOURS] = {"neighbours", ANIMED_INT, "100", 0, 1000, NULL, 0,
			     "how many neighbours of every item are computed beforehand; 0: none, every query adds up "
			     "scores"},
    {NULL, 0, NULL, 0, 0, NULL, 0, NULL}};

ANIMED_PLUGIN(.kind = ANIMED_SIMILARITY, .name = "corating",
	      .summary = "who rated both items, and what their genres and synopses have in common", .params = params,
	      .ops.similarity = &ops);

/* traits.h - what queries weigh beside similarity, worked out once for a model: labels, franchises, popularity, cult.
 */
#ifndef ANIMED_TRAITS_H
#define ANIMED_TRAITS_H

#include "data/catalogue.h"
#include "model/facet.h"

struct traits {
	struct facet genres, types;
	uint32_t *franchises; /* [n]: see franchise.h */
	float *popularity;    /* [n]: see popularity_find(); NULL: not known */
	float *cult;          /* [n]: see cult_find(); NULL: not known */
	float *cult_place;    /* [n]: the share of the rated items whose cult is less, 0 to 1; NULL with `cult` */
	double mean;          /* of all ratings; 0 where not known */
	bool years, members;  /* the model knows those of any item */
	bool devotion;        /* the model knows the counts of top scores, so they are in `cult` */
};

/* `rated`: a bit an item, see struct model.  `high`: the upper end of the scale of scores.  `relations` as in
 * franchise.h.  Any thread.  -1: out of memory, or the relations are of no use. */
int traits_open(struct traits *traits, const struct catalogue *catalogue, const uint64_t *rated, float high,
		const char *relations, struct animed_error *err);
void traits_close(struct traits *traits);

/* How popular each rated item is among all of them, from 0 (nobody is less so) to 1, in a new array: the share of the
 * others below it, those equal to it counted half.  By members, and by the number of ratings for an item whose members
 * are not known; NaN for items that are not rated.  *popularity is NULL where neither is known.  -1: out of memory. */
int popularity_find(const struct catalogue *catalogue, const uint64_t *rated, float **popularity);

/* The cult of each item, 0 to 1, in a new array: acclaimed x unpopular x devoted.
 *
 *   acclaimed  (w - C) / (high - C), 0 below: w = (n * mean + M * C) / (n + M), the shrunk mean by which IMDb ranks
 *              films (n ratings of the item, C the mean of all ratings)
 *   unpopular  1 - p^4 for the popularity p of the most popular show of its franchise: a film of One Piece has no
 *              cult.  Nearly 1 for four fifths of all shows, so that obscurity alone earns nothing, and near 0 for the
 *              best known
 *   devoted    (t + M * T) / (n + M): the share of top scores among its ratings (t of n), shrunk in the same way (T
 *              that of all ratings).  Left out where the model does not know it
 *
 * M is CULT_SHRINK.  It and the power were chosen by reading the lists that they give on 423,123 ratings of
 * MyAnimeList: with M = 30 shows with 15 ratings come up, with 100 the list turns into that of the best known.
 * *cult is NULL where the model knows no counts, means or popularity.  -1: out of memory. */
#define CULT_SHRINK 50.0
int cult_find(const struct catalogue *catalogue, const struct traits *traits, const uint64_t *rated, float high,
	      float **cult);

#endif

/* traits.h - what queries use beside similarity, computed once for a model: labels, franchises, popularity, cult. */
#ifndef ANIMED_TRAITS_H
#define ANIMED_TRAITS_H

#include "data/catalogue.h"
#include "model/facet.h"

struct traits {
	struct facet genres, types;
	uint32_t *franchises; /* [n]: see franchise.h */
	float *popularity;    /* [n]: see popularity_find(); NULL if not known */
	float *cult;          /* [n]: see cult_find(); NULL if not known */
	float *cult_place;    /* [n]: the share of the rated items with less cult, 0 to 1; NULL if `cult` is NULL */
	double mean;          /* the mean of all ratings; 0 if not known */
	bool years, members;  /* whether the model knows the year, or the members, of any item */
	bool devotion;        /* whether the model knows the counts of top scores, which `cult` then uses */
};

/* Compute the traits of all items.  `rated` is the mask in struct model, `high` the upper end of the scale of scores.
 * `relations` is as in franchise.h.  Returns 0.  Where memory is short or the relations cannot be used, returns -1 and
 * fills err.  The caller calls traits_close() in either case.  Any thread. */
int traits_open(struct traits *traits, const struct catalogue *catalogue, const uint64_t *rated, float high,
		const char *relations, struct animed_error *err);
void traits_close(struct traits *traits);

/* Compute how popular each rated item is among all rated items, from 0 to 1: the share of the other items that are less
 * popular, where an item that is equally popular counts one half.  Popularity is the number of members, or the number
 * of ratings if the members of an item are not known.  It is NaN for an item that is not rated or of which neither is
 * known.  *popularity is a new array, which the caller frees with free(), or NULL if the catalogue has neither.
 * Returns 0, or -1 where memory is short. */
int popularity_find(const struct catalogue *catalogue, const uint64_t *rated, float **popularity);

/* Compute the cult of each item, 0 to 1: acclaimed x unpopular x devoted.
 *
 *   acclaimed  (w - C) / (high - C), but at least 0.  w = (n * mean + M * C) / (n + M) is the shrunk mean by which IMDb
 *              ranks films (n ratings of the item, C the mean of all ratings)
 *   unpopular  1 - p^4, where p is the popularity of the most popular show of the franchise, so that a film of One
 *              Piece has no cult.  Nearly 1 for four fifths of all shows, so that to be obscure alone earns nothing,
 *              and near 0 for the best known
 *   devoted    (t + M * T) / (n + M): the share of top scores among the ratings of the item (t of n), shrunk in the
 *              same way (T is the share among all ratings).  Left out if the model does not know top scores
 *
 * M is CULT_SHRINK.  M and the power of p were chosen by reading the lists that they give on 423,123 ratings of
 * MyAnimeList: with M = 30 shows with 15 ratings come up, with M = 100 the list becomes that of the best known shows.
 *
 * *cult is a new array, which the caller frees with free(), or NULL if the model has no counts, means or popularity.
 * An item that is not rated has 0.  Returns 0, or -1 where memory is short. */
#define CULT_SHRINK 50.0
int cult_find(const struct catalogue *catalogue, const struct traits *traits, const uint64_t *rated, float high,
	      float **cult);

#endif

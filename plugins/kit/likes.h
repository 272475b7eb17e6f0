/* likes.h - what a dataset says of people's tastes: its ratings and, as if they were top scores, its favourites. */
#ifndef PLUGINS_LIKES_H
#define PLUGINS_LIKES_H

#include "animed-plugin.h"

/* Rows of one kind: users[r] has a taste for items[r], as strong as the score says. */
struct likes {
	size_t n;
	const uint32_t *users, *items;
	const float *scores; /* NULL: all have `score` */
	float score;
};

enum { LIKES_KINDS = 2 };

static inline void likes_of(const struct animed_dataset *data, struct likes likes[LIKES_KINDS])
{
	const struct animed_ratings *ratings = &data->train;
	const struct animed_favourites *favourites = &data->favourites;

	likes[0] = (struct likes){ratings->n, ratings->users, ratings->items, ratings->scores, 0};
	likes[1] = (struct likes){favourites->n, favourites->users, favourites->items, NULL, data->score_max};
}

static inline float likes_score(const struct likes *likes, size_t r)
{
	return likes->scores ? likes->scores[r] : likes->score;
}

/* Returns how many users there are, with those who have favourites alone. */
static inline uint32_t likes_users(const struct animed_dataset *data)
{
	return data->favourites.n_users > data->n_users ? data->favourites.n_users : data->n_users;
}

#endif

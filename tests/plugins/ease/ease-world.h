/* ease-world.h - made-up users with two tastes, and the matrix of the ranking "ease" beside its formula in doubles. */
#ifndef TESTS_EASE_WORLD_H
#define TESTS_EASE_WORLD_H

#include "ease/ease.h"

/* Two tastes of 12 items each and users who have one of them.  TWIN and TWIN + 1 are one franchise, and no user has rated
 * both.  RARE has 4 ratings, and nobody has rated UNRATED and the items after it. */
enum { TASTE = 12, TWIN = 24, RARE = 26, UNRATED = 27, ITEMS = 128, USERS = 80, MOST = USERS * ITEMS };

extern struct animed_error err;
extern const struct animed_items catalogue;
extern struct animed_value values[]; /* the defaults, but for what a test changes */

extern float scores[MOST]; /* those of the dataset that make() makes */

/* The ratings, until the next call. */
struct animed_dataset make(void);
void rate(struct animed_dataset *data, uint32_t user, uint32_t item, float score); /* add one */

void learn_with(const struct animed_dataset *data, unsigned threads, struct animed_learnt *learnt);
void open_learnt(const struct animed_learnt *learnt, void **index);
const void *tensor(const struct animed_learnt *learnt, const char *name);
float cell(const struct animed_learnt *learnt, uint32_t row, uint32_t column); /* of B; 0 where it was not kept */
uint32_t cells_of(const struct animed_learnt *learnt, uint32_t row);           /* how many were kept */

/* B by the formulas of animed-ease(7), in plain loops of doubles over the items with 5 ratings. */
extern double plain_counts[ITEMS], plain[ITEMS][ITEMS];
void make_plain(const struct animed_dataset *data, double franchise);

#endif

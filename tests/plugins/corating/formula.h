/* formula.h - the formula of animed-corating(7) as it stands there, in doubles and without any care for time. */
#ifndef TESTS_FORMULA_H
#define TESTS_FORMULA_H

#include "corating-world.h"

struct formula {
	double e[ITEMS][ITEMS], k[ITEMS][ITEMS], score[ITEMS][ITEMS];
};

/* Fill it in for the world and values[]. */
void formula_make(struct formula *formula, const struct world *world);

#endif

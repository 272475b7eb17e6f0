/* scalar_sgd.h - a plain loop of biased SGD, which bench_train compares the trainings with. */
#ifndef BENCH_SCALAR_SGD_H
#define BENCH_SCALAR_SGD_H

#include "animed-plugin.h"

/* Train k factors on data->train for `epochs` with a cosine-decayed step of 0.02 and a decay of 0.07, one thread.
 * Returns the RMSE on data->valid; *seconds is what training took, initialisation included. */
double scalar_sgd(const struct animed_dataset *data, uint32_t k, int epochs, uint64_t seed, double *seconds);

#endif

/* made.h - made-up ratings of a known structure, and trainings on them. */
#ifndef TESTS_FACTORS_MADE_H
#define TESTS_FACTORS_MADE_H

#include "factors/factors.h"
#include "scratch.h"

enum { USERS = 120, ITEMS = 60, FACTORS = 8 };

/* Ratings of two tastes: users of one parity like items of the same parity. */
struct made {
	uint32_t users[USERS * ITEMS], items[USERS * ITEMS];
	float scores[USERS * ITEMS];
	struct animed_dataset data;
};

struct made *made_new(void); /* the caller frees it with free() */

/* How made_train() trains, and what it has seen. */
extern struct training {
	int64_t factors, patience;
	bool y_range;       /* whether the range of the sigmoid is given, as [0, 10.5] */
	int cancel_in;      /* epoch in which to cancel; 0: at once; -1: never */
	bool inside;        /* whether that epoch has begun */
	int epochs;         /* how many were finished */
	double losses[100]; /* of the held-out ratings, by epoch */
} training;

/* For a checked fixture: FACTORS factors, no patience, no range, never cancelled. */
void training_setup(void);

int made_train(const struct made *made, enum factors_kind kind, const char *optimizer, int epochs, double rate,
	       uint64_t seed, unsigned threads, struct animed_train_result *result, struct animed_error *err);

/* A training of every variant and optimiser that learns the structure. */
enum { RUNS = 5 };
extern const struct run {
	const char *optimizer;
	enum factors_kind kind;
	int epochs;
	double rate;
} runs[RUNS];

#endif

/* evaluate.h - measures the configured model and ranking, and the baselines beside them. */
#ifndef ANIMED_EVALUATE_H
#define ANIMED_EVALUATE_H

#include "evaluate/contender.h"
#include "evaluate/metrics.h"

enum evaluate_split { SPLIT_RANDOM, SPLIT_LEAVE_OUT, SPLIT_USERS };

/* The rows of the table: the baselines, the model and the ranking. */
enum { EVALUATE_MODEL = 4, EVALUATE_RANKING, EVALUATE_ROWS };

enum { EVALUATE_REPEATS = 100 };

struct evaluate_options {
	enum evaluate_split split;
	double share;     /* random, users: the share of the ratings that is hidden, 0 < share < 1 */
	size_t leave_out; /* leave-out: how many ratings of each user are hidden */
	uint32_t users;   /* users: how many are left out; 0: a tenth */
	size_t least;     /* users: the least number of ratings of each of them */
	uint64_t seed;    /* of the first run; each further run has the next */
	unsigned repeat;  /* how many runs, at most EVALUATE_REPEATS */
	double threshold; /* the least score that is relevant; NaN: three quarters up the range of the ratings */
	unsigned top;     /* the length of the lists */
};

/* How one run was split. */
struct evaluate_facts {
	uint64_t seed;
	size_t train, shown, hidden, relevant; /* ratings; those of test users in `shown` */
	uint32_t train_users, test_users, ranked_users;
	uint32_t candidates, cold; /* items with training ratings; items with hidden ones alone */
};

struct evaluation {
	struct evaluate_options options; /* as given, with the threshold filled in */
	struct evaluate_facts facts[EVALUATE_REPEATS];
	const char *names[EVALUATE_ROWS];
	double values[EVALUATE_ROWS][METRICS][EVALUATE_REPEATS]; /* NaN where the metric does not apply */
};

const char *evaluate_split_name(enum evaluate_split split); /* "random", "leave-out", "users" */

/* Do all runs, told of by host->log.  On failure returns -1 and fills err. */
int evaluate(const struct conf *conf, const struct dataset *dataset, const struct evaluate_options *options,
	     const struct animed_host *host, struct evaluation *out, struct animed_error *err);

/* Measure one contender; `out` receives all metrics.  On failure returns -1 and fills err. */
int evaluate_contender(const struct contender *contender, const struct contender_task *task, unsigned top,
		       double out[METRICS], struct animed_error *err);

/* Measure one that is open, with all metrics but METRIC_SECONDS. */
int evaluate_opened(const struct contender *contender, const struct contender_task *task, void *state, unsigned top,
		    double out[METRICS], struct animed_error *err);

/* Print as text with an aligned table, or as JSON.  evaluate_print_json() returns -1 where it fails. */
void evaluate_print(const struct evaluation *evaluation, FILE *out);
int evaluate_print_json(const struct evaluation *evaluation, FILE *out);

#endif

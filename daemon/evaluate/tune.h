/* tune.h - a search for the parameters with the least error: successive halving in brackets that close in on the best
 * (after Jamieson and Talwalkar 2016, and the brackets of Li et al., "Hyperband", 2018).
 *
 * A bracket draws TUNE_BRACKET points.  All are measured on the smallest sample of the users, the best third of them on
 * the next, and so on to all users.  The first bracket draws from the whole ranges, the second and third from a third
 * and a ninth of them around the best so far; the fourth begins again.  Samples are of users, not of epochs: how a
 * training ranks on a third of the users says much of how it ranks on all, while a short training says little of a long
 * one (Spearman correlation 0.87 against 0.46 over 18 points on MyAnimeList reviews; 0.67 against 0.43 at a ninth).
 *
 * The winner of many is in part the luckiest on the held-out ratings, so the best few are measured again on another
 * split, and the mean of both decides.  The first trial, the configuration, is always among them. */
#ifndef ANIMED_TUNE_H
#define ANIMED_TUNE_H

#include "evaluate/tune-space.h"

enum { TUNE_BRACKET = 12, TUNE_RUNGS = 3, TUNE_KEEP = 3, TUNE_FINALISTS = 3, TUNE_REASON = 160 };

/* What a trial is measured on: a sample of the users, and one of two splits. */
struct tune_job {
	size_t trial;
	size_t rung; /* 0 .. rungs - 1; the last is all users */
	bool second; /* on the second split */
	const struct animed_value *values;
};

struct tune_score {
	double rmse; /* on held-out ratings; not finite where the training diverged */
	int epochs, best_epoch;
	double seconds;
};

/* What measures jobs.  The same job always has the same score, its seconds left aside. */
struct tune_bench {
	void *ctx;
	size_t rungs;             /* 1 .. TUNE_RUNGS */
	double share[TUNE_RUNGS]; /* share of the users on each rung, ascending; the last is 1 */
	/* Returns 0 and fills *score; 1 where there is no time for it or it was cancelled; -1 where the trial failed,
	 * and fills err. */
	int (*measure)(void *ctx, const struct tune_job *job, struct tune_score *score, struct animed_error *err);
};

/* A set of parameters and how far it has come. */
struct tune_trial {
	size_t number; /* from 0, the configuration */
	struct tune_point point;
	int rung;                 /* the highest that it was measured on; -1: none */
	struct tune_score score;  /* on that rung */
	double second;            /* RMSE on the second split; NaN: not measured there */
	char failed[TUNE_REASON]; /* why it has no score, or "" */
};

struct tune_search {
	const struct tune_space *space;
	const struct tune_bench *bench;
	uint64_t seed;
	size_t max_trials;         /* with the configuration; 0: as many as the bench has time for */
	struct tune_trial *trials; /* best first once the search is over */
	size_t n, room;
	bool stopped; /* the search ended early */
};

/* Search.  The caller frees it with tune_search_free(), on failure too.  Where memory is short or no trial could be
 * measured, returns -1 and fills err. */
int tune_search(struct tune_search *search, struct animed_error *err);
void tune_search_free(struct tune_search *search);

/* The mean over both splits, or the first alone where the second was not measured. */
double tune_trial_rmse(const struct tune_trial *trial);

/* How much work the search will be, in trainings on all users.  0 where max_trials is 0. */
double tune_search_cost(const struct tune_search *search);

#endif

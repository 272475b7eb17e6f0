/* gate.h - what a new model must pass before it takes the place of the one that serves.
 *
 * The rules, by their names in findings:
 *
 *   finite           every factor and bias is a number; the reader refuses others before they come here
 *   self-similarity  each of a sample of items, asked for by its vector, is found first, with the score 1 where the
 *                    similarity compares directions alone; else its score is a number
 *   loss             the held-out loss exceeds the serving model's by no more than gate.loss_rise, as a share of it
 *   overlap          of the 10 nearest to each golden item at least gate.overlap are among the 10 nearest now, on
 *                    average
 *
 * A rule that cannot be applied is skipped and says why. */
#ifndef ANIMED_GATE_H
#define ANIMED_GATE_H

#include "model/model.h"

enum gate_outcome { GATE_PASSED, GATE_FAILED, GATE_SKIPPED };

struct gate_finding {
	const char *rule;
	enum gate_outcome outcome;
	double value, limit; /* what was found and what it may be at most or must be at least; NaN: none */
	char text[512];      /* both in words */
};

enum { GATE_RULES = 4 };

struct gate_report {
	struct gate_finding findings[GATE_RULES];
	size_t n;
};

/* Hold `candidate` against the rules of `conf` and, where there is one, the serving model; the report has a finding for
 * every rule.  `lenient`: the operator names the version, so that loss and overlap are reported and refuse nothing.  -1
 * with `err` filled where a rule fails.  Takes some scans of all items; any thread. */
int gate_check(const struct conf *conf, const struct model *serving, const struct model *candidate, bool lenient,
	       struct gate_report *report, struct animed_error *err);

const char *gate_outcome_name(enum gate_outcome outcome); /* "passed", "failed", "skipped" */

#endif

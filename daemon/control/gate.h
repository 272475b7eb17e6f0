/* gate.h - the check that a new model must pass before it replaces the one that is served.
 *
 * The rules, by their names in findings:
 *
 *   finite           every factor and bias is a number; a model with another value is refused when its file is read
 *   self-similarity  a query with the vector of an item finds this item first, with the score 1, for a sample of items;
 *                    where the similarity does not only compare directions, the best score need only be a number
 *   loss             the held-out loss is above that of the serving model by at most gate.loss_rise, as a share of it
 *   ndcg             the held-out NDCG@10 of the ranking is below that of the serving model by at most gate.ndcg_fall, as
 *                    a share of it, and two standard errors of the difference, since the held-out ratings are others
 *   overlap          of the 10 nearest of a golden item in the serving model, at least the share gate.overlap is among
 *                    its 10 nearest in the new model, on average over the golden items
 *
 * A rule that cannot be applied is skipped and says why. */
#ifndef ANIMED_GATE_H
#define ANIMED_GATE_H

#include "model/model.h"

enum gate_outcome { GATE_PASSED, GATE_FAILED, GATE_SKIPPED };

struct gate_finding {
	const char *rule;
	enum gate_outcome outcome;
	double value, limit; /* what was measured, and its highest or lowest allowed value; NaN: none */
	char text[512];      /* both in words */
};

enum { GATE_RULES = 5 };

struct gate_report {
	struct gate_finding findings[GATE_RULES];
	size_t n;
};

/* Check `candidate` by the rules of `conf`, and compare it with the serving model; `serving` is NULL where there is
 * none.  The report has a finding for every rule.  A `lenient` check is for a version that the operator names: loss,
 * ndcg and overlap are reported, but do not make it fail.  Returns 0.  Where a rule fails, or memory is short, returns
 * -1 and fills err, with what to do to have the model served.  Takes many scans of all items, and may run on any thread. */
int gate_check(const struct conf *conf, const struct model *serving, const struct model *candidate, bool lenient,
	       struct gate_report *report, struct animed_error *err);

const char *gate_outcome_name(enum gate_outcome outcome); /* "passed", "failed", "skipped" */

#endif

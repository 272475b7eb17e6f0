/* reload-run.h - an order to take a model into service, and what a thread of the pool makes of it. */
#ifndef ANIMED_RELOAD_RUN_H
#define ANIMED_RELOAD_RUN_H

#include <limits.h>

#include "control/gate.h"
#include "query/shortlist.h"

enum reload_kind {
	RELOAD_CURRENT, /* what the store calls current */
	RELOAD_BACK,    /* a version that the operator names (0: the one before the current one), made current */
	RELOAD_PIN,     /* likewise (0: the current one), and pinned */
	RELOAD_UNPIN,   /* take the pin away, and no model */
	RELOAD_TRAINED, /* a new version that a training has made, made current unless another one is pinned */
};

enum reload_origin { RELOAD_BY_CLIENT, RELOAD_BY_SIGNAL, RELOAD_BY_WATCH, RELOAD_BY_TRAINING };

enum reload_outcome {
	RELOAD_UNCHANGED, /* it is served already */
	RELOAD_OPENED,
	RELOAD_ASIDE, /* trained, but a pinned or newer version keeps its place */
	RELOAD_EMPTY,
	RELOAD_REFUSED,
};

struct reload_order {
	enum reload_kind kind;
	enum reload_origin origin;
	uint64_t version;
	bool dry_run; /* do all but the swap, and leave the store alone */

	/* It is carried out; `why` where no model came of it.  NULL: nobody waits for that. */
	void (*done)(void *ctx, enum reload_outcome outcome, const char *why);
	void *ctx;
};

struct reload_run {
	const struct reload_order *order;
	const struct conf *conf;
	struct model *serving; /* NULL: none; a reference */

	enum reload_outcome outcome;
	uint64_t version; /* that it is about; 0: none.  UNPIN: that was pinned */
	uint64_t pinned;  /* in the store at the end; 0: none */
	char path[PATH_MAX];
	struct model *model;         /* opened, and has passed */
	struct shortlist *shortlist; /* what was computed of it; NULL: nothing */
	struct gate_report gate;
	struct animed_error error; /* REFUSED, EMPTY; ASIDE: why */
};

/* Find, open and judge the model that run->order is about, and move `current` where the order says so.  Fills what
 * stands behind `serving`.  Any thread. */
void reload_run(struct reload_run *run, const struct animed_host *host);

/* Whether the order was carried out, if only by finding that nothing is to be done. */
static inline bool reload_went_well(enum reload_outcome outcome)
{
	return outcome != RELOAD_REFUSED && outcome != RELOAD_EMPTY;
}

#endif

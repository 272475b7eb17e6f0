/* reload-run.h - an order to serve a model, and carrying it out in a thread of the pool. */
#ifndef ANIMED_RELOAD_RUN_H
#define ANIMED_RELOAD_RUN_H

#include <limits.h>

#include "control/gate.h"
#include "query/shortlist.h"

enum reload_kind {
	RELOAD_CURRENT, /* serve what the store calls current */
	RELOAD_BACK,    /* serve a named version (0: the one before the current one) and make it current */
	RELOAD_PIN,     /* serve a named version (0: the current one), make it current and pin it */
	RELOAD_UNPIN,   /* remove the pin, and serve the same model as before */
	RELOAD_TRAINED, /* serve the version of a training and make it current, unless another one is pinned */
};

enum reload_origin { RELOAD_BY_CLIENT, RELOAD_BY_SIGNAL, RELOAD_BY_WATCH, RELOAD_BY_TRAINING };

enum reload_outcome {
	RELOAD_UNCHANGED, /* the model is served already */
	RELOAD_OPENED,
	RELOAD_ASIDE, /* the trained model is in the store, but a pinned or newer one stays current */
	RELOAD_EMPTY, /* the store has no current model */
	RELOAD_REFUSED,
};

struct reload_order {
	enum reload_kind kind;
	enum reload_origin origin;
	uint64_t version;
	bool dry_run; /* do everything but the swap, and do not change the store */

	/* Called on the loop when the order is carried out.  `why` says why the model is not served.  NULL: no call. */
	void (*done)(void *ctx, enum reload_outcome outcome, const char *why);
	void *ctx;
};

struct reload_run {
	const struct reload_order *order;
	const struct conf *conf;
	struct model *serving; /* a reference; NULL: no model is served */

	enum reload_outcome outcome;
	uint64_t version; /* that the order is about; 0: none.  With UNPIN it is the version that was pinned */
	uint64_t pinned;  /* version that is pinned in the store at the end; 0: none */
	char path[PATH_MAX];
	struct model *model;         /* the model that was opened, a reference; NULL: none was opened */
	struct shortlist *shortlist; /* of `model`; NULL: none */
	struct gate_report gate;
	struct animed_error error; /* why the outcome is REFUSED, EMPTY or ASIDE */
};

/* Find, open and check the model that run->order is about, and move `current` where the order says so.  Fills the
 * members from `outcome` on.  May run on any thread. */
void reload_run(struct reload_run *run, const struct animed_host *host);

/* Whether the order was carried out, which includes that there was nothing to do. */
static inline bool reload_went_well(enum reload_outcome outcome)
{
	return outcome != RELOAD_REFUSED && outcome != RELOAD_EMPTY;
}

#endif

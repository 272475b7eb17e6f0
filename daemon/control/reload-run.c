/* reload-run.c - finds, opens and checks the model of an order, up to the swap. */
#include "config.h"

#include "control/reload-run.h"

#include <inttypes.h>
#include <stdlib.h>

#include "store/store.h"

static int refuse(struct reload_run *run)
{
	run->outcome = RELOAD_REFUSED;
	return -1;
}

/* Find the greatest version below `current`.  Returns 0.  On failure returns -1 and fills run->error. */
static int find_before(struct reload_run *run, uint64_t current)
{
	const char *dir = run->conf->models;
	uint64_t *versions;
	size_t n, i = 0;

	if (store_list(dir, &versions, &n, &run->error) < 0)
		return -1;
	while (i < n && versions[i] >= current)
		i++;
	run->version = i < n ? versions[i] : 0;
	free(versions);
	return run->version ? 0 : animed_fail(&run->error, "the store %s has no version before %" PRIu64, dir, current);
}

/* Find the version that the order is about, and its path.  Returns 0.  Where there is none, sets the outcome and
 * returns -1. */
static int find_version(struct reload_run *run)
{
	const struct reload_order *order = run->order;
	const char *dir = run->conf->models;
	int status;

	run->version = order->version;
	if (order->version > 0)
		return store_path(dir, order->version, run->path, &run->error) < 0 ? refuse(run) : 0;
	status = store_current(dir, &run->version, run->path, &run->error);
	if (status > 0) {
		run->version = 0;
		run->outcome = RELOAD_EMPTY;
		return animed_fail(&run->error, "the store %s has no current model; make one with `animed train`", dir);
	}
	if (status == 0 && order->kind == RELOAD_BACK) {
		status = find_before(run, run->version);
		if (status == 0)
			status = store_path(dir, run->version, run->path, &run->error);
	}
	return status < 0 ? refuse(run) : 0;
}

static bool is_served(const struct reload_run *run, const struct model_stamp *stamp)
{
	const struct model *serving = run->serving;

	return serving && serving->version == run->version && model_stamp_equal(stamp, &serving->stamp) &&
	       !model_ids_changed(serving, run->conf);
}

static int stay_aside(struct reload_run *run, const char *what, uint64_t keeper)
{
	run->outcome = RELOAD_ASIDE;
	return animed_fail(&run->error, "model %" PRIu64 " is in the store, but %s %" PRIu64 " stays current",
			   run->version, what, keeper);
}

/* Move `current` as the order says.  Returns 0.  Where it cannot be moved, sets the outcome and returns -1. */
static int make_current(struct reload_run *run)
{
	static const enum store_switch how[] = {
	    [RELOAD_BACK] = STORE_BY_HAND, [RELOAD_PIN] = STORE_PIN, [RELOAD_TRAINED] = STORE_IN_TURN};
	const struct reload_order *order = run->order;
	uint64_t keeper;
	int status;

	if (order->kind == RELOAD_CURRENT || order->dry_run)
		return 0;
	status = store_switch(run->conf->models, run->version, how[order->kind], &keeper, &run->error);
	if (status > 0 && order->kind == RELOAD_TRAINED)
		return stay_aside(run, "the pinned or newer model", keeper);
	if (status > 0)
		(void)animed_fail(&run->error, "model %" PRIu64 " is pinned; unpin it, or pin %" PRIu64 " in its place",
				  keeper, run->version);
	return status == 0 ? 0 : refuse(run);
}

/* Build the shortlist of the model.  Where this fails, the model is served without one. */
static void build_shortlist(struct reload_run *run, const struct animed_host *host)
{
	struct animed_error err;

	if (shortlist_build(run->model, run->conf, host, &run->shortlist, &err) < 0)
		host->log(host->ctx, ANIMED_WARN,
			  "model %" PRIu64 " has no lists of neighbours, its queries take longer: %s", run->version,
			  err.text);
}

static void unpin(struct reload_run *run)
{
	run->outcome = RELOAD_UNCHANGED;
	if (store_unpin(run->conf->models, &run->version, &run->error) < 0)
		(void)refuse(run);
}

/* Check whether another version than the trained one is pinned; the trained one itself may be pinned by now.  Returns
 * 0.  Where another one is pinned, sets the outcome and returns -1. */
static int check_pin(struct reload_run *run)
{
	uint64_t pinned = 0;

	if (run->order->kind != RELOAD_TRAINED || store_pinned(run->conf->models, &pinned, &run->error) < 0 ||
	    pinned == 0 || pinned == run->version)
		return 0;
	return stay_aside(run, "the pinned model", pinned);
}

static void open_and_judge(struct reload_run *run, const struct animed_host *host)
{
	const enum reload_kind kind = run->order->kind;
	const bool lenient = kind == RELOAD_BACK || kind == RELOAD_PIN;

	if (model_open(run->conf, run->version, run->path, host, &run->model, &run->error) < 0) {
		(void)refuse(run);
		return;
	}
	run->outcome = RELOAD_OPENED;
	if (gate_check(run->conf, run->serving, run->model, lenient, &run->gate, &run->error) < 0) {
		(void)refuse(run);
		return;
	}
	if (!run->order->dry_run)
		build_shortlist(run, host);
	(void)make_current(run);
}

static void find_model(struct reload_run *run, const struct animed_host *host)
{
	struct model_stamp stamp;

	if (find_version(run) != 0 || check_pin(run) != 0)
		return;
	if (model_stamp_read(run->path, &stamp, &run->error) < 0) {
		(void)refuse(run);
	} else if (!is_served(run, &stamp)) {
		open_and_judge(run, host);
	} else if (make_current(run) == 0) {
		run->outcome = RELOAD_UNCHANGED;
	}
}

void reload_run(struct reload_run *run, const struct animed_host *host)
{
	if (run->order->kind == RELOAD_UNPIN)
		unpin(run);
	else
		find_model(run, host);
	(void)store_pinned(run->conf->models, &run->pinned, NULL);
}

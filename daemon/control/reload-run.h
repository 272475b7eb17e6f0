/* reload-run.h - what a reload does in a thread of the pool. */
#ifndef ANIMED_RELOAD_RUN_H
#define ANIMED_RELOAD_RUN_H

#include "control/reload.h"

/* Find, open and judge the model that run->order is about, and move `current` where the order says so.  Fills outcome,
 * version, path, model, shortlist, gate and error. */
void reload_run(struct reload_run *run, const struct animed_host *host);

#endif

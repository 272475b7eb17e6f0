/* parallel.c - runs the turns of a loop on several threads. */
#include "config.h"

#include "kit/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct loop {
	parallel_work *work;
	void *ctx;
	size_t n;
	atomic_size_t next;
	atomic_bool failed;
};

struct worker {
	struct loop *loop;
	pthread_t thread;
	unsigned number;
	int status;
	struct animed_error err;
};

static void *take_turns(void *arg)
{
	struct worker *worker = arg;
	struct loop *loop = worker->loop;
	size_t i;

	while (!atomic_load(&loop->failed) && (i = atomic_fetch_add(&loop->next, 1)) < loop->n) {
		worker->status = loop->work(loop->ctx, i, worker->number, &worker->err);
		if (worker->status < 0)
			atomic_store(&loop->failed, true);
	}
	return NULL;
}

/* If the system does not start as many threads as asked for, those that it did start take all turns. */
int parallel_for(size_t n, unsigned threads, parallel_work *work, void *ctx, struct animed_error *err)
{
	struct loop loop = {.work = work, .ctx = ctx, .n = n};
	const unsigned most = threads < n ? threads : (unsigned)n;
	struct worker *workers = calloc(most + 1, sizeof *workers);
	unsigned started = 1;
	int status = 0;

	if (!workers)
		return animed_fail(err, "out of memory");
	for (unsigned i = 0; i < most; i++)
		workers[i] = (struct worker){.loop = &loop, .number = i};
	workers[0].loop = &loop;
	while (started < most && pthread_create(&workers[started].thread, NULL, take_turns, &workers[started]) == 0)
		started++;
	(void)take_turns(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		(void)pthread_join(workers[i].thread, NULL);
	for (unsigned i = 0; i < started && status == 0; i++) {
		status = workers[i].status;
		if (status < 0)
			(void)animed_fail(err, "%s", workers[i].err.text);
	}
	free(workers);
	return status;
}

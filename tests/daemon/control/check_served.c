/* check_served.c - tests swapping the served model while it is in use, and on which thread it is freed. */
#include "config.h"

#include "control/served.h"

#include <check.h>
#include <pthread.h>
#include <semaphore.h>

#include "query-fixture.h"
#include "scratch.h"

#include "base/host.h"
#include "control/shortlist-job.h"

static struct served served;
static uv_loop_t loop;
static pthread_t loop_thread;

/* The operations of the similarity plugin, with a close() that counts its calls and a top_k() that can be held up. */
static struct animed_similarity_ops ops;
static const struct animed_similarity_ops *real;
static atomic_int closed, closed_on_loop;
static atomic_bool gated;
static sem_t entered, gate;

static void counting_close(void *index)
{
	atomic_fetch_add(&closed, 1);
	atomic_fetch_add(&closed_on_loop, pthread_equal(pthread_self(), loop_thread) != 0);
	real->close(index);
}

static int gated_top_k(const void *index, const struct animed_query *query, size_t k, struct animed_hit *hits,
		       size_t *n, struct animed_error *err)
{
	if (atomic_exchange(&gated, false)) {
		(void)sem_post(&entered);
		while (sem_wait(&gate) != 0)
			;
	}
	return real->top_k(index, query, k, hits, n, err);
}

static struct model *open_model(uint64_t version)
{
	const struct animed_host host = host_quiet(1);
	struct animed_error err;
	struct model *model;

	ck_assert_msg(model_open(&query_conf, version, scratch_path("m"), &host, &model, &err) == 0, "%s", err.text);
	if (!real) { /* set `ops` only once, since a thread that frees an earlier model may read it */
		real = model->measures[0].ops;
		ops = *real;
		ops.close = counting_close;
		ops.top_k = gated_top_k;
		ops.neighbours = NULL; /* so that the lists are computed with top_k() */
	}
	model->measures[0].ops = &ops;
	return model;
}

static struct shortlist *build(const struct model *model)
{
	const struct animed_host host = host_quiet(1);
	struct animed_error err;
	struct shortlist *shortlist;

	ck_assert_msg(shortlist_build(model, &query_conf, &host, &shortlist, &err) == 0, "%s", err.text);
	ck_assert_ptr_nonnull(shortlist);
	return shortlist;
}

/* Run the loop until nothing is left to do. */
static void settle(void)
{
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
}

static void setup(void)
{
	query_setup();
	query_conf.neighbours = 5;
	query_conf.threads = 1;
	loop_thread = pthread_self();
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_int_eq(sem_init(&entered, 0, 0) | sem_init(&gate, 0, 0), 0);
	served_init(&served, &loop, open_model(1));
}

static void teardown(void)
{
	settle();
	served_close(&served);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	query_teardown();
}

START_TEST(a_swap_keeps_what_is_used)
{
	struct model *used = model_ref(served.model);

	struct model *next = open_model(2);
	served_swap(&served, next, NULL);
	settle();
	ck_assert_ptr_eq(served.model, next);
	ck_assert_int_eq(closed, 0);
	ck_assert_uint_eq(used->version, 1);
	model_unref(used);
	settle();
	ck_assert_int_eq(closed, 1);
	ck_assert_int_eq(closed_on_loop, 0);
}
END_TEST

START_TEST(a_swap_frees_off_the_loop)
{
	served_swap(&served, open_model(2), NULL);
	served.shortlist = build(served.model);
	served_swap(&served, open_model(3), NULL);
	ck_assert_ptr_null(served.shortlist);
	settle();
	ck_assert_int_eq(closed, 2);
	ck_assert_int_eq(closed_on_loop, 0);
}
END_TEST

START_TEST(what_is_not_served_goes_too)
{
	struct model *model = open_model(2), *before = served.model;
	struct shortlist *shortlist = build(model);

	served_discard(&served, model, shortlist);
	served_discard(&served, NULL, NULL);
	settle();
	ck_assert_ptr_eq(served.model, before);
	ck_assert_int_eq(closed, 1);
	ck_assert_int_eq(closed_on_loop, 0);
}
END_TEST

START_TEST(a_shortlist_comes_to_its_model)
{
	struct shortlist_job job = {.cancelled = false};

	shortlist_job_start(&job, &served, &query_conf);
	settle();
	ck_assert_ptr_nonnull(served.shortlist);
	ck_assert_ptr_eq(served.shortlist->model, served.model);
	ck_assert_uint_eq(served.model->references, 1);
}
END_TEST

/* A shortlist is never served with the model of another, and a swap ends the threads that build the old one early. */
START_TEST(a_swap_while_a_shortlist_is_built)
{
	struct shortlist_job job = {.cancelled = false};

	atomic_store(&gated, true);
	shortlist_job_start(&job, &served, &query_conf);
	ck_assert_int_eq(sem_wait(&entered), 0);
	struct model *next = open_model(2);
	struct shortlist *list = build(next);
	served_swap(&served, next, list);
	ck_assert_int_eq(sem_post(&gate), 0);
	settle();
	ck_assert_ptr_eq(served.model, next);
	ck_assert_ptr_eq(served.shortlist, list);
	ck_assert_int_eq(closed, 1); /* the job had the last reference to the old model */
}
END_TEST

START_TEST(a_stop_while_a_shortlist_is_built)
{
	struct shortlist_job job = {.cancelled = false};

	atomic_store(&gated, true);
	shortlist_job_start(&job, &served, &query_conf);
	ck_assert_int_eq(sem_wait(&entered), 0);
	shortlist_job_cancel(&job);
	ck_assert_int_eq(sem_post(&gate), 0);
	settle();
	ck_assert_ptr_null(served.shortlist);
	ck_assert_uint_eq(served.model->references, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("served");
	TCase *tcase = tcase_create("served");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_swap_keeps_what_is_used);
	tcase_add_test(tcase, a_swap_frees_off_the_loop);
	tcase_add_test(tcase, what_is_not_served_goes_too);
	tcase_add_test(tcase, a_shortlist_comes_to_its_model);
	tcase_add_test(tcase, a_swap_while_a_shortlist_is_built);
	tcase_add_test(tcase, a_stop_while_a_shortlist_is_built);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

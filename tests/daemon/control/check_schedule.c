/* Tests the schedule of trainings with made-up times. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "control/schedule.h"
#include "scratch.h"

#define HOUR ((int64_t)3600000)
#define DAY  (24 * HOUR)

static struct schedule schedule;

START_TEST(without_a_model_it_is_due_at_once)
{
	schedule_init(&schedule, DAY, INT64_MIN, 1000 * DAY);
	ck_assert(schedule_is_due(&schedule, 1000 * DAY));
	ck_assert_int_eq(schedule_sleep(&schedule, 1000 * DAY), 0);
}
END_TEST

START_TEST(a_period_after_the_newest_model)
{
	schedule_init(&schedule, DAY, 1000 * DAY, 1000 * DAY + 5 * HOUR);
	ck_assert(!schedule_is_due(&schedule, 1000 * DAY + 5 * HOUR));
	ck_assert(!schedule_is_due(&schedule, 1001 * DAY - 1));
	ck_assert(schedule_is_due(&schedule, 1001 * DAY));
}
END_TEST

/* However late a training starts, the time of the next one does not move. */
START_TEST(runs_do_not_drift)
{
	schedule_init(&schedule, HOUR, 1000 * DAY, 1000 * DAY);
	for (int64_t run = 1; run <= 1000; run++) {
		const int64_t due = 1000 * DAY + run * HOUR, late = due + (run * 7919) % HOUR;
		ck_assert(!schedule_is_due(&schedule, due - 1));
		ck_assert(schedule_is_due(&schedule, late));
		schedule_advance(&schedule, late);
		ck_assert_int_eq(schedule.next, due + HOUR);
	}
}
END_TEST

START_TEST(missed_runs_are_made_up_by_one)
{
	const int64_t now = 1003 * DAY + 5 * HOUR;

	schedule_init(&schedule, DAY, 1000 * DAY, now);
	ck_assert(schedule_is_due(&schedule, now));
	schedule_advance(&schedule, now);
	ck_assert(!schedule_is_due(&schedule, now));
	ck_assert_int_eq(schedule.next, 1004 * DAY); /* a whole number of days after the newest model */
}
END_TEST

START_TEST(clocks_that_are_set_keep_no_run_away)
{
	schedule_init(&schedule, HOUR, 1000 * DAY, 1000 * DAY);
	/* the clock is set back by a day */
	ck_assert(!schedule_is_due(&schedule, 999 * DAY));
	ck_assert_int_eq(schedule.next, 999 * DAY + HOUR);
	/* a model from the future, as made on a machine whose clock is wrong */
	schedule_init(&schedule, HOUR, 2000 * DAY, 1000 * DAY);
	ck_assert(!schedule_is_due(&schedule, 1000 * DAY));
	ck_assert_int_eq(schedule.next, 1000 * DAY + HOUR);
	/* the clock is set forward by a year: one training is due */
	ck_assert(schedule_is_due(&schedule, 1365 * DAY));
	schedule_advance(&schedule, 1365 * DAY);
	ck_assert(!schedule_is_due(&schedule, 1365 * DAY));
}
END_TEST

START_TEST(sleeps_are_short_enough_to_see_a_clock_set)
{
	schedule_init(&schedule, DAY, 1000 * DAY, 1000 * DAY);
	ck_assert_int_eq(schedule_sleep(&schedule, 1000 * DAY), 60000);
	ck_assert_int_eq(schedule_sleep(&schedule, 1001 * DAY - 5), 5);
	ck_assert_int_eq(schedule_sleep(&schedule, 1002 * DAY), 0);
}
END_TEST

START_TEST(none_is_none)
{
	schedule_init(&schedule, 0, INT64_MIN, 1000 * DAY);
	ck_assert(!schedule_is_due(&schedule, 5000 * DAY));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("schedule");
	TCase *tc = tcase_create("schedule");

	tcase_add_test(tc, without_a_model_it_is_due_at_once);
	tcase_add_test(tc, a_period_after_the_newest_model);
	tcase_add_test(tc, runs_do_not_drift);
	tcase_add_test(tc, missed_runs_are_made_up_by_one);
	tcase_add_test(tc, clocks_that_are_set_keep_no_run_away);
	tcase_add_test(tc, sleeps_are_short_enough_to_see_a_clock_set);
	tcase_add_test(tc, none_is_none);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

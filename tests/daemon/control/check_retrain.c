/* Tests the outcomes of a training.  Its process is this program too, started again, and does what CHILD_PLAN says. */
#include "config.h"

#include <inttypes.h>
#include <unistd.h>

#include "scratch.h"
#include "server-fixture.h"

#include "control/retrain-child.h"

/* ---- the training ---- */

enum { STREAM = 3 };

/* Tell the daemon that the version CHILD_MODEL was written into the store CHILD_STORE. */
static int train_well(void)
{
	struct progress_stream stream = {.fd = STREAM};
	const struct animed_progress progress = {.epoch = 1, .epochs = 1, .epoch_done = true, .fraction = 1};

	progress_stream_tell(&stream, &progress);
	progress_stream_model(&stream, getenv("CHILD_STORE"), strtoull(getenv("CHILD_MODEL"), NULL, 10));
	return 0;
}

static int tell_garbage(void)
{
	return write(STREAM, "\xc1\xc1\xc1", 3) == 3 ? 0 : 1;
}

static int fail_to_train(void)
{
	(void)fputs("animed: error: no ratings are left\n", stderr);
	return 7;
}

static int be_child(const char *plan)
{
	return strcmp(plan, "well") == 0      ? train_well()
	       : strcmp(plan, "garbage") == 0 ? tell_garbage()
					      : fail_to_train();
}

/* ---- the daemon ---- */

static void plan(const char *what, uint64_t model)
{
	char number[32];

	(void)snprintf(number, sizeof number, "%" PRIu64, model);
	ck_assert_int_eq(setenv("CHILD_PLAN", what, 1), 0);
	ck_assert_int_eq(setenv("CHILD_STORE", fixture.models, 1), 0);
	ck_assert_int_eq(setenv("CHILD_MODEL", number, 1), 0);
}

static json_t *running(void)
{
	json_t *status = ask("status", "[]"), *retrain = json_object_get(status, "retrain");
	json_t *out = json_incref(json_object_get(retrain, "running"));

	json_decref(status);
	return out;
}

/* Ask for the status until the model of the training is at the gate. */
static void await_gate(void)
{
	for (bool there = false; !there;) {
		json_t *now = running();
		ck_assert(json_is_object(now));
		there = strcmp(str_at(now, "phase"), "gate") == 0;
		json_decref(now);
	}
}

/* Receive the event that tells the outcome of the training, which the caller releases.  The client has subscribed to no
 * other event. */
static json_t *await_end(struct client *client)
{
	json_t *message = client_receive(client), *params = json_array_get(message, 2);
	json_t *event = json_incref(json_array_get(params, 0));

	ck_assert_ptr_nonnull(event);
	json_decref(message);
	return event;
}

static struct client *subscribe(void)
{
	struct client *client = client_open();

	client_send(client, 1, "subscribe", "[[\"retrain-finished\", \"retrain-failed\"]]");
	json_decref(expect_result(client_receive(client), 1));
	return client;
}

static void expect_last(bool ok, const char *error)
{
	json_t *status = ask("status", "[]");
	const json_t *last = json_object_get(json_object_get(status, "retrain"), "last");
	const json_t *why = json_object_get(last, "error");

	ck_assert(json_is_boolean(json_object_get(last, "ok")));
	ck_assert_int_eq(json_is_true(json_object_get(last, "ok")), ok);
	if (error)
		ck_assert_msg(strstr(json_string_value(why), error) != NULL, "%s", json_string_value(why));
	else
		ck_assert(json_is_null(why));
	json_decref(status);
}

START_TEST(test_served)
{
	plan("well", 2);
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = subscribe();
	json_decref(ask("retrain", "[]"));
	json_t *event = await_end(client);
	ck_assert_str_eq(str_at(event, "event"), "retrain-finished");
	ck_assert_str_eq(str_at(event, "outcome"), "served");
	ck_assert(json_is_null(json_object_get(event, "reason")));
	json_decref(event);
	expect_last(true, NULL);
	ck_assert_int_eq(served_model(), 2);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* Methods by which a client gets the new version served before it is the turn of the training's own reload. */
static const char *const before_its_turn[] = {"rollback", "pin"};

START_TEST(test_served_before_its_turn)
{
	plan("well", 2);
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = subscribe(), *other = client_open();
	client_send(other, 1, before_its_turn[_i], "[2]");
	json_decref(ask("retrain", "[]"));
	await_gate();
	open_gate(1);
	json_decref(expect_result(client_receive(other), 1));
	json_t *event = await_end(client);
	ck_assert_str_eq(str_at(event, "event"), "retrain-finished");
	ck_assert_str_eq(str_at(event, "outcome"), "served");
	ck_assert(json_is_null(json_object_get(event, "reason")));
	json_decref(event);
	expect_last(true, NULL);
	client_close(client);
	client_close(other);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_aside_of_a_pinned_model)
{
	plan("well", 2);
	daemon_start();
	(void)fixture_write_model("plain", false);
	json_decref(ask("pin", "[1]"));
	struct client *client = subscribe();
	json_decref(ask("retrain", "[]"));
	json_t *event = await_end(client);
	ck_assert_str_eq(str_at(event, "outcome"), "aside");
	ck_assert_ptr_nonnull(strstr(str_at(event, "reason"), "the pinned model 1 stays current"));
	json_decref(event);
	expect_last(true, NULL);
	ck_assert_int_eq(served_model(), 1);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_refused)
{
	plan("well", 2);
	daemon_start();
	(void)fixture_write_model("plain", true);
	struct client *client = subscribe();
	json_decref(ask("retrain", "[]"));
	json_t *event = await_end(client);
	ck_assert_str_eq(str_at(event, "outcome"), "refused");
	ck_assert_ptr_nonnull(strstr(str_at(event, "reason"), "vectors of the devil"));
	json_decref(event);
	expect_last(false, "vectors of the devil");
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

static const struct {
	const char *plan, *reason;
} failures[] = {
    {"fail", "the training failed with status 7: no ratings are left"},
    {"garbage", "what the training tells cannot be understood"},
};

START_TEST(test_failed)
{
	plan(failures[_i].plan, 2);
	daemon_start();
	struct client *client = subscribe();
	json_decref(ask("retrain", "[]"));
	json_t *event = await_end(client);
	ck_assert_str_eq(str_at(event, "event"), "retrain-failed");
	ck_assert_msg(strstr(str_at(event, "reason"), failures[_i].reason) != NULL, "%s", str_at(event, "reason"));
	json_decref(event);
	expect_last(false, failures[_i].reason);
	ck_assert_int_eq(served_model(), 1);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

int main(int argc, char **argv)
{
	const char *plan_of_child = getenv("CHILD_PLAN");

	if (argc == 4 && strcmp(argv[1], "train") == 0 && plan_of_child)
		return be_child(plan_of_child);

	Suite *suite = suite_create("retrain");
	TCase *tc = tcase_create("retrain");
	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_add_test(tc, test_served);
	tcase_add_loop_test(tc, test_served_before_its_turn, 0, 2);
	tcase_add_test(tc, test_aside_of_a_pinned_model);
	tcase_add_test(tc, test_refused);
	tcase_add_loop_test(tc, test_failed, 0, (int)(sizeof failures / sizeof *failures));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* Tests models that are exchanged while the daemon runs, and models that it refuses. */
#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "control/gate.h"
#include "scratch.h"
#include "server-fixture.h"

START_TEST(test_reload)
{
	daemon_start();
	json_t *result = ask("reload", "[]");
	ck_assert_int_eq(int_at(result, "model"), 1);
	ck_assert(json_is_false(json_object_get(result, "changed")));
	json_decref(result);
	(void)fixture_write_model("plain", false);
	ck_assert_int_eq(served_model(), 1);
	result = ask("reload", "[]");
	ck_assert_int_eq(int_at(result, "model"), 2);
	ck_assert_int_eq(int_at(result, "previous"), 1);
	ck_assert(json_is_true(json_object_get(result, "changed")));
	json_decref(result);
	ck_assert_int_eq(served_model(), 2);
	result = ask("status", "[]");
	const json_t *last = json_object_get(result, "last_reload");
	ck_assert(json_is_true(json_object_get(last, "ok")));
	ck_assert(json_is_null(json_object_get(last, "error")));
	ck_assert_int_eq(int_at(last, "model"), 2);
	ck_assert_uint_eq(strlen(str_at(last, "time")), strlen("2000-01-01T00:00:00Z"));
	json_decref(result);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* Check that the daemon refuses model 2 with `part` in the reason, and goes on to serve model 1.  Ends the daemon. */
static void check_refused(const char *part)
{
	ask_fails("reload", "[]", 0, RPC_MODEL_REFUSED, part);
	ck_assert_int_eq(served_model(), 1);
	serves();
	json_t *result = ask("status", "[]");
	const json_t *last = json_object_get(result, "last_reload");
	ck_assert(json_is_false(json_object_get(last, "ok")));
	ck_assert_ptr_nonnull(strstr(str_at(last, "error"), part));
	ck_assert_int_eq(int_at(last, "model"), 2);
	json_decref(result);
	ck_assert_int_eq(daemon_stop(), 0);
}

START_TEST(test_reload_faulty)
{
	daemon_start();
	ck_assert_uint_eq(fixture_write_model("plain", true), 2);
	check_refused("vectors of the devil");
}
END_TEST

START_TEST(test_reload_other_variant)
{
	daemon_start();
	ck_assert_uint_eq(fixture_write_model("bias", false), 2);
	check_refused("pipeline.model.plugin");
}
END_TEST

START_TEST(test_reload_truncated)
{
	char path[128];

	daemon_start();
	ck_assert_uint_eq(fixture_write_model("plain", false), 2);
	(void)snprintf(path, sizeof path, "%s/2.safetensors", fixture.models);
	ck_assert_int_eq(truncate(path, 200), 0);
	check_refused("2.safetensors");
}
END_TEST

START_TEST(test_no_model)
{
	char path[128];

	(void)snprintf(path, sizeof path, "%s/current", fixture.models);
	ck_assert_int_eq(unlink(path), 0);
	daemon_start();
	ask_fails("similar", "[1]", 0, RPC_NO_MODEL, "animed train");
	ask_fails("reload", "[]", 0, RPC_NO_MODEL, "animed train");
	json_t *result = ask("hello", "[]");
	ck_assert(json_is_null(json_object_get(result, "model")));
	json_decref(result);
	result = ask("status", "[]");
	ck_assert(json_is_null(json_object_get(result, "model")));
	json_decref(result);
	(void)fixture_write_model("plain", false);
	result = ask("reload", "[]");
	ck_assert_int_eq(int_at(result, "model"), 2);
	ck_assert(json_is_null(json_object_get(result, "previous")));
	ck_assert(json_is_true(json_object_get(result, "changed")));
	json_decref(result);
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_hangup)
{
	daemon_start();
	(void)fixture_write_model("plain", false);
	ck_assert_int_eq(kill(fixture.pid, SIGHUP), 0);
	while (served_model() != 2) /* the time limit of the test ends this loop */
		;
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* A client that asks while a reload runs gets the model that is in the store now, and not the one that the running
 * reload has found. */
START_TEST(test_reloads_queue)
{
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *first = begin_reload();
	(void)fixture_write_model("plain", false);
	struct client *second = begin_reload();
	struct client *third = begin_reload();
	serves();
	open_gate(2);
	json_t *result = expect_result(client_receive(first), 1);
	ck_assert_int_ge(int_at(result, "model"), 2);
	json_decref(result);
	client_close(first);
	end_reload(second, 3);
	end_reload(third, 3);
	ck_assert_int_eq(served_model(), 3);
	open_gate(2); /* in case the first reload found model 3 already */
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_reload_client_gone)
{
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = begin_reload();
	client_close(client);
	serves();
	open_gate(1);
	while (served_model() != 2)
		;
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

static json_int_t swap_to(const char *method, const char *params)
{
	json_t *result = ask(method, params);
	json_int_t model = int_at(result, "model");

	json_decref(result);
	ck_assert_int_eq(served_model(), model);
	return model;
}

START_TEST(test_rollback_and_pin)
{
	daemon_start();
	(void)fixture_write_model("plain", false);
	(void)fixture_write_model("plain", false);
	ck_assert_int_eq(swap_to("reload", "[]"), 3);
	ck_assert_int_eq(swap_to("rollback", "[]"), 2);
	ck_assert_int_eq(swap_to("rollback", "[]"), 1);
	ask_fails("rollback", "[]", 0, RPC_MODEL_REFUSED, "no version before 1");
	ck_assert_int_eq(swap_to("rollback", "[3]"), 3);
	ask_fails("rollback", "[7]", 0, RPC_MODEL_REFUSED, "7.safetensors");
	ask_fails("rollback", "[0]", 1, RPC_BAD_PARAMS, "at least 1");
	ask_fails("rollback", "[\"2\"]", 1, RPC_BAD_PARAMS, "integer");
	ck_assert_int_eq(swap_to("pin", "[2]"), 2);
	ask_fails("rollback", "[3]", 0, RPC_MODEL_REFUSED, "model 2 is pinned");
	ck_assert_int_eq(served_model(), 2);
	json_t *status = ask("status", "[]");
	ck_assert_int_eq(int_at(status, "pinned"), 2);
	json_decref(status);
	ck_assert_int_eq(swap_to("unpin", "[]"), 2);
	ck_assert_int_eq(swap_to("rollback", "[3]"), 3);
	/* a model that the plugin refuses cannot be served by hand either, and nothing has changed */
	ck_assert_uint_eq(fixture_write_model("plain", true), 4);
	ck_assert_int_eq(swap_to("rollback", "[3]"), 3);
	ask_fails("pin", "[4]", 0, RPC_MODEL_REFUSED, "vectors of the devil");
	json_t *models = ask("models", "[]");
	ck_assert_int_eq(int_at(models, "current"), 3);
	ck_assert(json_is_null(json_object_get(models, "pinned")));
	ck_assert_uint_eq(json_array_size(json_object_get(models, "versions")), 4);
	json_decref(models);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* The pinned version that `status` reports; 0: none. */
static json_int_t pinned(void)
{
	json_t *status = ask("status", "[]");
	const json_int_t version = json_integer_value(json_object_get(status, "pinned"));

	json_decref(status);
	return version;
}

/* `status` reports the pin that was last read, and reads nothing, since the store may be on a disk that hangs. */
START_TEST(test_status_remembers_the_pin)
{
	const char *path = scratch_path("models/pinned");

	ck_assert_int_eq(symlink("1.safetensors", path), 0);
	daemon_start();
	ck_assert_int_eq(pinned(), 1);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(pinned(), 1);
	json_decref(ask("reload", "[]"));
	ck_assert_int_eq(pinned(), 0);
	json_decref(ask("pin", "[]"));
	ck_assert_int_eq(pinned(), 1);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* The watch notices that another process pins a version. */
START_TEST(test_watch_sees_the_pin)
{
	fixture.conf.watch = true;
	daemon_start();
	ck_assert_int_eq(pinned(), 0);
	ck_assert_int_eq(symlink("1.safetensors", scratch_path("models/pinned")), 0);
	while (pinned() != 1)
		;
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_dry_run)
{
	daemon_start();
	ck_assert_uint_eq(fixture_write_model("plain", true), 2);
	json_t *result = ask("reload", "[{\"dry_run\": true}]");
	ck_assert_int_eq(int_at(result, "model"), 1);
	ck_assert_int_eq(int_at(result, "candidate"), 2);
	ck_assert_ptr_nonnull(strstr(str_at(result, "refused"), "vectors of the devil"));
	json_decref(result);
	ck_assert_uint_eq(fixture_write_model("plain", false), 3);
	result = ask("reload", "[{\"dry_run\": true}]");
	ck_assert_int_eq(int_at(result, "candidate"), 3);
	ck_assert(json_is_null(json_object_get(result, "refused")));
	ck_assert_uint_eq(json_array_size(json_object_get(result, "gate")), GATE_RULES);
	json_decref(result);
	ck_assert_int_eq(served_model(), 1);
	result = ask("status", "[]");
	ck_assert(json_is_null(json_object_get(result, "last_reload")));
	json_decref(result);
	ask_fails("reload", "[{\"dry_run\": 2}]", 1, RPC_BAD_PARAMS, "dry_run");
	ask_fails("reload", "[{\"dry\": true}]", 1, RPC_BAD_PARAMS, "dry_run");
	ask_fails("reload", "[true]", 1, RPC_BAD_PARAMS, "map");
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reload");
	TCase *tc = tcase_create("reload");

	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_add_test(tc, test_reload);
	tcase_add_test(tc, test_reload_faulty);
	tcase_add_test(tc, test_reload_other_variant);
	tcase_add_test(tc, test_reload_truncated);
	tcase_add_test(tc, test_no_model);
	tcase_add_test(tc, test_hangup);
	tcase_add_test(tc, test_reloads_queue);
	tcase_add_test(tc, test_reload_client_gone);
	tcase_add_test(tc, test_rollback_and_pin);
	tcase_add_test(tc, test_status_remembers_the_pin);
	tcase_add_test(tc, test_watch_sees_the_pin);
	tcase_add_test(tc, test_dry_run);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* Takes messages, tells events and reads what a training sends while memory is short.  Each of them is complete or left
 * out, and an error or `lost` says so. */
#include "config.h"

#include <check.h>
#include <signal.h>
#include <unistd.h>

#include "fault.h"
#include "scratch.h"
#include "server-fixture.h"

#include "base/clock.h"
#include "conn/events.h"
#include "control/retrain-child.h"
#include "train/progress-stream.h"

/* ---- messages ---- */

START_TEST(a_message_without_memory_is_no_bad_one)
{
	static const struct conf_limits limits = {.frame_bytes = 1 << 20, .elements = 1 << 16, .depth = 8};
	struct message_reader reader;
	struct message message;
	struct rpc_error err;
	msgpack_sbuffer bytes;
	uint64_t n = 0;

	msgpack_sbuffer_init(&bytes);
	char *params = malloc(40000), *to = params;
	ck_assert_ptr_nonnull(params);
	*to++ = '[';
	for (int i = 0; i < 5000; i++) /* more than fits into the reader's first block */
		to += sprintf(to, "%d,", i);
	(void)strcpy(to - 1, "]");
	pack_request(&bytes, 3, "similar", params);
	free(params);
	ck_assert_int_eq(message_reader_init(&reader, &limits), 0);
	for (bool struck = true; struck;) {
		fault_arm(++n, 1);
		const enum message_status status = message_take(&reader, bytes.data, bytes.size, &message, &err);
		fault_disarm();
		struck = fault_struck();
		ck_assert_int_eq(status, struck ? MESSAGE_BAD : MESSAGE_TAKEN);
		if (struck) {
			ck_assert_int_eq(err.class, RPC_DAEMON_ERROR);
			ck_assert_msg(rpc_error_is(&err, RPC_INTERNAL), "%s", err.text);
		}
	}
	ck_assert_uint_gt(n, 1);
	message_reader_free(&reader);
	msgpack_sbuffer_destroy(&bytes);
}
END_TEST

/* ---- events ---- */

static void no_wake(struct clients *clients)
{
	(void)clients;
}

/* Tell three events, the second of which is larger than the first buffer for events. */
static void tell(struct events *events)
{
	static const enum event kinds[] = {EVENT_RETRAIN_STARTED, EVENT_RELOAD_REFUSED, EVENT_RETRAIN_FINISHED};
	static char long_text[20000];

	memset(long_text, 'x', sizeof long_text - 1);
	for (int i = 0; i < 3; i++) {
		msgpack_packer *packer = events_begin(events, kinds[i], 2);
		pack_int(packer, "number", i);
		pack_str(packer, "text", i == 1 ? long_text : "short");
		events_end(events);
	}
}

/* Check that `bytes` are complete maps.  Returns how many there are. */
static size_t count_maps(const msgpack_sbuffer *bytes)
{
	msgpack_unpacked unpacked;
	size_t at = 0, n = 0;

	msgpack_unpacked_init(&unpacked);
	for (; at < bytes->size; n++) {
		ck_assert_int_eq(msgpack_unpack_next(&unpacked, bytes->data, bytes->size, &at), MSGPACK_UNPACK_SUCCESS);
		ck_assert_int_eq(unpacked.data.type, MSGPACK_OBJECT_MAP);
		ck_assert_uint_eq(unpacked.data.via.map.size, 4);
	}
	msgpack_unpacked_destroy(&unpacked);
	return n;
}

START_TEST(an_event_is_told_whole_or_not)
{
	char now[TIME_TEXT];
	uv_loop_t loop;
	uint64_t n = 0;

	time_text_now(now); /* lets the C library read the time zone, which it does once */
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	for (bool struck = true; struck;) {
		struct clients clients = {.loop = &loop, .wake = no_wake};
		struct events events;
		LIST_INIT(&clients.list);
		events_init(&events, &clients);
		fault_arm(++n, 1);
		tell(&events);
		fault_disarm();
		struck = fault_struck();
		ck_assert_uint_eq(count_maps(&events.maps.bytes), events.n);
		if (!struck)
			ck_assert_uint_eq(events.n, 3);
		else
			ck_assert_uint_lt(events.n, 3);
		uv_close((uv_handle_t *)&events.idle, NULL);
		(void)uv_run(&loop, UV_RUN_DEFAULT);
		events_free(&events);
	}
	ck_assert_uint_gt(n, 2);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

/* ---- a training ---- */

/* What this program does when it is started as the process of a training. */
static int be_child(void)
{
	struct progress_stream stream = {.fd = 3};

	for (int i = 1; i <= 5; i++)
		progress_stream_tell(&stream, &(struct animed_progress){.epoch = i, .epochs = 5, .epoch_done = true});
	progress_stream_model(&stream, "/store", 7);
	return 0;
}

static uint64_t model;
static const char *lost;
static bool ended;

static void on_told(void *ctx, const struct progress_message *message)
{
	(void)ctx;
	if (message->model)
		model = message->model;
}

static void on_lost(void *ctx, const char *why)
{
	(void)ctx;
	lost = why;
}

static void on_ended(void *ctx, int64_t exit_status, int signal, const char *last_error)
{
	(void)ctx;
	(void)last_error;
	ended = exit_status == 0 && signal == 0;
}

/* After the process has started, every allocation from the n-th on fails. */
START_TEST(what_a_training_tells_is_known_or_lost)
{
	static const struct retrain_child_calls calls = {on_told, on_lost, on_ended};
	const struct conf conf = {.file = NULL};
	struct animed_error err;
	uv_loop_t loop;
	uint64_t n = 0, without = 0;

	ck_assert_int_eq(setenv("BE_CHILD", "1", 1), 0);
	for (bool struck = true; struck; without += lost != NULL) {
		model = 0;
		lost = NULL;
		ended = false;
		ck_assert_int_eq(uv_loop_init(&loop), 0);
		ck_assert_msg(retrain_child_start(&conf, &loop, &calls, NULL, &err) != NULL, "%s", err.text);
		fault_arm(++n, UINT32_MAX);
		(void)uv_run(&loop, UV_RUN_DEFAULT);
		fault_disarm();
		struck = fault_struck();
		ck_assert(ended);
		ck_assert_uint_eq(model, lost ? 0 : 7);
		ck_assert_int_eq(uv_loop_close(&loop), 0);
	}
	ck_assert_uint_gt(without, 0);
}
END_TEST

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "train") == 0 && getenv("BE_CHILD"))
		return be_child();

	Suite *suite = suite_create("fault_conn");
	TCase *tc = tcase_create("conn");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_message_without_memory_is_no_bad_one);
	tcase_add_test(tc, an_event_is_told_whole_or_not);
	tcase_add_test(tc, what_a_training_tells_is_known_or_lost);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

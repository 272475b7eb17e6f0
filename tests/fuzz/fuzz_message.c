/* fuzz_message.c - checks that the same bytes give the same messages however they arrive, and that no message is longer
 * than the bytes. */
#include "config.h"

#include "fuzz.h"

#include "conn/message.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED("\x94\x00\x01\xa5hello\x91\x83\xa6"
	      "client\xa4test\xa7version\xa3"
	      "0.1\xa8protocol\x01\x93\x02\xa4tick\x90"),
    FUZZ_SEED("\x94\x00\x02\xa7similar\x92\xadMade in Abyss\x81\xa5limit\x05\x94\x00\x03\xa7similar\x91\x07"),
    FUZZ_SEED("\x94\x01\x07\xc0\xc0"),
    FUZZ_SEED("\x94\x00\xce\xff\xff\xff\xff\xa4show\x91\xc4\x03xyz\x94\x00\x00\xa1x\x90"),
    FUZZ_SEED("\x94\x00\x01\x07\x90"),
    FUZZ_SEED("\x94\x00\x01\xa1x\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

static const struct conf_limits limits = {.frame_bytes = 4096, .elements = 256, .depth = 8};

static void require(int holds)
{
	if (!holds)
		abort();
}

/* What message_take() gave, without addresses, so that two results can be compared. */
struct taken {
	enum message_status status;
	size_t size;
	uint32_t msgid;
	size_t params;
};

static struct taken look_at(enum message_status status, const struct message *message, const struct rpc_error *err)
{
	struct taken taken = {.status = status};

	if (status == MESSAGE_TAKEN)
		taken = (struct taken){status, message->size, message->rpc.msgid, message->rpc.params.via.array.size};
	if (status == MESSAGE_BAD) {
		taken.msgid = message->rpc.msgid;
		require(rpc_error_is(err, RPC_BAD_MESSAGE) || rpc_error_is(err, RPC_TOO_LARGE));
	}
	return taken;
}

/* Take the next message of the bytes, which arrive `step` at a time. */
static struct taken take(struct message_reader *reader, const char *bytes, size_t size, size_t step)
{
	struct taken taken = {.status = MESSAGE_MORE};

	for (size_t have = 0; have < size && taken.status == MESSAGE_MORE;) {
		struct message message;
		struct rpc_error err = {.text = ""};
		have = size - have < step ? size : have + step;
		taken = look_at(message_take(reader, bytes, have, &message, &err), &message, &err);
		require(taken.size <= have);
	}
	return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct message_reader whole, pieces;
	struct taken taken = {.status = MESSAGE_TAKEN};

	require(message_reader_init(&whole, &limits) == 0 && message_reader_init(&pieces, &limits) == 0);
	while (size > 0 && taken.status == MESSAGE_TAKEN) {
		const struct taken other = take(&pieces, bytes, size, 1);
		taken = take(&whole, bytes, size, size);
		require(taken.status == other.status && taken.size == other.size && taken.msgid == other.msgid &&
			taken.params == other.params);
		bytes += taken.size;
		size -= taken.size;
	}
	message_reader_free(&whole);
	message_reader_free(&pieces);
	return 0;
}

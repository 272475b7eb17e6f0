/* fuzz_frame.c - checks that the scanner and msgpack-c agree on where a value ends, however its bytes arrive. */
#include "config.h"

#include "fuzz.h"

#include "wire/frame.h"

#include <stdlib.h>

#include <msgpack.h>

const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED("\x94\x00\x01\xa5hello\x91\x83\xa6"
	      "client\xa4test\xa7version\xa3"
	      "0.1\xa8protocol\x01"),
    FUZZ_SEED(
	"\x94\x00\x02\xa7similar\x92\xadMade in Abyss\x82\xa5limit\xcd\x01\x00\xabmin_ratings\xce\x00\x01\x00\x00"),
    FUZZ_SEED("\x94\x01\xce\xff\xff\xff\xff\xc0\x82\xa5score\xcb\x40\x20\xd7\x0a\x3d\x70\xa3\xd7\xa5items\xdc\x00\x02"
	      "\xc2\xc3"),
    FUZZ_SEED("\x93\x02\xd9\x05"
	      "event\x91\xc4\x03"
	      "abc"),
    FUZZ_SEED("\x99\xd0\x80\xd1\x80\x00\xd2\x80\x00\x00\x00\xd3\x80\x00\x00\x00\x00\x00\x00\x00\xcc\xff\xcd\xff\xff\xcf"
	      "\xff\xff\xff\xff\xff\xff\xff\xff\xe0\xca\x3f\x80\x00\x00"),
    FUZZ_SEED(
	"\x98\xd4\x01.\xd5\x01..\xd6\x01....\xd7\x01........\xd8\x01................\xc7\x02\x01..\xc8\x00\x01\x01."
	"\xc9\x00\x00\x00\x01\x01."),
    FUZZ_SEED(
	"\xdd\x00\x00\x00\x01\xdf\x00\x00\x00\x01\xda\x00\x01k\xdb\x00\x00\x00\x02vv\xc5\x00\x00\xc6\x00\x00\x00\x00"),
    FUZZ_SEED("\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91"
	      "\x91\x91\x91\x91\x91\x91\x05"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

static void require(int holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct frame_limits limits = {.bytes = 1 << 16, .elements = 1 << 12, .depth = FRAME_MAX_DEPTH};
	struct frame_scanner whole;
	struct frame_scanner pieces;
	enum frame_status status;
	enum frame_status piecewise = FRAME_MORE;
	msgpack_unpacked unpacked;
	msgpack_unpack_return got;
	size_t end = 0;

	frame_scanner_init(&whole, &limits);
	status = frame_scan(&whole, data, size);
	require(whole.used <= size && whole.used <= limits.bytes && whole.elements <= limits.elements);

	frame_scanner_init(&pieces, &limits);
	for (size_t i = 1; i <= size && piecewise == FRAME_MORE; i++)
		piecewise = frame_scan(&pieces, data, i);
	require(piecewise == status && pieces.used == whole.used && pieces.elements == whole.elements);

	/* msgpack-c allocates as many elements as the bytes declare, so it never sees what the scanner refuses */
	if (status == FRAME_TOO_LARGE || status == FRAME_TOO_DEEP)
		return 0;
	msgpack_unpacked_init(&unpacked);
	got = msgpack_unpack_next(&unpacked, (const char *)data, size, &end);
	if (status == FRAME_DONE)
		require((got == MSGPACK_UNPACK_SUCCESS || got == MSGPACK_UNPACK_EXTRA_BYTES) && end == whole.used);
	else if (status == FRAME_MORE)
		require(got == MSGPACK_UNPACK_CONTINUE);
	else
		require(got == MSGPACK_UNPACK_PARSE_ERROR);
	msgpack_unpacked_destroy(&unpacked);
	return 0;
}

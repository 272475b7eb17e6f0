/* pack.c - packs entries of maps.  What the packer returns is ignored, since struct packed remembers that memory was
 * short. */
#include "config.h"

#include "base/pack.h"

#include <math.h>
#include <stdlib.h>

#include "wire/rpc.h"

static int write_packed(void *data, const char *bytes, size_t size)
{
	struct packed *packed = data;

	/* msgpack-c may pass NULL for an empty string */
	if (size > 0 && !packed->broken && msgpack_sbuffer_write(&packed->bytes, bytes, size) != 0)
		packed->broken = true;
	return packed->broken ? -1 : 0;
}

void packed_init(struct packed *packed)
{
	msgpack_sbuffer_init(&packed->bytes);
	msgpack_packer_init(&packed->packer, packed, write_packed);
	packed->broken = false;
}

void packed_free(struct packed *packed)
{
	msgpack_sbuffer_destroy(&packed->bytes);
}

void packed_append(struct packed *packed, const void *bytes, size_t size)
{
	(void)write_packed(packed, bytes, size);
}

void packed_cut(struct packed *packed, size_t size)
{
	packed->bytes.size = size;
	packed->broken = false;
}

void pack_key(msgpack_packer *packer, const char *key)
{
	rpc_pack_str(packer, key);
}

void pack_map(msgpack_packer *packer, const char *key, size_t n)
{
	pack_key(packer, key);
	(void)msgpack_pack_map(packer, n);
}

void pack_array(msgpack_packer *packer, const char *key, size_t n)
{
	pack_key(packer, key);
	(void)msgpack_pack_array(packer, n);
}

void pack_nil(msgpack_packer *packer, const char *key)
{
	pack_key(packer, key);
	(void)msgpack_pack_nil(packer);
}

void pack_flag(msgpack_packer *packer, const char *key, bool flag)
{
	pack_key(packer, key);
	(void)(flag ? msgpack_pack_true(packer) : msgpack_pack_false(packer));
}

void pack_int(msgpack_packer *packer, const char *key, int64_t number)
{
	pack_key(packer, key);
	(void)msgpack_pack_int64(packer, number);
}

void pack_uint(msgpack_packer *packer, const char *key, uint64_t number)
{
	pack_key(packer, key);
	(void)msgpack_pack_uint64(packer, number);
}

void pack_real(msgpack_packer *packer, const char *key, double number)
{
	pack_key(packer, key);
	(void)msgpack_pack_double(packer, number);
}

void pack_str(msgpack_packer *packer, const char *key, const char *text)
{
	pack_key(packer, key);
	rpc_pack_str(packer, text);
}

void pack_text(msgpack_packer *packer, const char *key, struct text text)
{
	pack_key(packer, key);
	(void)msgpack_pack_str_with_body(packer, text.bytes, text.length);
}

void pack_count(msgpack_packer *packer, const char *key, int64_t count)
{
	if (count > 0)
		pack_int(packer, key, count);
	else
		pack_nil(packer, key);
}

void pack_mean(msgpack_packer *packer, const char *key, double mean)
{
	if (mean != 0)
		pack_real(packer, key, mean);
	else
		pack_nil(packer, key);
}

void pack_finite(msgpack_packer *packer, const char *key, double number)
{
	if (isfinite(number))
		pack_real(packer, key, number);
	else
		pack_nil(packer, key);
}

void pack_str_or_nil(msgpack_packer *packer, const char *key, const char *text)
{
	if (text)
		pack_str(packer, key, text);
	else
		pack_nil(packer, key);
}

void pack_text_or_nil(msgpack_packer *packer, const char *key, struct text text)
{
	if (text.length > 0)
		pack_text(packer, key, text);
	else
		pack_nil(packer, key);
}

void pack_int_of(msgpack_packer *packer, const char *key, const char *digits)
{
	char *end = NULL;
	const long long number = digits ? strtoll(digits, &end, 10) : 0;

	if (digits && end != digits && *end == '\0')
		pack_int(packer, key, number);
	else
		pack_nil(packer, key);
}

void pack_real_of(msgpack_packer *packer, const char *key, const char *digits)
{
	char *end = NULL;
	const double number = digits ? strtod(digits, &end) : NAN;

	pack_finite(packer, key, end != digits && *end == '\0' ? number : NAN);
}

void pack_list(msgpack_packer *packer, const char *key, struct text list)
{
	struct text member;
	size_t n = 0;

	for (struct text rest = list; text_member(&rest, &member);)
		n++;
	pack_array(packer, key, n);
	for (struct text rest = list; text_member(&rest, &member);)
		(void)msgpack_pack_str_with_body(packer, member.bytes, member.length);
}

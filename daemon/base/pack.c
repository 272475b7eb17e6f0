/* pack.c - entries of maps, and values that may not be known. */
#include "config.h"

#include "base/pack.h"

#include <math.h>
#include <stdlib.h>

#include "wire/rpc.h"

void reply_key(msgpack_packer *packer, const char *key)
{
	rpc_pack_str(packer, key);
}

void reply_text(msgpack_packer *packer, struct text text)
{
	(void)msgpack_pack_str_with_body(packer, text.bytes, text.length);
}

void reply_text_or_nil(msgpack_packer *packer, const char *text)
{
	if (text)
		rpc_pack_str(packer, text);
	else
		(void)msgpack_pack_nil(packer);
}

void reply_count(msgpack_packer *packer, int64_t count)
{
	if (count > 0)
		(void)msgpack_pack_int64(packer, count);
	else
		(void)msgpack_pack_nil(packer);
}

void reply_mean(msgpack_packer *packer, double mean)
{
	if (mean != 0)
		(void)msgpack_pack_double(packer, mean);
	else
		(void)msgpack_pack_nil(packer);
}

void reply_number_or_nil(msgpack_packer *packer, const char *text)
{
	char *end = NULL;
	double number = text ? strtod(text, &end) : 0.0;

	if (text && end != text && *end == '\0' && isfinite(number))
		(void)msgpack_pack_double(packer, number);
	else
		(void)msgpack_pack_nil(packer);
}

void reply_integer_or_nil(msgpack_packer *packer, const char *text)
{
	char *end = NULL;
	long long number = text ? strtoll(text, &end, 10) : 0;

	if (text && end != text && *end == '\0')
		(void)msgpack_pack_int64(packer, number);
	else
		(void)msgpack_pack_nil(packer);
}

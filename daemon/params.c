/* params.c - texts, options and their checks. */
#include "config.h"

#include "params.h"

#include <inttypes.h>
#include <string.h>
#include <utf8proc.h>

/* The length of the character that `text` begins with, 0 where that is no UTF-8. */
static size_t character(struct text text)
{
	utf8proc_int32_t code;
	utf8proc_ssize_t n =
	    utf8proc_iterate((const utf8proc_uint8_t *)text.bytes, (utf8proc_ssize_t)text.length, &code);

	return n > 0 && code >= 0 ? (size_t)n : 0;
}

static bool is_utf8(struct text text)
{
	while (text.length > 0) {
		size_t n = character(text);
		if (n == 0)
			return false;
		text.bytes += n;
		text.length -= n;
	}
	return true;
}

void text_quote(struct text text, char out[QUOTE_SIZE])
{
	static const char cut[] = "...";
	const size_t room = QUOTE_SIZE - sizeof cut - 2; /* the quotes beside */
	size_t used = 0;

	out[used++] = '"';
	while (text.length > 0) {
		size_t n = character(text);
		size_t step = n ? n : 1;
		if (used + step > room) {
			memcpy(out + used, cut, sizeof cut - 1);
			used += sizeof cut - 1;
			break;
		}
		if (n == 0 || (n == 1 && ((unsigned char)*text.bytes < 0x20 || *text.bytes == 0x7f)))
			out[used++] = n ? ' ' : '?';
		else {
			memcpy(out + used, text.bytes, n);
			used += n;
		}
		text.bytes += step;
		text.length -= step;
	}
	out[used++] = '"';
	out[used] = '\0';
}

int param_text(struct request *request, uint32_t i, const char *what, struct text *out)
{
	const msgpack_object *object = &request->params[i];
	struct rpc_error *err = &request->err;

	if (object->type == MSGPACK_OBJECT_STR)
		*out = (struct text){object->via.str.ptr, object->via.str.size};
	else if (object->type == MSGPACK_OBJECT_BIN)
		*out = (struct text){object->via.bin.ptr, object->via.bin.size};
	else
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS, "parameter %u, the %s, must be a string",
				(unsigned)i + 1, what);
	if (out->length == 0)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS, "parameter %u, the %s, is empty",
				(unsigned)i + 1, what);
	if (out->length > TEXT_MAX)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"parameter %u, the %s, has %zu bytes; at most %d are allowed", (unsigned)i + 1, what,
				out->length, TEXT_MAX);
	if (!is_utf8(*out))
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS, "parameter %u, the %s, is not UTF-8",
				(unsigned)i + 1, what);
	return 0;
}

static int fail_unknown(struct request *request, const msgpack_object *key, const struct option *options, size_t n)
{
	char known[256], quoted[QUOTE_SIZE];
	size_t used = 0;

	if (key->type != MSGPACK_OBJECT_STR)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"the keys of the options must be strings");
	known[0] = '\0';
	for (size_t i = 0; i < n && used < sizeof known; i++)
		used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", options[i].name);
	text_quote((struct text){key->via.str.ptr, key->via.str.size}, quoted);
	return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS, "there is no option %s; there are %s", quoted,
			known);
}

static int read_option(struct request *request, const msgpack_object *value, struct option *option)
{
	bool positive = value->type == MSGPACK_OBJECT_POSITIVE_INTEGER;
	bool fits = (positive && value->via.u64 <= INT64_MAX) || value->type == MSGPACK_OBJECT_NEGATIVE_INTEGER;
	int64_t number = !fits ? 0 : positive ? (int64_t)value->via.u64 : value->via.i64;

	if (fits && number >= option->min && number <= option->max) {
		option->value = number;
		return 0;
	}
	if (option->max == INT64_MAX)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"the option \"%s\" must be an integer of at least %" PRId64, option->name, option->min);
	return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
			"the option \"%s\" must be an integer from %" PRId64 " to %" PRId64, option->name, option->min,
			option->max);
}

int param_options(struct request *request, uint32_t i, struct option *options, size_t n)
{
	const msgpack_object *object = &request->params[i];

	if (i >= request->n_params || (object->type == MSGPACK_OBJECT_ARRAY && object->via.array.size == 0))
		return 0;
	if (object->type != MSGPACK_OBJECT_MAP)
		return rpc_fail(&request->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS,
				"parameter %u, the options, must be a map", (unsigned)i + 1);
	for (uint32_t e = 0; e < object->via.map.size; e++) {
		const msgpack_object_kv *entry = &object->via.map.ptr[e];
		size_t o = 0;
		while (o < n && !rpc_str_is(&entry->key, options[o].name))
			o++;
		if (o == n)
			return fail_unknown(request, &entry->key, options, n);
		if (read_option(request, &entry->val, &options[o]) < 0)
			return -1;
	}
	return 0;
}

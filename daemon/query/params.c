/* params.c - reads texts, numbers and options, and checks them. */
#include "config.h"

#include "query/params.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/spelling.h"

/* How many options an error names at most. */
#define OPTIONS_MAX 32

int question_refuse(struct question *question, const char *fmt, ...)
{
	char text[1536];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_BAD_PARAMS, "%s", text);
}

int question_out_of_memory(struct question *question)
{
	return rpc_fail(&question->err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory");
}

bool param_bytes(const msgpack_object *object, struct text *out)
{
	if (object->type == MSGPACK_OBJECT_STR)
		*out = (struct text){object->via.str.ptr, object->via.str.size};
	else if (object->type == MSGPACK_OBJECT_BIN)
		*out = (struct text){object->via.bin.ptr, object->via.bin.size};
	else
		return false;
	return true;
}

int param_text(struct question *question, const msgpack_object *object, const char *what, struct text *out)
{
	if (!param_bytes(object, out))
		return question_refuse(question, "%s must be a string", what);
	if (out->length > TEXT_MAX)
		return question_refuse(question, "%s has %zu bytes; at most %d are allowed", what, out->length,
				       TEXT_MAX);
	if (!text_is_utf8(*out))
		return question_refuse(question, "%s is not UTF-8", what);
	if (text_is_blank(*out))
		return question_refuse(question, "%s is empty", what);
	return 0;
}

int param_integer(struct question *question, const msgpack_object *object, const char *what, int64_t min, int64_t max,
		  int64_t *out)
{
	const bool positive = object->type == MSGPACK_OBJECT_POSITIVE_INTEGER;
	const bool fits = (positive && object->via.u64 <= INT64_MAX) || object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER;
	const int64_t number = !fits ? 0 : positive ? (int64_t)object->via.u64 : object->via.i64;

	if (fits && number >= min && number <= max) {
		*out = number;
		return 0;
	}
	if (max == INT64_MAX)
		return question_refuse(question, "%s must be an integer of at least %" PRId64, what, min);
	return question_refuse(question, "%s must be an integer from %" PRId64 " to %" PRId64, what, min, max);
}

int param_real(struct question *question, const msgpack_object *object, const char *what, double min, double max,
	       double *out)
{
	double number = NAN;

	if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
		number = (double)object->via.u64;
	else if (object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
		number = (double)object->via.i64;
	else if (object->type == MSGPACK_OBJECT_FLOAT32 || object->type == MSGPACK_OBJECT_FLOAT64)
		number = object->via.f64;
	if (isfinite(number) && number >= min && number <= max) {
		*out = number;
		return 0;
	}
	if (max >= DBL_MAX)
		return question_refuse(question, "%s must be a number of at least %g", what, min);
	return question_refuse(question, "%s must be a number from %g to %g", what, min, max);
}

int param_flag(struct question *question, const msgpack_object *object, const char *what, bool *out)
{
	if (object->type == MSGPACK_OBJECT_BOOLEAN)
		*out = object->via.boolean;
	else if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER && object->via.u64 <= 1)
		*out = object->via.u64 == 1;
	else
		return question_refuse(question, "%s must be true or false", what);
	return 0;
}

/* Refuse an unknown option, and name the options that there are and the one that may have been meant. */
static int fail_unknown(struct question *question, const msgpack_object *key, const struct param_option *rows, size_t n,
			unsigned takers)
{
	const char *names[OPTIONS_MAX], *meant;
	char known[512] = "", quoted[QUOTE_SIZE], word[64], hint[96] = "";
	size_t used = 0, n_names = 0;
	struct text typed;

	if (!param_bytes(key, &typed))
		return question_refuse(question, "the keys of the options must be strings");
	for (size_t i = 0; i < n && n_names < OPTIONS_MAX; i++) {
		if (!(rows[i].takers & takers))
			continue;
		names[n_names++] = rows[i].name;
		if (used < sizeof known)
			used +=
			    (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", rows[i].name);
	}
	(void)snprintf(word, sizeof word, "%.*s", (int)(typed.length < 60 ? typed.length : 60), typed.bytes);
	meant = nearest_word(word, names, n_names);
	if (meant)
		(void)snprintf(hint, sizeof hint, "; did you mean \"%s\"?", meant);
	text_quote(typed, quoted);
	return question_refuse(question, "there is no option %s; there are %s%s", quoted, known, hint);
}

int param_options(struct question *question, uint32_t i, const struct param_option *rows, size_t n, unsigned takers,
		  void *to)
{
	const msgpack_object *object = i < question->n_params ? &question->params[i] : NULL;
	char what[64];

	if (!object || (object->type == MSGPACK_OBJECT_ARRAY && object->via.array.size == 0))
		return 0;
	if (object->type != MSGPACK_OBJECT_MAP)
		return question_refuse(question, "parameter %u, the options, must be a map", (unsigned)i + 1);
	for (uint32_t e = 0; e < object->via.map.size; e++) {
		const msgpack_object_kv *entry = &object->via.map.ptr[e];
		size_t o = 0;
		while (o < n && !((rows[o].takers & takers) && rpc_str_is(&entry->key, rows[o].name)))
			o++;
		if (o == n)
			return fail_unknown(question, &entry->key, rows, n, takers);
		(void)snprintf(what, sizeof what, "the option \"%s\"", rows[o].name);
		if (rows[o].read(question, &entry->val, what, to) < 0)
			return -1;
	}
	return 0;
}

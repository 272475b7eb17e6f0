/* ctl.c - calls the daemon for the commands, and reads its results. */
#include "config.h"

#include "ctl/ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/string-stream.h"
#include "ctl/choose.h"
#include "ctl/json.h"
#include "ctl/memory.h"
#include "ctl/repair.h"
#include "wire/rpc.h"

char *ctl_words(const struct ctl *ctl, int first)
{
	struct string_stream stream;
	FILE *out = string_stream_open(&stream);

	for (int i = first; out && i < ctl->argc; i++)
		(void)fprintf(out, "%s%s", i > first ? " " : "", ctl->argv[i]);
	return memory_take(string_stream_close(&stream));
}

static int pack_bytes(void *params, const char *bytes, size_t n)
{
	if (msgpack_sbuffer_write(params, bytes, n) != 0)
		memory_is_short();
	return 0;
}

void ctl_pack_params(msgpack_packer *packer, msgpack_sbuffer *params)
{
	msgpack_sbuffer_init(params);
	msgpack_packer_init(packer, params, pack_bytes);
}

void ctl_pack_item(msgpack_packer *packer, const char *text)
{
	char *end;

	if (strncmp(text, "id:", 3) == 0 && text[3]) {
		errno = 0;
		int64_t id = strtoll(text + 3, &end, 10);
		if (errno == 0 && *end == '\0') {
			msgpack_pack_int64(packer, id);
			return;
		}
	}
	rpc_pack_str(packer, text);
}

void ctl_pack_key(msgpack_packer *packer, const char *name)
{
	char key[64];
	size_t n = 0;

	for (; name[n] && n < sizeof key - 1; n++)
		key[n] = name[n] == '-' ? '_' : name[n];
	key[n] = '\0';
	rpc_pack_str(packer, key);
}

enum ctl_exit ctl_say_error(const struct ctl *ctl, const struct animeclient_error *err)
{
	char path[4096], *text;
	enum ctl_exit status = CTL_BROKEN;

	if (err->status == ANIMECLIENT_NO_DAEMON) {
		animeclient_socket_path(ctl->socket, path, sizeof path);
		(void)fprintf(stderr, "animectl: no daemon at %s; start it with: animed\n", path);
		status = CTL_NO_DAEMON;
	} else {
		text = memory_take(text_repair(err->text, strlen(err->text), true));
		(void)fprintf(stderr, "animectl: %s\n", text);
		free(text);
		if (err->status == ANIMECLIENT_CANNOT_CONNECT)
			status = CTL_NO_DAEMON;
		else if (err->status == ANIMECLIENT_REFUSED)
			status = CTL_REFUSED;
		else if (err->status == ANIMECLIENT_FAILED)
			status = CTL_FAILED;
	}
	return status;
}

enum ctl_exit ctl_call(const struct ctl *ctl, const char *method, const msgpack_sbuffer *params,
		       void (*print)(const struct ctl *ctl, const msgpack_object *result))
{
	struct animeclient *client;
	struct animeclient_error err;
	const msgpack_object *result;
	enum ctl_exit status = CTL_OK;

	if (animeclient_connect(ctl->socket, &client, &err) < 0)
		return ctl_say_error(ctl, &err);
	if (choose_call(!ctl->json, client, method, params, &result, &err) < 0) {
		status = ctl_say_error(ctl, &err);
	} else if (ctl->json) {
		(void)json_print(result, stdout); /* main() reports that writing failed */
	} else {
		print(ctl, result);
	}
	animeclient_close(client);
	return status;
}

const msgpack_object *ctl_get(const msgpack_object *map, const char *key)
{
	static const msgpack_object nil = {.type = MSGPACK_OBJECT_NIL};
	const msgpack_object *value = rpc_map_get(map, key);

	return value ? value : &nil;
}

bool ctl_is_nil(const msgpack_object *object)
{
	return object->type == MSGPACK_OBJECT_NIL;
}

bool ctl_is_true(const msgpack_object *object)
{
	return object->type == MSGPACK_OBJECT_BOOLEAN && object->via.boolean;
}

int64_t ctl_int(const msgpack_object *object)
{
	if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER || object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
		return object->via.i64;
	return 0;
}

double ctl_real(const msgpack_object *object)
{
	if (object->type == MSGPACK_OBJECT_FLOAT32 || object->type == MSGPACK_OBJECT_FLOAT64)
		return object->via.f64;
	return (double)ctl_int(object);
}

char *ctl_text(const msgpack_object *object)
{
	if (object->type != MSGPACK_OBJECT_STR)
		return memory_take(strdup(""));
	return memory_take(text_repair(object->via.str.ptr, object->via.str.size, true));
}

char *ctl_list(const msgpack_object *array)
{
	struct string_stream stream;
	FILE *out = string_stream_open(&stream);

	for (uint32_t i = 0; out && array->type == MSGPACK_OBJECT_ARRAY && i < array->via.array.size; i++) {
		char *text = ctl_text(&array->via.array.ptr[i]);
		(void)fprintf(out, "%s%s", i ? ", " : "", text);
		free(text);
	}
	return memory_take(string_stream_close(&stream));
}

char *ctl_item_name(const msgpack_object *item)
{
	char *title = ctl_text(ctl_get(item, "title")), *type = ctl_text(ctl_get(item, "type"));
	const int64_t year = ctl_int(ctl_get(item, "year"));
	char in_year[32] = "";

	if (year)
		(void)snprintf(in_year, sizeof in_year, ", %" PRId64, year);
	char *out = memory_format("%s (id:%" PRId64 "%s%s%s)", title, ctl_int(ctl_get(item, "id")), *type ? ", " : "",
				  type, in_year);
	free(title);
	free(type);
	return out;
}

/* Returns ', nearest to "TEXT"' where the item was matched by a guess, else "".  Frees the text. */
static char *guess_of(const msgpack_object *matched, char *typed)
{
	char *out =
	    rpc_str_is(matched, "fuzzy") ? memory_format(", nearest to \"%s\"", typed) : memory_format("%s", "");

	free(typed);
	return out;
}

/* Join two strings, and free them. */
static char *join(char *name, char *guess)
{
	char *out = memory_format("%s%s", name, guess);

	free(name);
	free(guess);
	return out;
}

char *ctl_guess(const msgpack_object *item)
{
	return guess_of(ctl_get(item, "matched"), ctl_text(ctl_get(item, "typed")));
}

char *ctl_found_name(const msgpack_object *item)
{
	return join(ctl_item_name(item), ctl_guess(item));
}

char *ctl_matched_name(const msgpack_object *result, const char *typed)
{
	char *text = memory_take(text_repair(typed, strlen(typed), true));

	return join(ctl_item_name(ctl_get(result, "item")), guess_of(ctl_get(result, "matched"), text));
}

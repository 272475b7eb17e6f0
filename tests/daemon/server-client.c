/* server-client.c - a client that speaks to the daemon in bytes, and to the tests in JSON. */
#include "config.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server-fixture.h"

struct client *client_open(void)
{
	struct client *client = calloc(1, sizeof *client);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = 30};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert(client && msgpack_unpacker_init(&client->unpacker, 4096));
	ck_assert_int_ge(fd, 0);
	ck_assert_uint_lt(strlen(fixture.socket), sizeof address.sun_path);
	memcpy(address.sun_path, fixture.socket, strlen(fixture.socket));
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
	ck_assert_msg(connect(fd, (const struct sockaddr *)&address, sizeof address) == 0, "connect: %s",
		      strerror(errno));
	client->fd = fd;
	return client;
}

void client_close(struct client *client)
{
	close(client->fd);
	msgpack_unpacker_destroy(&client->unpacker);
	free(client);
}

void client_write(struct client *client, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t n = send(client->fd, at, size, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		ck_assert_msg(n > 0, "send: %s", strerror(errno));
		at += n;
		size -= (size_t)n;
	}
}

void pack_json(msgpack_packer *packer, const json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;

	switch (json_typeof(json)) {
	case JSON_OBJECT:
		msgpack_pack_map(packer, json_object_size(json));
		json_object_foreach((json_t *)(uintptr_t)json, key, value)
		{
			rpc_pack_str(packer, key);
			pack_json(packer, value);
		}
		break;
	case JSON_ARRAY:
		msgpack_pack_array(packer, json_array_size(json));
		json_array_foreach(json, i, value) pack_json(packer, value);
		break;
	case JSON_STRING:
		msgpack_pack_str_with_body(packer, json_string_value(json), json_string_length(json));
		break;
	case JSON_INTEGER:
		msgpack_pack_int64(packer, json_integer_value(json));
		break;
	case JSON_REAL:
		msgpack_pack_double(packer, json_real_value(json));
		break;
	case JSON_TRUE:
		msgpack_pack_true(packer);
		break;
	case JSON_FALSE:
		msgpack_pack_false(packer);
		break;
	case JSON_NULL:
		msgpack_pack_nil(packer);
		break;
	}
}

json_t *to_json(const msgpack_object *object)
{
	json_t *json;

	switch (object->type) {
	case MSGPACK_OBJECT_BOOLEAN:
		return json_boolean(object->via.boolean);
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		return json_integer(object->via.i64);
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		return json_real(object->via.f64);
	case MSGPACK_OBJECT_STR:
		/* msgpack-c may give an empty string no address */
		json = json_stringn(object->via.str.size ? object->via.str.ptr : "", object->via.str.size);
		ck_assert_msg(json != NULL, "a string from the daemon is not UTF-8");
		return json;
	case MSGPACK_OBJECT_ARRAY:
		json = json_array();
		for (uint32_t i = 0; i < object->via.array.size; i++)
			json_array_append_new(json, to_json(&object->via.array.ptr[i]));
		return json;
	case MSGPACK_OBJECT_MAP:
		json = json_object();
		for (uint32_t i = 0; i < object->via.map.size; i++) {
			const msgpack_object_kv *entry = &object->via.map.ptr[i];
			ck_assert_int_eq(entry->key.type, MSGPACK_OBJECT_STR);
			json_object_setn_new(json, entry->key.via.str.ptr, entry->key.via.str.size,
					     to_json(&entry->val));
		}
		return json;
	default:
		ck_assert_int_eq(object->type, MSGPACK_OBJECT_NIL);
		return json_null();
	}
}

void pack_request(msgpack_sbuffer *out, uint32_t msgid, const char *method, const char *params)
{
	json_error_t why;
	json_t *json = json_loads(params, JSON_ALLOW_NUL, &why);
	msgpack_packer packer;

	ck_assert_msg(json != NULL, "%s: %s", params, why.text);
	msgpack_packer_init(&packer, out, msgpack_sbuffer_write);
	rpc_pack_request(&packer, msgid, method);
	pack_json(&packer, json);
	json_decref(json);
}

void client_send(struct client *client, uint32_t msgid, const char *method, const char *params)
{
	msgpack_sbuffer out;

	msgpack_sbuffer_init(&out);
	pack_request(&out, msgid, method, params);
	client_write(client, out.data, out.size);
	msgpack_sbuffer_destroy(&out);
}

json_t *client_receive(struct client *client)
{
	msgpack_unpacked unpacked;
	json_t *json;

	msgpack_unpacked_init(&unpacked);
	while (msgpack_unpacker_next(&client->unpacker, &unpacked) != MSGPACK_UNPACK_SUCCESS) {
		ck_assert(msgpack_unpacker_reserve_buffer(&client->unpacker, 4096));
		ssize_t n = recv(client->fd, msgpack_unpacker_buffer(&client->unpacker), 4096, 0);
		ck_assert_msg(n >= 0 || errno == ECONNRESET, "recv: %s", strerror(errno));
		if (n <= 0) {
			msgpack_unpacked_destroy(&unpacked);
			return NULL;
		}
		msgpack_unpacker_buffer_consumed(&client->unpacker, (size_t)n);
	}
	json = to_json(&unpacked.data);
	msgpack_unpacked_destroy(&unpacked);
	return json;
}

void expect_end(struct client *client)
{
	json_t *json = client_receive(client);

	ck_assert_msg(json == NULL, "there is an answer where the end should be");
}

static void check_head(const json_t *response, uint32_t msgid)
{
	ck_assert_msg(response != NULL, "the connection ended");
	ck_assert_uint_eq(json_array_size(response), 4);
	ck_assert_int_eq(json_integer_value(json_array_get(response, 0)), RPC_RESPONSE);
	ck_assert_int_eq(json_integer_value(json_array_get(response, 1)), msgid);
}

json_t *expect_result(json_t *response, uint32_t msgid)
{
	check_head(response, msgid);
	ck_assert_msg(json_is_null(json_array_get(response, 2)), "error: %s",
		      json_string_value(json_array_get(json_array_get(response, 2), 1)));
	json_t *result = json_incref(json_array_get(response, 3));
	json_decref(response);
	return result;
}

void expect_error(json_t *response, uint32_t msgid, int class, const char *name, const char *part)
{
	check_head(response, msgid);
	const json_t *error = json_array_get(response, 2);
	const char *text = json_string_value(json_array_get(error, 1));
	ck_assert_msg(text != NULL, "no error where there should be one: %s", name);
	ck_assert_uint_eq(json_array_size(error), 2);
	ck_assert_int_eq(json_integer_value(json_array_get(error, 0)), class);
	ck_assert_msg(strncmp(text, name, strlen(name)) == 0 && strncmp(text + strlen(name), ": ", 2) == 0,
		      "\"%s\" is no %s", text, name);
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" is not in \"%s\"", part, text);
	ck_assert(json_is_null(json_array_get(response, 3)));
	json_decref(response);
}

json_t *ask(const char *method, const char *params)
{
	struct client *client = client_open();

	client_send(client, 77, method, params);
	json_t *result = expect_result(client_receive(client), 77);
	client_close(client);
	return result;
}

void ask_fails(const char *method, const char *params, int class, const char *name, const char *part)
{
	struct client *client = client_open();

	client_send(client, 78, method, params);
	expect_error(client_receive(client), 78, class, name, part);
	client_close(client);
}

const char *str_at(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_string(value), "%s is no string", key);
	return json_string_value(value);
}

json_int_t int_at(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_integer(value), "%s is no integer", key);
	return json_integer_value(value);
}

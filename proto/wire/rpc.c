/* rpc.c - turns MessagePack-RPC messages and errors into msgpack-c objects, and back. */
#include "config.h"

#include "wire/rpc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Shorten `text`, whose first `length` bytes are kept, by a character that was cut in two: a string on the wire has to
 * be UTF-8. */
static void cut_text(char *text, size_t length)
{
	size_t start = length;

	while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0) {
		unsigned char lead = (unsigned char)text[start - 1];
		size_t whole = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
		if (length - (start - 1) < whole)
			length = start - 1;
	}
	text[length] = '\0';
}

int rpc_fail(struct rpc_error *err, enum rpc_class class, const char *name, const char *fmt, ...)
{
	size_t size = sizeof err->text;
	size_t head;
	int length;
	va_list ap;

	err->class = class;
	length = snprintf(err->text, size, "%s: ", name);
	head = length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
	va_start(ap, fmt);
	length = vsnprintf(err->text + head, size - head, fmt, ap);
	va_end(ap);
	if (length < 0)
		err->text[head] = '\0';
	else if ((size_t)length >= size - head)
		cut_text(err->text, size - 1);
	return -1;
}

bool rpc_error_is(const struct rpc_error *err, const char *name)
{
	size_t length = strlen(name);

	return strncmp(err->text, name, length) == 0 && err->text[length] == ':';
}

/* The items of an array that has `count` of them.  Where it has not, returns NULL and fills err. */
static const msgpack_object *expect_items(const msgpack_object_array *array, uint32_t count, const char *what,
					  struct rpc_error *err)
{
	if (array->size == count)
		return array->ptr;
	(void)rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE, "a %s has %u elements, this one has %u", what, count,
		       array->size);
	return NULL;
}

static int decode_msgid(const msgpack_object *object, struct rpc_message *message, struct rpc_error *err)
{
	if (object->type != MSGPACK_OBJECT_POSITIVE_INTEGER || object->via.u64 > UINT32_MAX)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE,
				"the message id has to be an integer from 0 to 4294967295");
	message->msgid = (uint32_t)object->via.u64;
	return 0;
}

/* Decode method and params, with which requests and notifications end. */
static int decode_call(const msgpack_object *items, struct rpc_message *message, struct rpc_error *err)
{
	if (items[0].type != MSGPACK_OBJECT_STR && items[0].type != MSGPACK_OBJECT_BIN)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE, "the method has to be a string");
	if (items[1].type != MSGPACK_OBJECT_ARRAY)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE, "the params have to be an array");
	message->method = items[0];
	if (items[0].type == MSGPACK_OBJECT_BIN)
		message->method = (msgpack_object){.type = MSGPACK_OBJECT_STR,
						   .via.str = {items[0].via.bin.size, items[0].via.bin.ptr}};
	message->params = items[1];
	return 0;
}

int rpc_decode(const msgpack_object *object, struct rpc_message *message, struct rpc_error *err)
{
	const msgpack_object_array *array = &object->via.array;
	const msgpack_object *items;

	*message = (struct rpc_message){.msgid = 0};
	if (object->type != MSGPACK_OBJECT_ARRAY || array->size == 0)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE,
				"a message has to be an array that starts with its type");
	if (array->ptr[0].type != MSGPACK_OBJECT_POSITIVE_INTEGER || array->ptr[0].via.u64 > RPC_NOTIFICATION)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_BAD_MESSAGE,
				"the type of a message has to be 0 (request), 1 (response) or 2 (notification)");
	message->type = (enum rpc_type)array->ptr[0].via.u64;
	switch (message->type) {
	case RPC_REQUEST:
		items = expect_items(array, 4, "request", err);
		if (items == NULL || decode_msgid(&items[1], message, err) != 0)
			return -1;
		return decode_call(&items[2], message, err);
	case RPC_RESPONSE:
		items = expect_items(array, 4, "response", err);
		if (items == NULL || decode_msgid(&items[1], message, err) != 0)
			return -1;
		message->error = items[2];
		message->result = items[3];
		return 0;
	case RPC_NOTIFICATION:
		break;
	}
	items = expect_items(array, 3, "notification", err);
	return items == NULL ? -1 : decode_call(&items[1], message, err);
}

/* Copy a string as it is, as far as it fits. */
static void take_text(const msgpack_object_str *str, struct rpc_error *err)
{
	size_t size = sizeof err->text;
	size_t length = str->size < size ? str->size : size - 1;

	memcpy(err->text, str->ptr, length);
	if (length < str->size)
		cut_text(err->text, length);
	else
		err->text[length] = '\0';
}

void rpc_decode_error(const msgpack_object *object, struct rpc_error *err)
{
	const msgpack_object_array *array = &object->via.array;

	*err = (struct rpc_error){.class = RPC_DAEMON_ERROR};
	if (object->type == MSGPACK_OBJECT_STR && object->via.str.size > 0) {
		take_text(&object->via.str, err);
	} else if (object->type == MSGPACK_OBJECT_ARRAY && array->size == 2 &&
		   array->ptr[0].type == MSGPACK_OBJECT_POSITIVE_INTEGER && array->ptr[1].type == MSGPACK_OBJECT_STR &&
		   array->ptr[1].via.str.size > 0) {
		if (array->ptr[0].via.u64 == RPC_REQUEST_ERROR)
			err->class = RPC_REQUEST_ERROR;
		take_text(&array->ptr[1].via.str, err);
	}
	if (err->text[0] == '\0')
		(void)rpc_fail(err, RPC_DAEMON_ERROR, RPC_INTERNAL, "the error came without a text");
}

void rpc_pack_request(msgpack_packer *packer, uint32_t msgid, const char *method)
{
	msgpack_pack_array(packer, 4);
	msgpack_pack_uint8(packer, RPC_REQUEST);
	msgpack_pack_uint32(packer, msgid);
	rpc_pack_str(packer, method);
}

void rpc_pack_notification(msgpack_packer *packer, const char *method)
{
	msgpack_pack_array(packer, 3);
	msgpack_pack_uint8(packer, RPC_NOTIFICATION);
	rpc_pack_str(packer, method);
}

void rpc_pack_result(msgpack_packer *packer, uint32_t msgid)
{
	msgpack_pack_array(packer, 4);
	msgpack_pack_uint8(packer, RPC_RESPONSE);
	msgpack_pack_uint32(packer, msgid);
	msgpack_pack_nil(packer);
}

void rpc_pack_error(msgpack_packer *packer, uint32_t msgid, const struct rpc_error *err)
{
	msgpack_pack_array(packer, 4);
	msgpack_pack_uint8(packer, RPC_RESPONSE);
	msgpack_pack_uint32(packer, msgid);
	msgpack_pack_array(packer, 2);
	msgpack_pack_uint8(packer, (uint8_t)err->class);
	rpc_pack_str(packer, err->text);
	msgpack_pack_nil(packer);
}

void rpc_pack_str(msgpack_packer *packer, const char *text)
{
	size_t length = strlen(text);

	msgpack_pack_str(packer, length);
	msgpack_pack_str_body(packer, text, length);
}

const msgpack_object *rpc_map_get(const msgpack_object *map, const char *key)
{
	if (map == NULL || map->type != MSGPACK_OBJECT_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->via.map.size; i++) {
		if (rpc_str_is(&map->via.map.ptr[i].key, key))
			return &map->via.map.ptr[i].val;
	}
	return NULL;
}

bool rpc_str_is(const msgpack_object *object, const char *text)
{
	const size_t length = strlen(text);

	if (object != NULL && object->type == MSGPACK_OBJECT_BIN)
		return object->via.bin.size == length && memcmp(object->via.bin.ptr, text, length) == 0;
	return object != NULL && object->type == MSGPACK_OBJECT_STR && object->via.str.size == length &&
	       memcmp(object->via.str.ptr, text, length) == 0;
}

/* check_tensors.c - what the similarity "corating" refuses to open. */
#include "config.h"

#include "corating-world.h"
#include "hosts.h"
#include "scratch.h"

static struct world world;

enum how { MISSING, OF_ANOTHER_TYPE, SHORT, LONG, SET, LEFT_AT_ZERO };

struct fault {
	const char *tensor;
	enum how how;
	int64_t at; /* SET: this element, from the end if negative, becomes `value` */
	uint64_t value;
	const char *error; /* a part of it */
};

static const struct fault faults[] = {
    {"offsets", MISSING, 0, 0, "the tensor \"offsets\" is missing"},
    {"items", SHORT, 0, 0, "the tensor \"items\" has "},
    {"items", SET, 2, ITEMS, "has item 60"},
    {"ratings", MISSING, 0, 0, "the tensor \"ratings\" is missing"},
    {"ratings", SHORT, 0, 0, "the tensor \"ratings\" has 59 values, and needs 60"},
    {"content", LONG, 0, 0, "the tensor \"content\" has 61 values, and needs 60"},
    {"known", OF_ANOTHER_TYPE, 0, 0, "the tensor \"known\" must be of type F32"},
    {"genres.offsets", MISSING, 0, 0, "the tensor \"genres.offsets\" is missing"},
    {"genres.offsets", SHORT, 0, 0, "the tensor \"genres.offsets\" has 60 values, and needs 61"},
    {"genres.offsets", SET, 0, 1, "the tensor \"genres.offsets\" must begin with 0"},
    {"genres.offsets", SET, 7, UINT64_C(1) << 60, "the tensor \"genres.offsets\" does not ascend at 7"},
    {"genres.offsets", SET, -1, 1 << 20, "the tensor \"genres.items\" has "},
    {"genres.items", SET, 4, 99, "the tensor \"genres.items\" has number 99 in row 1, of "},
    {"genres.items", SET, 1, 0, "the tensor \"genres.items\" does not ascend in row 0"},
    {"genres.values", LONG, 0, 0, "the tensor \"genres.values\" has "},
    {"genres.names.bytes", SHORT, 0, 0, "the tensor \"genres.names.bytes\" has "},
    {"genres.names.offsets", MISSING, 0, 0, "the tensor \"genres.names.offsets\" is missing"},
    {"genres.names.offsets", LEFT_AT_ZERO, 0, 0, "the tensor \"genres.names.offsets\" has 0 values"},
    {"genres.names.offsets", OF_ANOTHER_TYPE, 0, 0, "the tensor \"genres.names.offsets\" must be of type U64"},
    {"genres.names.offsets", SET, 3, 0, "the tensor \"genres.names.offsets\" does not ascend at 2"},
    {"words.items", MISSING, 0, 0, "the tensor \"words.items\" is missing"},
    {"words.items", SET, -1, 1 << 30, "the tensor \"words.items\" has number 1073741824 in row 57, of "},
    {"words.values", OF_ANOTHER_TYPE, 0, 0, "the tensor \"words.values\" must be of type F32"},
    {"words.names.bytes", LONG, 0, 0, "the tensor \"words.names.bytes\" has "},
    {"words.names.offsets", SHORT, 0, 0, "the tensor \"words."},
    /* numbers that nobody learns: 3e38, and -1 where there is nothing below 0 */
    {"values", SET, 5, 0x7f61b1e6, "the tensor \"values\" has 3e+38 at 5, which nobody learns"},
    {"content", SET, 3, 0x7f61b1e6, "the tensor \"content\" has 3e+38 at 3"},
    {"known", SET, 59, 0xbf800000, "the tensor \"known\" has -1 at 59"},
    {"words.values", SET, 0, 0xbf800000, "the tensor \"words.values\" has -1 at 0"},
    {"genres.names.bytes", SET, 0, 0xff, "the tensor \"genres.names.bytes\" is not UTF-8 in name 0"},
};

/* Change a copy of the tensor.  Returns the copy of its memory, or NULL. */
static void *spoil(struct animed_tensor *tensor, const struct fault *fault)
{
	const size_t size = tensor_size(tensor), each = size / tensor->n;
	char *copy;

	switch (fault->how) {
	case MISSING:
		tensor->name = "something_else";
		return NULL;
	case OF_ANOTHER_TYPE:
		tensor->dtype = ANIMED_U8;
		return NULL;
	case SHORT:
		tensor->n--;
		return NULL;
	case LEFT_AT_ZERO:
		tensor->n = 0;
		return NULL;
	case LONG:
		copy = calloc(1, size + each);
		memcpy(copy, tensor->data, size);
		tensor->n++;
		break;
	default:
		copy = malloc(size);
		memcpy(copy, tensor->data, size);
		memcpy(copy + each * (fault->at < 0 ? tensor->n - (uint64_t)-fault->at : (uint64_t)fault->at),
		       &fault->value, each);
	}
	tensor->data = copy;
	return copy;
}

START_TEST(malformed_tensors_are_refused)
{
	const struct fault *fault = &faults[_i];
	const struct animed_host host = host_with(1);
	struct animed_tensor tensors[32];
	void *index, *copy = NULL;

	plugin_load();
	world_make(&world, 1, 10);
	struct taught taught = teach(&world, 1);
	const size_t n = taught.learnt.tensors.n;
	ck_assert_uint_le(n, 32);
	for (size_t t = 0; t < n; t++) {
		tensors[t] = taught.learnt.tensors.at[t];
		if (strcmp(tensors[t].name, fault->tensor) == 0)
			copy = spoil(&tensors[t], fault);
	}
	const struct animed_similarity_input input = {
	    .vectors = {.n = ITEMS, .ids = world.ids}, .items = world.items, .learnt = {n, tensors}};
	ck_assert_int_eq(ops->open(values, &input, &host, &index, &err), -1);
	ck_assert_msg(strstr(err.text, fault->error), "%s", err.text);
	ck_assert_ptr_null(index);
	free(copy);
	forget(&taught);
	plugin_unload();
}
END_TEST

/* What was learnt for another catalogue does not fit. */
START_TEST(tensors_must_fit_the_items)
{
	const struct animed_host host = host_with(1);
	void *index;

	plugin_load();
	world_make(&world, 1, 10);
	struct taught taught = teach(&world, 1);
	struct animed_similarity_input input = {
	    .vectors = {.n = ITEMS - 1, .ids = world.ids}, .items = world.items, .learnt = taught.learnt.tensors};
	input.items.n = ITEMS - 1;
	ck_assert_int_eq(ops->open(values, &input, &host, &index, &err), -1);
	ck_assert_str_eq(err.text, "the tensor \"offsets\" has 61 values, and needs 60");
	input.learnt.n = 0;
	ck_assert_int_eq(ops->open(values, &input, &host, &index, &err), -1);
	ck_assert_str_eq(err.text, "the tensor \"offsets\" is missing");
	forget(&taught);
	plugin_unload();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tensors");
	TCase *tc = tcase_create("tensors");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, malformed_tensors_are_refused, 0, sizeof faults / sizeof *faults);
	tcase_add_test(tc, tensors_must_fit_the_items);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

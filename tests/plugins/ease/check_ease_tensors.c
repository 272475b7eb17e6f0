/* check_ease_tensors.c - the ranking "ease" refuses tensors of a model file that are malformed. */
#include "config.h"

#include "ease/ease.h"
#include "scratch.h"

static struct animed_error err;

static const uint64_t offsets[] = {0, 2, 2, 3};
static const uint32_t cells[] = {1, 2, 0}, counts[] = {9, 8, 7}, twice[] = {1, 1, 0}, beyond[] = {1, 3, 0};
static const uint64_t falling[] = {0, 2, 1, 3};
static const float numbers[] = {.5F, -1, 2}, huge[] = {3e38F, 3e38F, 3e38F}, scale[] = {1, 10}, upside_down[] = {10, 1};

static const struct malformed {
	const char *says;
	struct animed_tensor tensor; /* in the place of the one that has its name */
} malformed[] = {
    {"\"offsets\" has 3 values, and needs 4", {"offsets", ANIMED_U64, 3, offsets}},
    {"\"offsets\" does not ascend to 3 at row 1", {"offsets", ANIMED_U64, 4, falling}},
    {"\"items\" has 2 values, and needs 3", {"items", ANIMED_U32, 2, cells}},
    {"\"items\" does not ascend in row 0", {"items", ANIMED_U32, 3, twice}},
    {"\"items\" has item 3 in row 0, of 3 items", {"items", ANIMED_U32, 3, beyond}},
    {"\"values\" must be of type F32", {"values", ANIMED_U32, 3, cells}},
    {"\"counts\" has 2 values, and needs 3", {"counts", ANIMED_U32, 2, counts}},
    {"\"values\" has 3e+38 at 0, which nobody learns", {"values", ANIMED_F32, 3, huge}},
    {"\"scale\" has 3 values, and needs 2", {"scale", ANIMED_F32, 3, numbers}},
    {"\"scale\" has the lowest score 10 above the highest, 1", {"scale", ANIMED_F32, 2, upside_down}},
};

enum { MALFORMED = sizeof malformed / sizeof *malformed };

static void well_formed(struct animed_tensor tensors[5])
{
	tensors[0] = (struct animed_tensor){"offsets", ANIMED_U64, 4, offsets};
	tensors[1] = (struct animed_tensor){"items", ANIMED_U32, 3, cells};
	tensors[2] = (struct animed_tensor){"values", ANIMED_F32, 3, numbers};
	tensors[3] = (struct animed_tensor){"counts", ANIMED_U32, 3, counts};
	tensors[4] = (struct animed_tensor){"scale", ANIMED_F32, 2, scale};
}

START_TEST(refuses_malformed_tensors)
{
	struct animed_tensor tensors[5];
	const struct animed_ranking_input input = {{.n = 3}, {5, tensors}};
	void *index;

	well_formed(tensors);
	ck_assert_msg(ease_open(&input, &index, &err) == 0, "%s", err.text);
	ease_close(index);
	for (int t = 0; t < 5; t++) {
		if (strcmp(tensors[t].name, malformed[_i].tensor.name) == 0)
			tensors[t] = malformed[_i].tensor;
	}
	ck_assert_int_eq(ease_open(&input, &index, &err), -1);
	ck_assert_msg(strstr(err.text, malformed[_i].says), "%s instead of %s", err.text, malformed[_i].says);
}
END_TEST

START_TEST(refuses_missing_tensors)
{
	struct animed_tensor tensors[5];
	const struct animed_ranking_input input = {{.n = 3}, {5, tensors}};
	char says[64];
	void *index;

	well_formed(tensors);
	(void)snprintf(says, sizeof says, "the tensor \"%s\" is missing", tensors[_i].name);
	tensors[_i].name = "other";
	ck_assert_int_eq(ease_open(&input, &index, &err), -1);
	ck_assert_str_eq(err.text, says);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ease_tensors");
	TCase *tc = tcase_create("ease_tensors");

	tcase_add_loop_test(tc, refuses_malformed_tensors, 0, MALFORMED);
	tcase_add_loop_test(tc, refuses_missing_tensors, 0, 5);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

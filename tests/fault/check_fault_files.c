/* Reads what others have written, relations of shows and the database of groups, while memory is short: all of it, or an
 * error says that memory is short. */
#include "config.h"

#include <grp.h>
#include <unistd.h>

#include "conn/access.h"
#include "each.h"
#include "fault.h"
#include "scratch.h"
#include "titles/franchise.h"

enum { ITEMS = 40 };

static int64_t ids[ITEMS];
static uint64_t offsets[ITEMS + 1];
static char titles[8 * ITEMS];
static struct catalogue catalogue = {.n = ITEMS, .ids = ids, .titles = {titles, offsets}};
static uint32_t *right;
static struct relations used;
static char relations[PATH_MAX];

static void find(struct attempt *attempt)
{
	struct animed_error err = {""};
	uint32_t *franchises;
	const int status = franchise_find(&catalogue, relations, &franchises, &used, &err);

	(void)fault_disarm();
	if (status < 0 && !each_says_memory(err.text))
		each_wrong(attempt, "refused: %s", err.text);
	if (status == 0 && right && memcmp(franchises, right, ITEMS * sizeof *right) != 0)
		each_wrong(attempt, "other franchises");
	free(franchises);
	each_lost(attempt);
}

/* The titles are "t0", "t1" ...  The fifth line of the file is longer than the C library's first buffer for one. */
START_TEST(relations_are_read_to_the_last_line)
{
	struct animed_error err;
	FILE *out = fopen(scratch_path("relations.csv"), "we");

	ck_assert_ptr_nonnull(out);
	(void)fputs("ids\n= 1000000 T0\n= 1000001 t1!\n= 1000002 t2\n", out);
	for (int i = 0; i < ITEMS; i++) {
		ids[i] = 1000000 + i;
		offsets[i + 1] = offsets[i] + (uint64_t)sprintf(titles + offsets[i], "t%d", i);
		(void)fprintf(out, "%s%jd", i == 0 ? "" : i == ITEMS - 2 ? "\n" : ",", (intmax_t)ids[i]);
	}
	ck_assert_int_eq(fclose(out), 0);
	(void)snprintf(relations, sizeof relations, "%s", scratch_path("relations.csv"));
	ck_assert_int_eq(franchise_find(&catalogue, relations, &right, &used, &err), 0);
	ck_assert_uint_eq(right[ITEMS - 3], 0);
	ck_assert_uint_eq(right[ITEMS - 1], ITEMS - 2);
	each("relations", find, NULL, 1, UINT64_MAX, 1);
	each("relations", find, NULL, 4, UINT64_MAX, 1);
	free(right);
}
END_TEST

static void find_group(struct attempt *attempt)
{
	const char *name = attempt->ctx;
	struct animed_error err = {""};
	gid_t group;
	const int status = access_find_group(name, &group, &err);
	const bool struck = fault_struck();

	(void)fault_disarm();
	if (status < 0 && (!struck || !each_says_memory(err.text)))
		each_wrong(attempt, "no group: %s", err.text);
	if (status == 0 && group != getegid())
		each_wrong(attempt, "group %u", (unsigned)group);
}

START_TEST(a_group_is_not_unknown_for_want_of_memory)
{
	const struct group *own = getgrgid(getegid());

	if (!own)
		SKIP("the user's group has no name");
	char *name = strdup(own->gr_name);
	ck_assert_ptr_nonnull(name);
	each("a group", find_group, name, 1, UINT64_MAX, 1);
	each("a group", find_group, name, 4, UINT64_MAX, 1);
	free(name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault_files");
	TCase *tc = tcase_create("fault_files");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_test(tc, relations_are_read_to_the_last_line);
	tcase_add_test(tc, a_group_is_not_unknown_for_want_of_memory);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

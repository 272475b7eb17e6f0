/* Tests which allocations fault.c counts, and which of them it lets fail. */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"
#include "scratch.h"

static uint64_t seen; /* how many allocations fault_disarm() counted in allocate() */

/* Allocate in eight ways, then disarm.  Returns a mask whose bit i says that the allocation of blocks[i] failed. */
static unsigned allocate(void)
{
	void *blocks[8] = {malloc(10),     calloc(2, 10), realloc(NULL, 10),       aligned_alloc(64, 64), NULL,
			   strdup("text"), NULL,          fopen("/dev/null", "re")};
	unsigned failed = 0;

	if (posix_memalign(&blocks[4], 64, 10) != 0)
		blocks[4] = NULL;
	if (asprintf((char **)&blocks[6], "%d", 1) < 0)
		blocks[6] = NULL;
	seen = fault_disarm();
	for (unsigned i = 0; i < 8; i++)
		failed |= (unsigned)(blocks[i] == NULL) << i;
	if (blocks[7])
		(void)fclose(blocks[7]);
	for (unsigned i = 0; i < 7; i++)
		free(blocks[i]);
	return failed;
}

START_TEST(the_nth_fails_and_no_other)
{
	/* indices of `blocks` in the order of the calls: the initializer runs before posix_memalign() and asprintf() */
	static const unsigned order[] = {0, 1, 2, 3, 5, 7, 4, 6};
	const int64_t live = fault_live();
	unsigned n = 0;

	for (; n < 8; n++) {
		fault_arm(n + 1, 1);
		ck_assert_uint_eq(allocate(), 1u << order[n]);
		ck_assert_uint_ge(seen, 8);
		ck_assert(fault_struck());
		ck_assert_int_eq(fault_live(), live);
	}
	fault_arm(100, 1);
	ck_assert_uint_eq(allocate(), 0);
	ck_assert(!fault_struck());
}
END_TEST

START_TEST(several_fail_in_a_row)
{
	fault_arm(2, 3);
	ck_assert_uint_eq(allocate(), 1u << 1 | 1u << 2 | 1u << 3);
	fault_arm(1, 1000);
	ck_assert_uint_eq(allocate(), 0xff);
	ck_assert_uint_eq(allocate(), 0);
}
END_TEST

START_TEST(a_failed_realloc_keeps_the_block)
{
	char *block = malloc(8);

	ck_assert_ptr_nonnull(block);
	memcpy(block, "kept", 5);
	fault_arm(1, 1);
	errno = 0;
	char *larger = realloc(block, 1 << 20);
	const int error = errno;
	ck_assert_uint_eq(fault_disarm(), 1);
	ck_assert_ptr_null(larger);
	ck_assert_int_eq(error, ENOMEM);
	ck_assert_str_eq(block, "kept");
	free(block);
}
END_TEST

/* A plugin, and the loader that opens it, allocate through the allocator of the program. */
START_TEST(the_loader_and_its_libraries_count)
{
	fault_arm(1, 1);
	void *plugin = dlopen(BUILDDIR "/plugins/bias.so", RTLD_NOW | RTLD_LOCAL);
	(void)fault_disarm();
	ck_assert_ptr_null(plugin);
	(void)dlerror();
	fault_arm(1000000, 1);
	plugin = dlopen(BUILDDIR "/plugins/bias.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_uint_gt(fault_disarm(), 1);
	ck_assert_msg(plugin != NULL, "%s", dlerror());
	ck_assert_int_eq(dlclose(plugin), 0);
}
END_TEST

START_TEST(a_child_is_armed_by_its_parent)
{
	int status;

	fault_arm(2, 1);
	const pid_t child = fork();
	if (child == 0)
		_exit((int)allocate());
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(WEXITSTATUS(status), 1 << 1);
	ck_assert_uint_ge(fault_disarm(), 8);
	ck_assert(fault_struck());
}
END_TEST

START_TEST(the_place_is_told)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	fault_arm(1, 1);
	(void)allocate();
	fault_print(out);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_msg(strstr(text, "check_fault+0x") != NULL, "%s", text);
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault");
	TCase *tc = tcase_create("fault");

	tcase_add_test(tc, the_nth_fails_and_no_other);
	tcase_add_test(tc, several_fail_in_a_row);
	tcase_add_test(tc, a_failed_realloc_keeps_the_block);
	tcase_add_test(tc, the_loader_and_its_libraries_count);
	tcase_add_test(tc, a_child_is_armed_by_its_parent);
	tcase_add_test(tc, the_place_is_told);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

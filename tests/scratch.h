/* scratch.h - a temporary directory for a test, and the run of a suite. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <check.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char scratch[PATH_MAX];

__attribute__((unused)) static void scratch_open(void)
{
	const char *tmp = getenv("TMPDIR");
	(void)snprintf(scratch, sizeof scratch, "%s/animed-check-XXXXXX", tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
}

static inline int scratch_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

__attribute__((unused)) static void scratch_close(void)
{
	(void)nftw(scratch, scratch_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of `name` in the directory; the text is overwritten by every sixteenth call. */
__attribute__((unused)) static const char *scratch_path(const char *name)
{
	static char paths[16][PATH_MAX + 256];
	static int next;
	char *path = paths[next++ % 16];
	(void)snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
	return path;
}

__attribute__((unused)) static const char *scratch_write(const char *name, const void *bytes, size_t size)
{
	const char *path = scratch_path(name);
	FILE *file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

__attribute__((unused)) static const char *scratch_text(const char *name, const char *text)
{
	return scratch_write(name, text, strlen(text));
}

__attribute__((unused)) static int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif

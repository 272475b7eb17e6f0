/* check_store.c - the versions of a store, and who may be at work in it at once. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "store/store.h"

static struct animed_error err;

static uint64_t commit(const char *dir, const char *content)
{
	struct store_draft draft;
	uint64_t version;

	ck_assert_int_eq(store_begin(dir, &draft, &err), 0);
	ck_assert_int_eq(write(draft.file.fd, content, strlen(content)), (ssize_t)strlen(content));
	ck_assert_int_eq(store_commit(&draft, true, &version, &err), 0);
	return version;
}

START_TEST(versions_and_current)
{
	const char *dir = scratch_path("a/b/store");
	char path[PATH_MAX], content[8] = "";
	uint64_t version;
	struct stat st;

	ck_assert_int_eq(store_current(dir, &version, path, &err), 1);
	ck_assert_uint_eq(commit(dir, "one"), 1);
	ck_assert_uint_eq(commit(dir, "two"), 2);
	ck_assert_int_eq(stat(dir, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	ck_assert_int_eq(store_current(dir, &version, path, &err), 0);
	ck_assert_uint_eq(version, 2);
	FILE *file = fopen(path, "re");
	ck_assert_uint_eq(fread(content, 1, 7, file), 3);
	(void)fclose(file);
	ck_assert_str_eq(content, "two");
}
END_TEST

START_TEST(draft_that_fails_leaves_nothing)
{
	const char *dir = scratch_path("store");
	struct store_draft draft;
	char path[PATH_MAX];
	uint64_t version;

	(void)commit(dir, "one");
	ck_assert_int_eq(store_begin(dir, &draft, &err), 0);
	ck_assert_int_eq(access(draft.file.path, F_OK), 0);
	store_abort(&draft);
	ck_assert_int_eq(access(draft.file.path, F_OK), -1);
	ck_assert_int_eq(store_current(dir, &version, path, &err), 0);
	ck_assert_uint_eq(version, 1);
}
END_TEST

/* A draft that is not locked was left by a writer that died, and is removed.  A draft that is locked is being written,
 * whatever process its name has, and stays. */
START_TEST(drafts_of_the_dead_are_swept)
{
	const char *dir = scratch_path("store");
	const pid_t dead = fork();
	char name[64];

	if (dead == 0)
		_exit(0);
	ck_assert_int_eq(waitpid(dead, NULL, 0), dead);
	(void)commit(dir, "one");
	(void)scratch_text("store/.1.tmp", "left over");
	(void)scratch_text("store/.7.abcdef.tmp", "left over");
	(void)snprintf(name, sizeof name, "store/.%d.abcdef.tmp", (int)dead);
	const int fd = open(scratch_text(name, "being written"), O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	(void)commit(dir, "two");
	ck_assert_int_eq(access(scratch_path(name), F_OK), 0);
	ck_assert_int_eq(access(scratch_path("store/.1.tmp"), F_OK), -1);
	ck_assert_int_eq(access(scratch_path("store/.7.abcdef.tmp"), F_OK), -1);
	ck_assert_int_eq(close(fd), 0);
	(void)commit(dir, "three");
	ck_assert_int_eq(access(scratch_path(name), F_OK), -1);
}
END_TEST

START_TEST(drafts_at_once_do_not_disturb_each_other)
{
	const char *dir = scratch_path("store");
	struct store_draft first, second;
	uint64_t version;

	ck_assert_int_eq(store_begin(dir, &first, &err), 0);
	ck_assert_int_eq(store_begin(dir, &second, &err), 0);
	ck_assert_str_ne(first.file.path, second.file.path);
	ck_assert_int_eq(write(first.file.fd, "first", 5), 5);
	ck_assert_int_eq(store_commit(&second, true, &version, &err), 0);
	ck_assert_uint_eq(version, 1);
	ck_assert_int_eq(store_commit(&first, true, &version, &err), 0);
	ck_assert_uint_eq(version, 2);
}
END_TEST

START_TEST(a_commit_that_fails_leaves_nothing)
{
	const char *dir = scratch_path("store");
	struct store_draft draft;
	uint64_t version, *versions;
	size_t n;

	(void)commit(dir, "one");
	ck_assert_int_eq(unlink(scratch_path("store/current")), 0);
	ck_assert_int_eq(mkdir(scratch_path("store/current"), 0700), 0); /* no link can be renamed over it */
	ck_assert_int_eq(store_begin(dir, &draft, &err), 0);
	ck_assert_int_eq(store_commit(&draft, true, &version, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "current"));
	ck_assert_uint_eq(version, 0);
	ck_assert_int_eq(store_list(dir, &versions, &n, &err), 0);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(versions[0], 1);
	free(versions);
}
END_TEST

START_TEST(writers_at_once_get_a_version_each)
{
	const char *dir = scratch_path("store");
	enum { WRITERS = 6 };
	bool seen[WRITERS + 1] = {false};

	for (int i = 0; i < WRITERS; i++) {
		pid_t pid = fork();
		if (pid == 0)
			_exit((int)commit(dir, "x"));
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;
		ck_assert_int_gt(wait(&status), 0);
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) >= 1 && WEXITSTATUS(status) <= WRITERS);
		ck_assert(!seen[WEXITSTATUS(status)]);
		seen[WEXITSTATUS(status)] = true;
	}
}
END_TEST

START_TEST(prune_keeps_the_newest_and_the_current)
{
	const char *dir = scratch_path("store");

	for (int i = 0; i < 5; i++)
		(void)commit(dir, "x");
	ck_assert_int_eq(unlink(scratch_path("store/current")), 0);
	ck_assert_int_eq(symlink("2.safetensors", scratch_path("store/current")), 0);
	ck_assert_int_eq(store_prune(dir, 2, &err), 0);
	ck_assert_int_eq(access(scratch_path("store/1.safetensors"), F_OK), -1);
	ck_assert_int_eq(access(scratch_path("store/2.safetensors"), F_OK), 0);
	ck_assert_int_eq(access(scratch_path("store/3.safetensors"), F_OK), -1);
	ck_assert_int_eq(access(scratch_path("store/4.safetensors"), F_OK), 0);
	ck_assert_int_eq(access(scratch_path("store/5.safetensors"), F_OK), 0);
	ck_assert_uint_eq(commit(dir, "x"), 6); /* a number is never used twice */
}
END_TEST

static uint64_t current_of(const char *dir)
{
	char path[PATH_MAX];
	uint64_t version;

	ck_assert_msg(store_current(dir, &version, path, &err) == 0, "%s", err.text);
	return version;
}

static uint64_t pinned_of(const char *dir)
{
	uint64_t version;

	ck_assert_msg(store_pinned(dir, &version, &err) == 0, "%s", err.text);
	return version;
}

static uint64_t commit_aside(const char *dir)
{
	struct store_draft draft;
	uint64_t version;

	ck_assert_int_eq(store_begin(dir, &draft, &err), 0);
	ck_assert_int_eq(store_commit(&draft, true, &version, &err), 1);
	return version;
}

START_TEST(a_switch_moves_current)
{
	const char *dir = scratch_path("store");
	uint64_t keeper;

	for (int i = 0; i < 3; i++)
		(void)commit(dir, "x");
	ck_assert_int_eq(store_switch(dir, 1, STORE_BY_HAND, &keeper, &err), 0);
	ck_assert_uint_eq(current_of(dir), 1);
	ck_assert_int_eq(store_switch(dir, 3, STORE_BY_HAND, &keeper, &err), 0);
	ck_assert_uint_eq(current_of(dir), 3);
	/* a training that took long does not replace a newer version */
	ck_assert_int_eq(store_switch(dir, 2, STORE_IN_TURN, &keeper, &err), 1);
	ck_assert_uint_eq(keeper, 3);
	ck_assert_uint_eq(current_of(dir), 3);
	ck_assert_int_eq(store_switch(dir, 4, STORE_BY_HAND, &keeper, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "4.safetensors"));
	ck_assert_uint_eq(current_of(dir), 3);
}
END_TEST

START_TEST(a_pinned_version_stays)
{
	const char *dir = scratch_path("store");
	uint64_t keeper, version;

	for (int i = 0; i < 3; i++)
		(void)commit(dir, "x");
	ck_assert_uint_eq(pinned_of(dir), 0);
	ck_assert_int_eq(store_switch(dir, 1, STORE_PIN, &keeper, &err), 0);
	ck_assert_uint_eq(pinned_of(dir), 1);
	ck_assert_uint_eq(current_of(dir), 1);
	ck_assert_uint_eq(commit_aside(dir), 4);
	ck_assert_uint_eq(current_of(dir), 1);
	ck_assert_int_eq(store_switch(dir, 4, STORE_BY_HAND, &keeper, &err), 1);
	ck_assert_uint_eq(keeper, 1);
	ck_assert_int_eq(store_switch(dir, 4, STORE_IN_TURN, &keeper, &err), 1);
	ck_assert_int_eq(store_switch(dir, 1, STORE_BY_HAND, &keeper, &err), 0);
	/* a pinned version is never pruned, even where `current` was changed by hand */
	ck_assert_int_eq(unlink(scratch_path("store/current")), 0);
	ck_assert_int_eq(symlink("2.safetensors", scratch_path("store/current")), 0);
	ck_assert_int_eq(store_prune(dir, 1, &err), 0);
	ck_assert_int_eq(access(scratch_path("store/1.safetensors"), F_OK), 0);
	ck_assert_int_eq(access(scratch_path("store/2.safetensors"), F_OK), 0);
	ck_assert_int_eq(access(scratch_path("store/3.safetensors"), F_OK), -1);
	ck_assert_int_eq(store_switch(dir, 4, STORE_PIN, &keeper, &err), 0);
	ck_assert_uint_eq(pinned_of(dir), 4);
	ck_assert_int_eq(store_unpin(dir, &version, &err), 0);
	ck_assert_uint_eq(version, 4);
	ck_assert_uint_eq(pinned_of(dir), 0);
	ck_assert_int_eq(store_unpin(dir, &version, &err), 0);
	ck_assert_uint_eq(version, 0);
	ck_assert_uint_eq(current_of(dir), 4);
	ck_assert_uint_eq(commit(dir, "x"), 5);
	ck_assert_uint_eq(current_of(dir), 5);
}
END_TEST

/* Several processes write and prune while this one pins and unpins: a version that was pinned is current. */
START_TEST(pins_prunes_and_writers_race)
{
	const char *dir = scratch_path("store");
	enum { WRITERS = 4, ROUNDS = 20 };
	uint64_t *versions, keeper;
	size_t n;

	(void)commit(dir, "x");
	for (int i = 0; i < WRITERS; i++) {
		if (fork() != 0)
			continue;
		for (int round = 0; round < ROUNDS; round++) {
			struct store_draft draft;
			uint64_t version;
			if (store_begin(dir, &draft, &err) < 0 || store_commit(&draft, true, &version, &err) < 0 ||
			    store_prune(dir, 2, &err) < 0)
				_exit(1);
		}
		_exit(0);
	}
	for (int round = 0; round < ROUNDS; round++) {
		ck_assert_int_eq(store_list(dir, &versions, &n, &err), 0);
		ck_assert_uint_gt(n, 0);
		/* a writer may have pruned the version meanwhile: then the pin fails and changes nothing */
		if (store_switch(dir, versions[n - 1], STORE_PIN, &keeper, &err) == 0) {
			ck_assert_uint_eq(current_of(dir), versions[n - 1]);
			ck_assert_uint_eq(pinned_of(dir), versions[n - 1]);
		}
		free(versions);
		ck_assert_int_eq(store_unpin(dir, &keeper, &err), 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;
		ck_assert_int_gt(wait(&status), 0);
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	ck_assert_int_eq(store_list(dir, &versions, &n, &err), 0);
	ck_assert_uint_eq(versions[0], 1 + WRITERS * ROUNDS);
	ck_assert_uint_ge(current_of(dir), 1);
	free(versions);
}
END_TEST

static const char *const bad_links[] = {"7.safetensors",  "../1.safetensors", "/etc/passwd",
					"01.safetensors", "1.safetensorsx",   "99999999999999999999999.safetensors"};

START_TEST(current_that_leads_astray_is_refused)
{
	const char *dir = scratch_path("store");
	char path[PATH_MAX];
	uint64_t version;

	(void)commit(dir, "x");
	ck_assert_int_eq(unlink(scratch_path("store/current")), 0);
	ck_assert_int_eq(symlink(bad_links[_i], scratch_path("store/current")), 0);
	ck_assert_int_eq(store_current(dir, &version, path, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, bad_links[_i]));
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

int main(void)
{
	Suite *suite = suite_create("store");
	TCase *tc = tcase_create("store");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_test(tc, versions_and_current);
	tcase_add_test(tc, draft_that_fails_leaves_nothing);
	tcase_add_test(tc, drafts_of_the_dead_are_swept);
	tcase_add_test(tc, drafts_at_once_do_not_disturb_each_other);
	tcase_add_test(tc, a_commit_that_fails_leaves_nothing);
	tcase_add_test(tc, writers_at_once_get_a_version_each);
	tcase_add_test(tc, prune_keeps_the_newest_and_the_current);
	tcase_add_test(tc, a_switch_moves_current);
	tcase_add_test(tc, a_pinned_version_stays);
	tcase_add_test(tc, pins_prunes_and_writers_race);
	tcase_add_loop_test(tc, current_that_leads_astray_is_refused, 0, COUNT(bad_links));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

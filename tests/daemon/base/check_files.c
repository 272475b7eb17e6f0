/* Tests directories, locks and drafts: what is created, that a file appears only when it is complete, and what a writer
 * that died leaves. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"
#include "scratch.h"

static struct animed_error err;

static bool there(const char *name)
{
	return access(scratch_path(name), F_OK) == 0;
}

static void check_content(const char *name, const char *content)
{
	char bytes[64] = "";
	FILE *file = fopen(scratch_path(name), "re");

	ck_assert_ptr_nonnull(file);
	(void)fread(bytes, 1, sizeof bytes - 1, file);
	(void)fclose(file);
	ck_assert_str_eq(bytes, content);
}

START_TEST(directories_are_made_with_their_parents)
{
	struct stat st;

	ck_assert_int_eq(make_dirs(scratch_path("a/b/c"), &err), 0);
	ck_assert_int_eq(make_dirs(scratch_path("a/b/c"), &err), 0);
	ck_assert_int_eq(stat(scratch_path("a"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	(void)scratch_text("file", "");
	ck_assert_int_eq(make_dirs(scratch_path("file/c"), &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot create"));
}
END_TEST

START_TEST(a_lock_has_one_holder)
{
	const char *path = scratch_path("lock");
	const int fd = files_lock(path, O_RDWR | O_CREAT, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(files_lock(path, O_RDWR | O_CREAT, 0600), -1);
	ck_assert_int_eq(errno, EWOULDBLOCK);
	ck_assert_int_eq(close(fd), 0);
	const int next = files_lock(path, O_RDWR | O_CREAT, 0600);
	ck_assert_int_ge(next, 0);
	ck_assert_int_eq(close(next), 0);
	ck_assert_int_eq(symlink("lock", scratch_path("link")), 0);
	ck_assert_int_eq(files_lock(scratch_path("link"), O_RDWR | O_CREAT, 0600), -1);
	ck_assert_int_eq(errno, ELOOP);
}
END_TEST

START_TEST(a_draft_appears_whole_or_not_at_all)
{
	struct draft draft, other;

	(void)scratch_text("file", "before");
	ck_assert_int_eq(draft_open(&draft, scratch_path("file.tmp"), 0640, &err), 0);
	ck_assert_int_eq(write(draft.fd, "after", 5), 5);
	check_content("file", "before");
	ck_assert_int_eq(draft_open(&other, scratch_path("file.tmp"), 0640, &err), 1);
	ck_assert_ptr_nonnull(strstr(err.text, "file.tmp: another process is writing it"));
	ck_assert_int_eq(draft_commit(&draft, scratch_path("file"), &err), 0);
	check_content("file", "after");
	ck_assert(!there("file.tmp"));
	ck_assert_int_eq(draft_open(&draft, scratch_path("file.tmp"), 0640, &err), 0);
	draft_abort(&draft);
	ck_assert(!there("file.tmp"));
	check_content("file", "after");
	/* the name belongs to a directory */
	ck_assert_int_eq(make_dirs(scratch_path("dir/in"), &err), 0);
	ck_assert_int_eq(draft_open(&draft, scratch_path("file.tmp"), 0640, &err), 0);
	ck_assert_int_eq(draft_commit(&draft, scratch_path("dir"), &err), -1);
	ck_assert(!there("file.tmp"));
	ck_assert_int_eq(draft_open(&draft, scratch_path("dir"), 0640, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "dir: cannot create: "));
}
END_TEST

/* The file that was left has another mode, is longer and has a second name, under which what is written must not
 * appear. */
START_TEST(what_a_dead_writer_left_is_made_anew)
{
	struct draft draft;
	struct stat st;

	(void)scratch_text("file.tmp", "what was left, and more of it");
	ck_assert_int_eq(chmod(scratch_path("file.tmp"), 0666), 0);
	ck_assert_int_eq(link(scratch_path("file.tmp"), scratch_path("second")), 0);
	ck_assert_int_eq(draft_open(&draft, scratch_path("file.tmp"), 0600, &err), 0);
	ck_assert_int_eq(fstat(draft.fd, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(write(draft.fd, "new", 3), 3);
	ck_assert_int_eq(draft_commit(&draft, scratch_path("file"), &err), 0);
	check_content("file", "new");
	check_content("second", "what was left, and more of it");
}
END_TEST

START_TEST(a_sweep_takes_what_is_not_locked)
{
	struct draft draft;
	int ready[2], status;
	char byte;

	ck_assert_int_eq(pipe(ready), 0);
	const pid_t writer = fork();
	if (writer == 0) {
		if (draft_open(&draft, scratch_path("file.tmp"), 0600, &err) == 0)
			(void)!write(ready[1], "", 1);
		(void)pause();
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	draft_sweep(scratch_path("file.tmp"));
	ck_assert(there("file.tmp"));
	ck_assert_int_eq(kill(writer, SIGKILL), 0);
	ck_assert_int_eq(waitpid(writer, &status, 0), writer);
	draft_sweep(scratch_path("file.tmp"));
	ck_assert(!there("file.tmp"));
	draft_sweep(scratch_path("file.tmp"));
}
END_TEST

/* Several writers open the same draft again and again: only one has it at a time, and each file is of one writer. */
START_TEST(writers_at_once)
{
	enum { WRITERS = 4, ROUNDS = 200 };
	pid_t writers[WRITERS];
	int status;

	for (size_t w = 0; w < WRITERS; w++) {
		writers[w] = fork();
		if (writers[w] > 0)
			continue;
		for (int round = 0; round < ROUNDS; round++) {
			struct draft draft;
			struct stat st;
			const int opened = draft_open(&draft, scratch_path("file.tmp"), 0600, &err);
			if (opened > 0)
				continue;
			if (opened < 0 || fstat(draft.fd, &st) < 0 || st.st_size != 0 ||
			    write(draft.fd, "0123", 4) != 4)
				_exit(1);
			if (round % 3 == 0)
				draft_abort(&draft);
			else if (draft_commit(&draft, scratch_path("file"), &err) < 0)
				_exit(2);
		}
		_exit(0);
	}
	for (size_t w = 0; w < WRITERS; w++) {
		ck_assert_int_eq(waitpid(writers[w], &status, 0), writers[w]);
		ck_assert_int_eq(status, 0);
	}
	check_content("file", "0123");
	ck_assert(!there("file.tmp"));
}
END_TEST

START_TEST(who_may_change_it)
{
	struct stat st = {.st_uid = geteuid(), .st_mode = S_IFREG | 0755};

	ck_assert_int_eq(files_risk(&st), FILES_SAFE);
	st.st_mode = S_IFREG | 0775;
	ck_assert_int_eq(files_risk(&st), FILES_WRITABLE);
	st.st_mode = S_IFREG | 0757;
	ck_assert_int_eq(files_risk(&st), FILES_WRITABLE);
	st.st_uid = 0;
	st.st_mode = S_IFREG | 0644;
	ck_assert_int_eq(files_risk(&st), FILES_SAFE);
	st.st_uid = geteuid() + 1;
	ck_assert_int_eq(files_risk(&st), FILES_FOREIGN);
	ck_assert(!files_own_group(0, 0));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("files");
	TCase *tc = tcase_create("files");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_test(tc, directories_are_made_with_their_parents);
	tcase_add_test(tc, a_lock_has_one_holder);
	tcase_add_test(tc, a_draft_appears_whole_or_not_at_all);
	tcase_add_test(tc, what_a_dead_writer_left_is_made_anew);
	tcase_add_test(tc, a_sweep_takes_what_is_not_locked);
	tcase_add_test(tc, writers_at_once);
	tcase_add_test(tc, who_may_change_it);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

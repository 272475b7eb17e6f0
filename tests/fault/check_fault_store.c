/* Writes a model into the store while memory is short: the file is complete and current, or nothing is left of it. */
#include "config.h"

#include <dirent.h>
#include <sys/stat.h>

#include "each.h"
#include "fault.h"
#include "scratch.h"
#include "store/modelfile.h"
#include "store/store.h"

enum { USERS = 3, ITEMS = 2, FACTORS = 2 };

static char models[PATH_MAX];
static char whole[1 << 14];
static size_t n_whole;

static const struct animed_strings names = {"aliceboboscar", (const uint64_t[]){0, 5, 8, 13}};
static const struct animed_strings titles = {"EinsZwei", (const uint64_t[]){0, 4, 8}};

static int write_model(int fd, struct animed_error *err)
{
	static const float user_factors[] = {1, 2, 3, 4, 5, 6}, item_factors[] = {1, 0, 0, 1};
	static const int64_t ids[] = {7, 12}, counts[] = {2, 1};
	static const uint64_t offsets[] = {0, 1, 2, 3};
	static const uint32_t items[] = {0, 1, 0};
	static const float scores[] = {5, 7, 8};
	const struct animed_factors factors = {.n_users = USERS,
					       .n_items = ITEMS,
					       .k = FACTORS,
					       .user_factors = user_factors,
					       .item_factors = item_factors,
					       .scale = {.link = ANIMED_IDENTITY, .low = 1, .high = 10}};
	const struct catalogue catalogue = {.n = ITEMS, .ids = ids, .counts = counts, .titles = titles};
	const struct modelfile_info info = {.variant = "plain",
					    .parameters = "{\"factors\":2}",
					    .dataset_digest = "0123456789abcdef",
					    .dataset_ratings = 3,
					    .epochs = 1,
					    .ratings = {offsets, items, scores}};

	return modelfile_write(fd, &factors, &catalogue, &names, &info, err);
}

/* Read a model file, and replace the time at which it was made, so that two files can be compared.  Returns its
 * size. */
static size_t read_file(const char *path, char *bytes, size_t size)
{
	static const char key[] = "\"created\":\"";
	FILE *in = fopen(path, "re");

	ck_assert_ptr_nonnull(in);
	const size_t n = fread(bytes, 1, size, in);
	ck_assert_int_eq(fclose(in), 0);
	char *created = memmem(bytes, n, key, sizeof key - 1);
	ck_assert_ptr_nonnull(created);
	memset(created + sizeof key - 1, '0', 20);
	return n;
}

/* How many entries the directory of the store has, "." and ".." included. */
static int entries(void)
{
	DIR *dir = opendir(models);
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		(void)closedir(dir);
	return n;
}

static int store(uint64_t *version, struct animed_error *err)
{
	struct store_draft draft;

	if (store_begin(models, &draft, err) < 0)
		return -1;
	if (write_model(draft.file.fd, err) < 0) {
		store_abort(&draft);
		return -1;
	}
	return store_commit(&draft, true, version, err);
}

static void store_one(struct attempt *attempt)
{
	static char bytes[sizeof whole];
	struct animed_error err = {""};
	char path[PATH_MAX];
	uint64_t version, current;
	const int status = store(&version, &err);

	(void)fault_disarm();
	each_lost(attempt);
	if (status < 0 && !each_says_memory(err.text))
		each_wrong(attempt, "refused: %s", err.text);
	ck_assert_int_eq(store_current(models, &current, path, &err), 0);
	if (entries() != (int)current + 3) /* `current`, "." and ".." */
		each_wrong(attempt, "%d entries in a store of %ju versions", entries(), (uintmax_t)current);
	if (status != 0)
		return;
	if (current != version)
		each_wrong(attempt, "version %ju is current, not %ju", (uintmax_t)current, (uintmax_t)version);
	const size_t n = read_file(path, bytes, sizeof bytes);
	if (n != n_whole || memcmp(bytes, whole, n) != 0)
		each_wrong(attempt, "another file, of %zu bytes", n);
}

START_TEST(a_model_is_stored_whole_or_not_at_all)
{
	struct animed_error err;
	char path[PATH_MAX];
	uint64_t version;

	(void)snprintf(models, sizeof models, "%s", scratch_path("models"));
	ck_assert_int_eq(store(&version, &err), 0);
	ck_assert_int_eq(store_current(models, &version, path, &err), 0);
	n_whole = read_file(path, whole, sizeof whole);
	each("a model into the store", store_one, NULL, 1, UINT64_MAX, 1);
	each("a model into the store", store_one, NULL, 4, UINT64_MAX, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault_store");
	TCase *tc = tcase_create("fault_store");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_test(tc, a_model_is_stored_whole_or_not_at_all);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

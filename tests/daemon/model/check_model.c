/* check_model.c - tests opening a model, which items may be answers, and finding users. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "model/model.h"
#include "scratch.h"
#include "server-fixture.h"
#include "store/store.h"

static struct model *open_current(void)
{
	const struct animed_host host = host_quiet(1);
	char path[PATH_MAX];
	struct model *model = NULL;
	struct animed_error err = {""};
	uint64_t version;

	ck_assert_int_eq(store_current(fixture.models, &version, path, &err), 0);
	ck_assert_msg(model_open(&fixture.conf, version, path, &host, &model, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(model->version, version);
	ck_assert_str_eq(model->path, path);
	return model;
}

START_TEST(test_masks)
{
	(void)fixture_write_model("plain", false);
	struct model *model = open_current();
	/* bit i is the item at position i; the ids are 1, 2, 5, 6, 7, 8, 9 */
	ck_assert_uint_eq(model->rated[0], 0x1f);
	ck_assert_uint_eq(model->measures[0].mask[0], 0x0f);
	uint64_t *mask = support_mask(&model->file.catalogue, model->rated, 50);
	ck_assert_ptr_nonnull(mask);
	ck_assert_uint_eq(mask[0], 0x03);
	free(mask);
	mask = support_mask(&model->file.catalogue, model->rated, 0);
	ck_assert_uint_eq(mask[0], 0x1f);
	free(mask);
	ck_assert(model_rated(model, 4));
	ck_assert(!model_rated(model, 5));
	ck_assert(!model_rated(model, 6));
	model_unref(model);
}
END_TEST

START_TEST(test_find_user)
{
	(void)fixture_write_model("plain", false);
	struct model *model = open_current();
	ck_assert_ptr_null(model->users_order);
	ck_assert_uint_eq(model_find_user(model, text_of("1")), 0);
	ck_assert_uint_eq(model_find_user(model, text_of("alice")), 1);
	ck_assert_uint_eq(model_find_user(model, text_of("bob")), 2);
	ck_assert_uint_eq(model_find_user(model, text_of("bo")), UINT32_MAX);
	ck_assert_uint_eq(model_find_user(model, text_of("bobb")), UINT32_MAX);
	ck_assert_uint_eq(model_find_user(model, text_of("")), UINT32_MAX);
	model_unref(model);
}
END_TEST

/* A model that was made elsewhere may have its users in any order, and nothing of its items but vectors and ids. */
START_TEST(test_foreign_model)
{
	static const uint64_t offsets[] = {0, 3, 3, 8, 9};
	static const float vectors[] = {1, 2, 0, 0, 3, 4};
	static const int64_t ids[] = {3, 7, 9};
	const struct animed_strings users = {"bobalice1", offsets};
	static const float user_factors[8];
	const struct catalogue catalogue = {.n = 3, .ids = ids};
	const struct animed_factors factors = {.n_users = 4,
					       .n_items = 3,
					       .k = 2,
					       .user_factors = user_factors,
					       .item_factors = vectors,
					       .scale = {.link = ANIMED_SIGMOID, .high = 10.5F}};
	const struct modelfile_info info = {.variant = "plain", .parameters = "{}", .dataset_digest = "0"};
	struct store_draft draft;
	struct animed_error err = {""};
	uint64_t version;

	ck_assert_msg(store_begin(fixture.models, &draft, &err) == 0, "%s", err.text);
	ck_assert_msg(modelfile_write(draft.file.fd, &factors, &catalogue, &users, &info, &err) == 0, "%s", err.text);
	ck_assert_msg(store_commit(&draft, true, &version, &err) == 0, "%s", err.text);
	struct model *model = open_current();
	ck_assert_ptr_nonnull(model->users_order);
	ck_assert_uint_eq(model_find_user(model, text_of("bob")), 0);
	ck_assert_uint_eq(model_find_user(model, text_of("")), 1);
	ck_assert_uint_eq(model_find_user(model, text_of("alice")), 2);
	ck_assert_uint_eq(model_find_user(model, text_of("1")), 3);
	ck_assert_uint_eq(model_find_user(model, text_of("2")), UINT32_MAX);
	ck_assert_uint_eq(model->measures[0].mask[0], 0x5); /* without counts, every item that has a vector */
	model_unref(model);
}
END_TEST

START_TEST(test_references)
{
	(void)fixture_write_model("plain", false);
	struct model *model = open_current();
	ck_assert_ptr_eq(model_ref(model), model);
	model_unref(model);
	ck_assert_uint_eq(model_find_user(model, text_of("bob")), 2); /* one reference is left */
	model_unref(model);
	model_unref(NULL);
}
END_TEST

START_TEST(test_refused)
{
	const struct animed_host host = host_quiet(1);
	char path[PATH_MAX];
	struct animed_error err;
	struct model *model = (struct model *)&err;

	ck_assert_int_eq(model_open(&fixture.conf, 1, "/nowhere/1.safetensors", &host, &model, &err), -1);
	ck_assert_ptr_null(model);
	ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/1.safetensors"));
	(void)fixture_write_model("bias", false);
	(void)snprintf(path, sizeof path, "%s/1.safetensors", fixture.models);
	ck_assert_int_eq(model_open(&fixture.conf, 1, path, &host, &model, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "\"bias\""));
	(void)fixture_write_model("plain", true);
	(void)snprintf(path, sizeof path, "%s/2.safetensors", fixture.models);
	ck_assert_int_eq(model_open(&fixture.conf, 2, path, &host, &model, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "devil"));
}
END_TEST

static Suite *model_suite(void)
{
	Suite *suite = suite_create("model");
	TCase *tcase = tcase_create("model");

	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
	tcase_add_test(tcase, test_masks);
	tcase_add_test(tcase, test_find_user);
	tcase_add_test(tcase, test_foreign_model);
	tcase_add_test(tcase, test_references);
	tcase_add_test(tcase, test_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return run_suite(model_suite());
}

/* check_modelfile.c - the safetensors container and the model files in it: what is written is read again, and what does
 * not fit is refused. */
#include "config.h"

#include <endian.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "store/modelfile.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static struct animed_error err;

/* Write a file of the length of the header, the header and `data` bytes of zeros.  Returns its path. */
static const char *file_of(const char *header, size_t data)
{
	const size_t n = strlen(header);
	const uint64_t length = htole64(n);
	char *bytes = calloc(1, 8 + n + data);

	memcpy(bytes, &length, 8);
	memcpy(bytes + 8, header, n);
	const char *path = scratch_write("x.safetensors", bytes, 8 + n + data);
	free(bytes);
	return path;
}

/* The format allows spaces at the end of a header, as the shortest ones have here. */
static const struct {
	const char *header;
	size_t data;
	const char *error;
} refused[] = {
    {"[]      ", 0, "begin with '{'"},
    {"{\"a\":1  ", 0, "header at byte"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],"
     "\"data_offsets\":[0,1]}}",
     1, "duplicate"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],"
     "\"data_offsets\":[1,3]}}",
     3, "overlaps"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"U8\",\"shape\":[1],"
     "\"data_offsets\":[2,3]}}",
     3, "hole"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2, "hole"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 2, "after the last"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,1]}}", 2, "begin <= end"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}", 2, "cut off"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,3]}}", 3, "shape and dtype make 12"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}", 0, "larger than memory"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}", 1, "not a length"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}}", 1, "not a length"},
    {"{\"a\":{\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "unknown dtype F8"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, "nothing else"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"more\":1}}", 1, "nothing else"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,1]}}", 1, "shape is not a list"},
    {"{\"__metadata__\":{\"k\":1}}", 0, "not text"},
    {"{\"__metadata__\":[]}", 0, "not a map"},
    {"{  \"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]} }", 4, "aligned"},
};

START_TEST(reader_refuses)
{
	struct st_file *file;

	ck_assert_int_eq(st_open(file_of(refused[_i].header, refused[_i].data), &file, &err), -1);
	ck_assert_msg(strstr(err.text, refused[_i].error) != NULL, "%s", err.text);
	ck_assert_ptr_nonnull(strstr(err.text, "x.safetensors"));
	ck_assert_ptr_null(file);
}
END_TEST

START_TEST(reader_refuses_what_is_no_file)
{
	struct st_file *file;
	const uint64_t huge = UINT64_MAX, long_header = htole64(100);

	ck_assert_int_eq(st_open(scratch, &file, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "regular file"));
	ck_assert_int_eq(st_open(scratch_path("none"), &file, &err), -1);
	ck_assert_int_eq(st_open(scratch_text("x", "short"), &file, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "too few"));
	ck_assert_int_eq(st_open(scratch_write("x", &huge, 8), &file, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "not a safetensors file"));
	ck_assert_int_eq(st_open(scratch_write("x", &long_header, 8), &file, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "cut off"));
}
END_TEST

static int write_file(const char *name, const struct st_tensor *tensors, size_t n, const struct st_pair *pairs,
		      size_t n_pairs)
{
	int fd = open(scratch_path(name), O_CREAT | O_TRUNC | O_WRONLY, 0600);

	ck_assert_int_ge(fd, 0);
	int status = st_write(fd, tensors, n, pairs, n_pairs, &err);
	ck_assert_int_eq(close(fd), 0);
	return status;
}

START_TEST(layout_to_the_byte)
{
	static const float f[] = {1, 2};
	static const int64_t ids[] = {5};
	const struct st_tensor tensors[] = {{"z", ST_U8, 1, {3}, "abc", 3},
					    {"f", ST_F32, 2, {1, 2}, f, sizeof f},
					    {"i", ST_I64, 1, {1}, ids, sizeof ids}};
	const struct st_pair pairs[] = {{"k", "v\"w"}};
	static const char header[] = "{\"__metadata__\":{\"k\":\"v\\\"w\"},"
				     "\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
				     "\"f\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]},"
				     "\"z\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[16,19]}}";
	unsigned char bytes[512];
	uint64_t length;

	ck_assert_int_eq(write_file("x", tensors, 3, pairs, 1), 0);
	FILE *in = fopen(scratch_path("x"), "re");
	const size_t size = fread(bytes, 1, sizeof bytes, in);
	(void)fclose(in);
	memcpy(&length, bytes, 8);
	length = le64toh(length);
	ck_assert_uint_eq((8 + length) % 64, 0);
	ck_assert_uint_ge(length, sizeof header - 1);
	ck_assert_int_eq(memcmp(bytes + 8, header, sizeof header - 1), 0);
	for (size_t i = 8 + sizeof header - 1; i < 8 + length; i++)
		ck_assert_int_eq(bytes[i], ' ');
	ck_assert_uint_eq(size, 8 + length + 19);
	ck_assert_int_eq(memcmp(bytes + 8 + length, ids, 8), 0);
	ck_assert_int_eq(memcmp(bytes + 8 + length + 8, f, 8), 0);
	ck_assert_int_eq(memcmp(bytes + 8 + length + 16, "abc", 3), 0);

	struct st_file *file;
	ck_assert_int_eq(st_open(scratch_path("x"), &file, &err), 0);
	ck_assert_str_eq(st_metadata(file, "k"), "v\"w");
	ck_assert_ptr_null(st_metadata(file, "none"));
	ck_assert_ptr_null(st_find(file, "none"));
	ck_assert_int_eq(memcmp(st_find(file, "z")->data, "abc", 3), 0);
	ck_assert_uint_eq(st_find(file, "f")->shape[1], 2);
	ck_assert_uint_eq(st_size(file), size);
	st_close(file);
}
END_TEST

START_TEST(nan_and_inf_are_refused_where_they_are)
{
	float f[100] = {0};
	double d[3] = {0, 0, INFINITY};
	struct st_file *file;
	struct st_tensor tensor = {"f", ST_F32, 1, {100}, f, sizeof f};

	f[63] = NAN;
	ck_assert_int_eq(write_file("x", &tensor, 1, NULL, 0), 0);
	ck_assert_int_eq(st_open(scratch_path("x"), &file, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "tensor f: element 63"));
	tensor = (struct st_tensor){"d", ST_F64, 1, {3}, d, sizeof d};
	ck_assert_int_eq(write_file("x", &tensor, 1, NULL, 0), 0);
	ck_assert_int_eq(st_open(scratch_path("x"), &file, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "tensor d: element 2"));
}
END_TEST

/* ---- models ---- */

static const float P[] = {1, 2, 3, 4, 5, 6}, Q[] = {1, 0, 0, 1}, bu[] = {.1f, .2f, .3f}, bi[] = {.4f, .5f};
static const int64_t ids[] = {10, 20}, counts[] = {3, 0}, tops[] = {1, 0};
static const float means[] = {7.5f, 0};
static const int32_t years[] = {1999, 0};
static const uint64_t title_offsets[] = {0, 3, 6}, user_offsets[] = {0, 1, 1, 3};
static const struct animed_factors factors = {3, 2, 2, P, Q, bu, bi, {ANIMED_IDENTITY, 1, 10, 7.25f}};
static const struct catalogue catalogue = {.n = 2,
					   .ids = ids,
					   .counts = counts,
					   .tops = tops,
					   .means = means,
					   .years = years,
					   .titles = {"OneTwo", title_offsets}};
static const struct animed_strings users = {"abc", user_offsets};
static const uint64_t rating_offsets[] = {0, 2, 2, 3};
static const uint32_t rating_items[] = {0, 1, 1};
static const float rating_scores[] = {8, 9.5f, 10};
static const uint64_t favourite_offsets[] = {0, 0, 2, 3};
static const uint32_t favourite_items[] = {0, 1, 0};
static const struct modelfile_info info = {.variant = "bias",
					   .parameters = "{}",
					   .seed = 7,
					   .dataset_digest = "0123456789abcdef",
					   .dataset_ratings = 3,
					   .train_loss = 1.5,
					   .valid_loss = NAN,
					   .epochs = 4,
					   .ratings = {rating_offsets, rating_items, rating_scores},
					   .favourites = {favourite_offsets, favourite_items},
					   .valid_pct = 0.25,
					   .source_fingerprint = "f00d"};

static void write_model(const char *name, const struct animed_factors *f, const struct catalogue *c)
{
	int fd = open(scratch_path(name), O_CREAT | O_TRUNC | O_WRONLY, 0600);

	ck_assert_int_eq(modelfile_write(fd, f, c, &users, &info, &err), 0);
	ck_assert_int_eq(close(fd), 0);
}

START_TEST(model_round_trip)
{
	struct modelfile model;

	write_model("m", &factors, &catalogue);
	ck_assert_int_eq(modelfile_open(scratch_path("m"), &model, &err), 0);
	ck_assert_int_eq(unlink(scratch_path("m")), 0); /* the mapping stays */
	ck_assert_str_eq(model.variant, "bias");
	ck_assert_uint_eq(model.factors.n_users, 3);
	ck_assert_uint_eq(model.factors.n_items, 2);
	ck_assert_uint_eq(model.factors.k, 2);
	ck_assert_int_eq(memcmp(model.factors.user_factors, P, sizeof P), 0);
	ck_assert_int_eq(memcmp(model.factors.item_bias, bi, sizeof bi), 0);
	ck_assert(model.factors.scale.link == ANIMED_IDENTITY && model.factors.scale.global_mean == 7.25f);
	ck_assert(model.factors.scale.low == 1 && model.factors.scale.high == 10);
	ck_assert_int_eq(model.catalogue.counts[0], 3);
	ck_assert_int_eq(model.catalogue.tops[0], 1);
	ck_assert_int_eq(memcmp(model.ratings.offsets, rating_offsets, sizeof rating_offsets), 0);
	ck_assert_int_eq(memcmp(model.ratings.items, rating_items, sizeof rating_items), 0);
	ck_assert_int_eq(memcmp(model.ratings.scores, rating_scores, sizeof rating_scores), 0);
	ck_assert_mem_eq(model.favourites.offsets, favourite_offsets, sizeof favourite_offsets);
	ck_assert_mem_eq(model.favourites.items, favourite_items, sizeof favourite_items);
	ck_assert_int_eq(model.catalogue.years[0], 1999);
	ck_assert_ptr_null(model.catalogue.members);
	ck_assert_ptr_null(model.catalogue.genres.offsets);
	ck_assert_uint_eq(strings_at(&model.users, 1).length, 0);
	ck_assert_int_eq(memcmp(strings_at(&model.catalogue.titles, 1).bytes, "Two", 3), 0);
	ck_assert_ptr_null(st_metadata(model.file, "valid_loss"));
	ck_assert_str_eq(st_metadata(model.file, "seed"), "7");
	modelfile_close(&model);
}
END_TEST

START_TEST(what_plugins_have_learnt)
{
	static const uint64_t offsets[] = {0, 1, 3};
	static const uint32_t items[] = {1, 0, 1};
	static const float values[] = {0.5f, 1, 2};
	const struct animed_tensor of_one[] = {{"rows.offsets", ANIMED_U64, 3, offsets},
					       {"rows.items", ANIMED_U32, 3, items},
					       {"rows.values", ANIMED_F32, 3, values}},
				   of_two[] = {{"empty", ANIMED_U8, 0, NULL}},
				   too_long[] =
				       {{"a name that is longer than names of tensors in a model file may be, which "
					 "is some ninety bytes with that of the plugin",
					 ANIMED_U8, 1, "x"}},
				   odd[] = {{"odd", 9, 1, "x"}};
	const struct modelfile_learnt learnt[] = {{"one", {3, of_one}}, {"one-more", {1, of_two}}},
				      bad[] = {{"one", {1, too_long}}, {"one", {1, odd}}};
	struct modelfile_info with = info;
	struct animed_tensor *tensors;
	struct modelfile model;
	size_t n;

	int fd = open(scratch_path("l"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
	with.learnt = learnt;
	with.n_learnt = 2;
	with.learnt_parameters = "{\"one\": {}}";
	ck_assert_int_eq(modelfile_write(fd, &factors, &catalogue, &users, &with, &err), 0);
	ck_assert_int_eq(modelfile_open(scratch_path("l"), &model, &err), 0);
	ck_assert_str_eq(st_metadata(model.file, "learnt"), "{\"one\": {}}");
	ck_assert_int_eq(modelfile_learnt(&model, "one", &tensors, &n, &err), 0);
	ck_assert_uint_eq(n, 3);
	for (size_t t = 0; t < n; t++) {
		const bool first = strcmp(tensors[t].name, "rows.offsets") == 0;
		ck_assert_uint_eq(tensors[t].n, 3);
		ck_assert_int_eq(tensors[t].dtype == ANIMED_U64, first);
		ck_assert(!first || memcmp(tensors[t].data, offsets, sizeof offsets) == 0);
	}
	free(tensors);
	ck_assert_int_eq(modelfile_learnt(&model, "one-more", &tensors, &n, &err), 0);
	ck_assert(n == 1 && tensors[0].n == 0);
	free(tensors);
	ck_assert_int_eq(modelfile_learnt(&model, "two", &tensors, &n, &err), 0);
	ck_assert(n == 0 && !tensors);
	modelfile_close(&model);
	with.n_learnt = 1;
	for (size_t b = 0; b < 2; b++) {
		with.learnt = &bad[b];
		ck_assert_int_eq(modelfile_write(fd, &factors, &catalogue, &users, &with, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.text, b ? "has no dtype" : "too long a name"));
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* A tensor of a plugin has the rank 1 and one of four dtypes. */
START_TEST(what_no_plugin_has_learnt)
{
	const struct st_tensor tensors[] = {{"user_factors", ST_F32, 2, {3, 2}, P, sizeof P},
					    {"item_factors", ST_F32, 2, {2, 2}, Q, sizeof Q},
					    {"item_ids", ST_I64, 1, {2}, ids, sizeof ids},
					    {"one.square", ST_F32, 2, {2, 2}, Q, sizeof Q},
					    {"two.signed", ST_I64, 1, {2}, ids, sizeof ids}};
	struct animed_tensor *learnt;
	struct modelfile model;
	size_t n;

	ck_assert_int_eq(write_file("x", tensors, 5, NULL, 0), 0);
	ck_assert_int_eq(modelfile_open(scratch_path("x"), &model, &err), 0);
	ck_assert_int_eq(modelfile_learnt(&model, "one", &learnt, &n, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "one.square: is F32 of rank 2"));
	ck_assert_int_eq(modelfile_learnt(&model, "two", &learnt, &n, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "two.signed: is I64"));
	modelfile_close(&model);
}
END_TEST

START_TEST(model_made_elsewhere)
{
	struct modelfile model;
	static const int64_t unsorted[] = {20, 10};
	const struct st_tensor tensors[] = {{"user_factors", ST_F32, 2, {3, 2}, P, sizeof P},
					    {"item_factors", ST_F32, 2, {2, 2}, Q, sizeof Q},
					    {"item_ids", ST_I64, 1, {2}, unsorted, sizeof unsorted}};

	ck_assert_int_eq(write_file("x", tensors, 3, NULL, 0), 0);
	ck_assert_int_eq(modelfile_open(scratch_path("x"), &model, &err), 0);
	ck_assert_str_eq(model.variant, "plain");
	ck_assert(model.factors.scale.link == ANIMED_SIGMOID && model.factors.scale.high == 10.5f);
	ck_assert_uint_eq(catalogue_find(&model.catalogue, 10), 1);
	ck_assert_uint_eq(catalogue_find(&model.catalogue, 20), 0);
	ck_assert_uint_eq(catalogue_find(&model.catalogue, 15), ANIMED_NO_ITEM);
	modelfile_close(&model);
}
END_TEST

/* In each case one tensor or pair of a good file is replaced by a bad one. */
static const struct {
	struct st_tensor tensor;
	struct st_pair pair;
	const char *error;
} bad_models[] = {
    {{"item_ids", ST_I64, 1, {1}, ids, 8}, {0}, "item_ids: has 1 rows"},
    {{"item_ids", ST_I32, 1, {2}, years, 8}, {0}, "is I32"},
    {{"item_ids", ST_I64, 1, {2}, (const int64_t[]){4, 4}, 16}, {0}, "4 comes twice"},
    {{"item_factors", ST_F32, 2, {1, 4}, Q, 16}, {0}, "columns"},
    {{"user_bias", ST_F32, 1, {3}, bu, 12}, {0}, "both or none"},
    {{"item_counts", ST_I64, 1, {1}, ids, 8}, {0}, "item_counts"},
    {{"item_titles.bytes", ST_U8, 1, {6}, "OneTwo", 6}, {0}, "one of its two"},
    {{0}, {"link", "cubic"}, "cubic"},
    {{0}, {"link", "identity"}, "global_mean"},
    {{0}, {"y_range", "[3, 1]"}, "y_range"},
    {{0}, {"y_range", "3..1"}, "y_range"},
};

/* Adding more than a list has room for ends the program, before it writes past the end. */
START_TEST(more_than_a_list_has_room_for)
{
	struct tensor_list tensors = {.n = 0};
	struct pair_list pairs = {.n = 0};
	const float value = 1;

	for (size_t i = 0; i < TENSORS_MAX; i++)
		tensors_add(&tensors, "t", ST_F32, 1, 0, &value);
	ck_assert_uint_eq(tensors.n, TENSORS_MAX);
	for (size_t i = 0; i < PAIRS_MAX; i++)
		pairs_add(&pairs, "k", "%zu", i);
	ck_assert_uint_eq(pairs.n, PAIRS_MAX);
	if (_i == 0)
		tensors_add(&tensors, "t", ST_F32, 1, 0, &value);
	else if (_i == 1)
		pairs_add(&pairs, "k", "v");
	else if (_i == 2)
		pairs_add_text(&pairs, "k", "v");
	pairs.n = 0;
	tensors.n = 0;
	if (_i == 3)
		pairs_add(&pairs, "k", "%0*d", PAIR_VALUE, 0);
	else
		tensors_add(&tensors,
			    "a name that takes 96 bytes or more, which is more than the name of any plugin and of its "
			    "tensors is",
			    ST_F32, 1, 0, &value);
}
END_TEST

START_TEST(bad_models_are_refused)
{
	struct modelfile model;
	struct st_tensor tensors[4] = {{"user_factors", ST_F32, 2, {3, 2}, P, sizeof P},
				       {"item_factors", ST_F32, 2, {2, 2}, Q, sizeof Q},
				       {"item_ids", ST_I64, 1, {2}, ids, sizeof ids}};
	size_t n = 3, at = 0;

	if (bad_models[_i].tensor.name) {
		while (at < n && strcmp(tensors[at].name, bad_models[_i].tensor.name) != 0)
			at++;
		tensors[at] = bad_models[_i].tensor;
		n = at == n ? n + 1 : n;
	}
	ck_assert_int_eq(write_file("x", tensors, n, &bad_models[_i].pair, bad_models[_i].pair.key ? 1 : 0), 0);
	ck_assert_int_eq(modelfile_open(scratch_path("x"), &model, &err), -1);
	ck_assert_msg(strstr(err.text, bad_models[_i].error) != NULL, "%s", err.text);
}
END_TEST

static const struct {
	const char *bytes;
	uint64_t offsets[3];
	const char *error;
} bad_tables[] = {
    {"OneTwo", {0, 7, 6}, "past the next"}, {"OneTwo", {1, 3, 6}, "span"},
    {"OneTwo", {0, 3, 5}, "span"},          {"On\xc3\xa9wo", {0, 3, 6}, "inside a character"},
    {"One\xc3wo", {0, 3, 6}, "UTF-8"},
};

START_TEST(bad_string_tables_are_refused)
{
	struct modelfile model;
	const struct st_tensor tensors[] = {{"user_factors", ST_F32, 2, {3, 2}, P, sizeof P},
					    {"item_factors", ST_F32, 2, {2, 2}, Q, sizeof Q},
					    {"item_ids", ST_I64, 1, {2}, ids, sizeof ids},
					    {"item_titles.bytes", ST_U8, 1, {6}, bad_tables[_i].bytes, 6},
					    {"item_titles.offsets", ST_U64, 1, {3}, bad_tables[_i].offsets, 24}};

	ck_assert_int_eq(write_file("x", tensors, 5, NULL, 0), 0);
	ck_assert_int_eq(modelfile_open(scratch_path("x"), &model, &err), -1);
	ck_assert_msg(strstr(err.text, bad_tables[_i].error) != NULL, "%s", err.text);
}
END_TEST

static const struct {
	uint64_t offsets[4];
	uint32_t items[3];
	size_t tensors; /* how many of the three tensors there are */
	const char *error;
} bad_lists[] = {
    {{0, 2, 2, 4}, {0, 1, 1}, 3, "span"},
    {{1, 2, 2, 3}, {0, 1, 1}, 3, "span"},
    {{0, 2, 1, 3}, {0, 1, 1}, 3, "past the next"},
    {{0, 9, 2, 3}, {0, 1, 1}, 3, "past the next"},
    {{0, 2, 2, 3}, {0, 2, 1}, 3, "ascend"},
    {{0, 2, 2, 3}, {1, 1, 1}, 3, "ascend"},
    {{0, 2, 2, 3}, {0, 1, 1}, 2, "one of its three"},
};

START_TEST(bad_rating_lists_are_refused)
{
	struct modelfile model;
	const struct st_tensor tensors[] = {{"user_factors", ST_F32, 2, {3, 2}, P, sizeof P},
					    {"item_factors", ST_F32, 2, {2, 2}, Q, sizeof Q},
					    {"item_ids", ST_I64, 1, {2}, ids, sizeof ids},
					    {"user_ratings.offsets", ST_U64, 1, {4}, bad_lists[_i].offsets, 32},
					    {"user_ratings.items", ST_U32, 1, {3}, bad_lists[_i].items, 12},
					    {"user_ratings.scores", ST_F32, 1, {3}, rating_scores, 12}};

	ck_assert_int_eq(write_file("x", tensors, 3 + bad_lists[_i].tensors, NULL, 0), 0);
	ck_assert_int_eq(modelfile_open(scratch_path("x"), &model, &err), -1);
	ck_assert_msg(strstr(err.text, bad_lists[_i].error) != NULL, "%s", err.text);
}
END_TEST

/* Favourites are checked as ratings are; both of their tensors are there, or none. */
START_TEST(bad_favourites_are_refused)
{
	const bool alone = bad_lists[_i].tensors == 2;
	struct modelfile model;
	const struct st_tensor tensors[] = {{"user_factors", ST_F32, 2, {3, 2}, P, sizeof P},
					    {"item_factors", ST_F32, 2, {2, 2}, Q, sizeof Q},
					    {"item_ids", ST_I64, 1, {2}, ids, sizeof ids},
					    {"user_favourites.offsets", ST_U64, 1, {4}, bad_lists[_i].offsets, 32},
					    {"user_favourites.items", ST_U32, 1, {3}, bad_lists[_i].items, 12}};

	ck_assert_int_eq(write_file("x", tensors, alone ? 4 : 5, NULL, 0), 0);
	ck_assert_int_eq(modelfile_open(scratch_path("x"), &model, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "user_favourites"));
	ck_assert_msg(strstr(err.text, alone ? "one of its two" : bad_lists[_i].error) != NULL, "%s", err.text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("modelfile");
	TCase *tc = tcase_create("modelfile");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_loop_test(tc, reader_refuses, 0, COUNT(refused));
	tcase_add_test(tc, reader_refuses_what_is_no_file);
	tcase_add_test(tc, layout_to_the_byte);
	tcase_add_test(tc, nan_and_inf_are_refused_where_they_are);
	tcase_add_test(tc, model_round_trip);
	tcase_add_test(tc, what_plugins_have_learnt);
	tcase_add_test(tc, what_no_plugin_has_learnt);
	tcase_add_test(tc, model_made_elsewhere);
	tcase_add_loop_test_raise_signal(tc, more_than_a_list_has_room_for, SIGABRT, 0, 5);
	tcase_add_loop_test(tc, bad_models_are_refused, 0, COUNT(bad_models));
	tcase_add_loop_test(tc, bad_string_tables_are_refused, 0, COUNT(bad_tables));
	tcase_add_loop_test(tc, bad_rating_lists_are_refused, 0, COUNT(bad_lists));
	tcase_add_loop_test(tc, bad_favourites_are_refused, 0, COUNT(bad_lists));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* query-fixture.c - the made-up shows, their model, and the way of JSON through a method and back. */
#include "config.h"

#include "query-fixture.h"

#include <stddef.h>
#include <stdlib.h>

#include "scratch.h"

#include "base/columns.h"
#include "base/log.h"
#include "config/plugin.h"
#include "server-fixture.h"

/* ---- the model ---- */

const struct show shows[QUERY_SHOWS] = {
    {10, "Alpha", "TV", "Action|Drama", 2000, 1000, 100, 30, 8.0F, {1, 0, 0}},
    {11, "Alpha 2nd Season", "TV", "Action|Drama", 2002, 800, 80, 20, 8.1F, {0.99F, 0.1F, 0}},
    {12, "Alpha Movie: The End", "Movie", "Action", 2003, 500, 40, 10, 7.9F, {0.98F, 0.2F, 0}},
    {20, "Beta", "TV", "Drama|Sci-Fi", 2005, 5000, 200, 60, 8.5F, {1.6F, 1.2F, 0}},
    {21, "Beta II", "TV", "Drama|Sci-Fi", 2007, 3000, 90, 20, 8.2F, {0.79F, 0.61F, 0}},
    {30, "Gamma", "OVA", "Comedy", 2010, 100, 12, 1, 6.0F, {0.6F, 0.8F, 0}},
    {40, "Delta", "Movie", "Comedy|Sci-Fi", 0, 0, 60, 5, 7.0F, {0.5F, 0, 0.866F}},
    {50, "Epsilon", "TV", "Horror", 2012, 20, 25, 15, 9.2F, {0.3F, 0.3F, 0.9F}},
    {60, "Zeta", "TV", "", 2015, 50, 3, 0, 5.0F, {0.95F, 0.3F, 0}},
    {70, "Unrated", "TV", "Drama", 2020, 0, 0, 0, 0, {0.1F, 0.1F, 0.1F}},
    {80, "Opposite", "TV", "Drama", 2001, 400, 30, 2, 7.5F, {-1, 0, 0}},
};

static const char *const users[QUERY_USERS] = {"ann", "bob", "cid", "dee"};
static const uint64_t rating_offsets[QUERY_USERS + 1] = {0, 3, 6, 8, 8};
static const uint32_t rating_items[] = {0, 3, 5, 0, 3, 7, 3, 4};
static const float rating_scores[] = {9, 10, 6, 8, 8, 10, 7, 7};
static const float user_factors[QUERY_USERS * QUERY_K] = {1, 0.5F, 0, 0, 0, 2, 9, 9, 9, 0, 0, 0};

struct conf query_conf;
struct model *query_model;

static struct animed_error err;
static const struct animed_host host = {.log = log_host, .threads = 1};

static struct animed_strings column(struct text_column *to, size_t offset)
{
	for (size_t i = 0; i < QUERY_SHOWS; i++) {
		const char *text;
		memcpy(&text, (const char *)&shows[i] + offset, sizeof text);
		ck_assert_int_eq(text_column_add(to, text, strlen(text)), 0);
	}
	return text_column_view(to);
}

void serve_model(const char *name)
{
	const char *path = scratch_path(name);

	model_unref(query_model);
	query_model = NULL;
	ck_assert_msg(model_open(&query_conf, 1, path, &host, &query_model, &err) == 0, "%s", err.text);
}

void write_parts(const char *name, const struct parts *parts)
{
	const struct animed_factors factors = {.n_users = QUERY_USERS,
					       .n_items = parts->n_items,
					       .k = QUERY_K,
					       .user_factors = parts->user_factors,
					       .item_factors = parts->item_factors,
					       .scale = {ANIMED_IDENTITY, 1, 10, 7}};
	const struct modelfile_info info = {
	    .variant = "plain", .parameters = "{}", .dataset_digest = "0", .ratings = parts->ratings};
	struct text_column names = {0};
	FILE *file = fopen(scratch_path(name), "we");

	for (size_t u = 0; u < QUERY_USERS; u++)
		ck_assert_int_eq(text_column_add(&names, users[u], strlen(users[u])), 0);
	const struct animed_strings view = text_column_view(&names);
	ck_assert_msg(modelfile_write(fileno(file), &factors, &parts->catalogue, &view, &info, &err) == 0, "%s",
		      err.text);
	ck_assert_int_eq(fclose(file), 0);
	text_column_free(&names);
}

/* `bare`: a model that knows ids, titles and vectors and nothing else. */
void write_shows(const char *name, bool bare)
{
	static int64_t ids[QUERY_SHOWS], counts[QUERY_SHOWS], tops[QUERY_SHOWS], members[QUERY_SHOWS];
	static int32_t years[QUERY_SHOWS];
	static float means[QUERY_SHOWS], vectors[QUERY_SHOWS * QUERY_K];
	struct text_column titles = {0}, genres = {0}, types = {0};
	struct parts parts = {QUERY_SHOWS, user_factors, vectors, .catalogue = {.n = QUERY_SHOWS, .ids = ids}};

	for (size_t i = 0; i < QUERY_SHOWS; i++) {
		ids[i] = shows[i].id;
		counts[i] = shows[i].count;
		tops[i] = shows[i].tops;
		members[i] = shows[i].members;
		years[i] = shows[i].year;
		means[i] = shows[i].mean;
		memcpy(vectors + i * QUERY_K, shows[i].vector, sizeof shows[i].vector);
	}
	parts.catalogue.titles = column(&titles, offsetof(struct show, title));
	if (!bare) {
		parts.catalogue.counts = counts;
		parts.catalogue.tops = tops;
		parts.catalogue.members = members;
		parts.catalogue.years = years;
		parts.catalogue.means = means;
		parts.catalogue.genres = column(&genres, offsetof(struct show, genres));
		parts.catalogue.types = column(&types, offsetof(struct show, type));
		parts.ratings = (struct rating_lists){rating_offsets, rating_items, rating_scores};
	}
	write_parts(name, &parts);
	text_column_free(&titles);
	text_column_free(&genres);
	text_column_free(&types);
}

void use_similarity(const char *name)
{
	/* the model's index is the plugin's */
	model_unref(query_model);
	query_model = NULL;
	plugin_close(&query_conf.similarity.plugin);
	ck_assert_msg(
	    plugin_open(BUILDDIR "/plugins/.libs", name, ANIMED_SIMILARITY, &query_conf.similarity.plugin, &err) == 0,
	    "%s", err.text);
}

void query_setup(void)
{
	scratch_open();
	log_set_level(ANIMED_ERROR);
	query_conf = (struct conf){.limit = 10, .min_ratings = 10, .sequels = SEQUELS_SHOW, .inline_cost = 1};
	ck_assert_msg(plugin_open(BUILDDIR "/plugins/.libs", "plain", ANIMED_MODEL, &query_conf.model.plugin, &err) ==
			  0,
		      "%s", err.text);
	use_similarity("cosine");
	write_shows("m", false);
	serve_model("m");
}

void query_teardown(void)
{
	model_unref(query_model);
	query_model = NULL;
	plugin_close(&query_conf.model.plugin);
	plugin_close(&query_conf.similarity.plugin);
	scratch_close();
}

/* ---- asking ---- */

/* The result of a method, or NULL with *failure. */
static json_t *call(const struct method *method, const char *params, struct rpc_error *failure)
{
	msgpack_sbuffer in, out;
	msgpack_packer packer;
	msgpack_zone zone;
	msgpack_object object, response;
	json_t *json = json_loads(params, JSON_DECODE_ANY, NULL), *result = NULL;

	ck_assert_msg(json != NULL, "%s is no JSON", params);
	msgpack_sbuffer_init(&in);
	msgpack_sbuffer_init(&out);
	ck_assert(msgpack_zone_init(&zone, 1024));
	msgpack_packer_init(&packer, &in, msgpack_sbuffer_write);
	pack_json(&packer, json);
	json_decref(json);
	ck_assert_int_eq(msgpack_unpack(in.data, in.size, NULL, &zone, &object), MSGPACK_UNPACK_SUCCESS);
	msgpack_packer_init(&packer, &out, msgpack_sbuffer_write);
	struct request request = {.conf = &query_conf,
				  .model = query_model,
				  .msgid = 1,
				  .params = object.via.array.ptr,
				  .n_params = object.via.array.size,
				  .reply = &packer};
	(void)method->cost(&request);
	if (method->call(&request) == METHOD_DONE) {
		ck_assert_int_eq(msgpack_unpack(out.data, out.size, NULL, &zone, &response), MSGPACK_UNPACK_SUCCESS);
		json_t *whole = to_json(&response);
		result = json_incref(json_array_get(whole, 3));
		json_decref(whole);
	} else {
		*failure = request.err;
	}
	msgpack_zone_destroy(&zone);
	msgpack_sbuffer_destroy(&in);
	msgpack_sbuffer_destroy(&out);
	return result;
}

json_t *get(const struct method *method, const char *params)
{
	struct rpc_error failure = {.text = ""};
	json_t *result = call(method, params, &failure);

	ck_assert_msg(result != NULL, "%s: %s", params, failure.text);
	return result;
}

/* The ids of the items as text: "11,12,20". */
const char *ids_of(const json_t *result)
{
	static char out[1024];
	size_t i, used = 0;
	json_t *item;

	out[0] = '\0';
	json_array_foreach(json_object_get(result, "items"), i, item) used +=
	    (size_t)snprintf(out + used, sizeof out - used, "%s%lld", i ? "," : "", (long long)int_at(item, "id"));
	return out;
}

void expect_ids(const struct method *method, const char *params, const char *ids)
{
	json_t *result = get(method, params);

	ck_assert_msg(strcmp(ids_of(result), ids) == 0, "%s: %s, should be %s", params, ids_of(result), ids);
	json_decref(result);
}

void expect_failure(const struct method *method, const char *params, const char *name, const char *part)
{
	struct rpc_error failure = {.text = ""};
	json_t *result = call(method, params, &failure);

	ck_assert_msg(result == NULL, "%s is no error", params);
	ck_assert_msg(rpc_error_is(&failure, name) && strstr(failure.text, part), "%s: %s", params, failure.text);
}

const json_t *nth(const json_t *result, size_t i)
{
	return json_array_get(json_object_get(result, "items"), i);
}

double real_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_real(value), "%s is no float", key);
	return json_real_value(value);
}
